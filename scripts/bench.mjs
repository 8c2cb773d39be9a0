// `npm run bench -- <scenario> [options]`
import { runCompiled } from './compiled-program.mjs';

await runCompiled('bench');
