import { freePort, type RunningProcess, startProcess } from '../../support/processes.ts';
import { scriptOf } from './script.ts';
import type { BenchUser, HttpPost, RunningTarget } from './target.ts';
import { userPool } from './user-pool.ts';

const post = (path: string, body: string): HttpPost => ({ path, headers: { 'content-type': 'text/plain' }, body });

interface PlainServer {
	readonly process: RunningProcess;
	readonly port: number;
	/** What it has in common with its kind: it knows no users and asks for no token. */
	readonly target: Pick<RunningTarget, 'http' | 'users' | 'roomPost' | 'userPost'>;
}

/** Starts a server beside tschat, a process of Node that gets its port as the first argument. */
export const startPlainServer = async (script: URL, args: readonly string[] = []): Promise<PlainServer> => {
	const port = await freePort();
	const server = startProcess('node', [scriptOf(script), String(port), ...args]);
	await server.outputMatching(/^ready$/m);
	return {
		process: server,
		port,
		target: {
			http: `http://127.0.0.1:${port}`,
			users: userPool(async (from, to) =>
				Array.from({ length: to - from }, (_, index): BenchUser => {
					const id = from + index + 1;
					return { id, name: `bench-${id}`, token: '' };
				}),
			),
			roomPost: (_from, roomId, body) => post(`/room/${roomId}`, body),
			userPost: (_from, to, body) => post(`/user/${to.id}`, body),
		},
	};
};
