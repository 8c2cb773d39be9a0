import { readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'tschat-test-';

/** Where the tests of one run keep their files; `pid` is that of the run. */
export const runFolder = (pid: number): string => join(tmpdir(), `${prefix}${pid}`);

const isAlive = (pid: number): boolean => {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
};

/** Global set-up: the files of this run go when it ends, whether by itself or by Ctrl-C, and those of runs that were killed go now. */
export const setup = (): void => {
	for (const name of readdirSync(tmpdir())) {
		const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : Number.NaN;
		if (pid > 0 && !isAlive(pid)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
	}
	process.once('exit', () => rmSync(runFolder(process.pid), { recursive: true, force: true, maxRetries: 3 }));
};
