import { join } from 'node:path';
import { type Ended, runToEnd } from './run-to-end.ts';

const folder = join(import.meta.dirname, '..', '..', 'scripts');

/** Runs a program of scripts/ to its end. */
export const runScript = (
	[name = '', ...args]: readonly string[],
	options?: Parameters<typeof runToEnd>[1],
): Promise<Ended> => runToEnd([join(folder, name), ...args], options);
