import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The package's folder, from `src/runtime` as well as from `dist/runtime`. */
const packageRoot = join(import.meta.dirname, '..', '..');

/** The file that names every setting and its default. */
export const defaultConfigFile = join(packageRoot, 'config', 'default.toml');

/** The version in package.json. */
export const version: string = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')).version;
