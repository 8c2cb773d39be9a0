import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile } from '../../support/compile.ts';

/** The path of a script for a process of its own, by its URL beside the compiled caller; where the sources run as they are, it is compiled now. */
export const scriptOf = (url: URL): string => {
	const path = fileURLToPath(url);
	return existsSync(path) ? path : compile(path.replace(/\.js$/, '.ts'));
};
