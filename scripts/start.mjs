// `npm start`: builds if needed, then is the program itself (`npm start -- --set api.port=7171`).
import './build-if-stale.mjs';

await import('../dist/main.js');
