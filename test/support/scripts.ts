import { execFile } from 'node:child_process';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', '..', 'scripts');

interface Ended {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

interface ScriptOptions {
	readonly env?: Readonly<Record<string, string>>;
	readonly cwd?: string;
}

/** Runs a program of scripts/ to its end. */
export const runScript = ([name = '', ...args]: readonly string[], { env, cwd }: ScriptOptions = {}): Promise<Ended> =>
	new Promise((resolve) => {
		const options = { cwd, env: { ...process.env, ...env }, timeout: 25_000 };
		execFile(process.execPath, [join(folder, name), ...args], options, (error, stdout, stderr) => {
			resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
		});
	});
