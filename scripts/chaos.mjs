// `npm run chaos -- [options]`, with what is in src: it is built first when it has changed.
import './build-if-stale.mjs';
import { runCompiled } from './compiled-program.mjs';

await runCompiled('chaos');
