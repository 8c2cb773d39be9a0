import { join } from 'node:path';
import { temporaryFolder } from './processes.ts';
import { type Ended, runToEnd } from './run-to-end.ts';

export const root = join(import.meta.dirname, '..', '..');
export const main = join(root, 'dist', 'main.js');

export const set = (settings: Record<string, string | number>): string[] =>
	Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);

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
			runToEnd([main, ...args], { cwd: folder.path, env }),
	};
};
