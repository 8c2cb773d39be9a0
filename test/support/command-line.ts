import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { temporaryFolder } from './processes.ts';

export const root = join(import.meta.dirname, '..', '..');
export const main = join(root, 'dist', 'main.js');

export const set = (settings: Record<string, string | number>): string[] =>
	Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);

interface Ended {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

export const refusal = (code: number, line: string): Ended => ({ code, stdout: '', stderr: `tschat: ${line}\n` });

/** The binary in a new folder. */
export const commandLine = (name: string) => {
	const folder = temporaryFolder(name);
	return {
		folder,
		/** Nothing of these is shared with another test: any free ports, a store of its own. */
		alone: (store: string): Record<string, string | number> => ({
			'log.level': 'info',
			'store.url': `sqlite:${folder.path}/${store}.db`,
			'site.port': 0,
			'api.port': 0,
			'connect_ws.port': 0,
			'connect_tcp.ports': 0,
		}),
		/** Runs it to its end. */
		tschat: (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
			new Promise((resolve) => {
				const options = { cwd: folder.path, env: { ...process.env, ...env }, timeout: 25_000 };
				execFile(process.execPath, [main, ...args], options, (error, stdout, stderr) => {
					resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
				});
			}),
	};
};
