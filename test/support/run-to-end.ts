import { execFile } from 'node:child_process';

export interface Ended {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

interface RunOptions {
	/** Beside those of this process. */
	readonly env?: Readonly<Record<string, string>> | undefined;
	readonly cwd?: string | undefined;
}

/** Runs a program of Node to its end, for 25 s at most; the exit code is -1 when a signal ended it. */
export const runToEnd = (args: readonly string[], { env, cwd }: RunOptions = {}): Promise<Ended> =>
	new Promise((resolve) => {
		const options = { cwd, env: { ...process.env, ...env }, timeout: 25_000 };
		execFile(process.execPath, [...args], options, (error, stdout, stderr) => {
			resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
		});
	});
