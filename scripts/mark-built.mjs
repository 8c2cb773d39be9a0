// The last step of a build: marks dist as newer than the sources, see build-if-stale.mjs.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

writeFileSync(join(import.meta.dirname, '../dist/.built'), '');
