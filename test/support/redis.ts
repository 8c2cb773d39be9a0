import { rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import type { KeyPair } from './certificates.ts';
import { freePort, type RunningProcess, startProcess, temporaryFolder } from './processes.ts';

export interface TestRedis {
	readonly url: string;
	readonly port: number;
	/** Of the process that runs now. */
	readonly pid: number;
	/** Its working folder; holds nothing unless it is persistent. */
	readonly folder: string;
	/** Ends it for good and removes its folder. */
	stop(): Promise<void>;
	/** kill -9; `restart` brings it back. */
	kill(): Promise<void>;
	/** Kills it if it runs, and starts it on the same port: with its data if it is persistent and not to be `empty`. */
	restart(options?: { empty?: boolean }): Promise<void>;
	/** SIGSTOP: takes connections, answers nothing. */
	pause(): void;
	/** SIGCONT. */
	resume(): void;
}

/** Starts a redis-server of its own on a free port; `persistent` keeps every write across kill and restart. */
export const startRedis = async ({
	persistent = false,
	tls,
	password = '',
	args = [],
}: {
	persistent?: boolean;
	/** Serves nothing but TLS, as `localhost`. */
	tls?: KeyPair;
	password?: string;
	/** Further command-line arguments. */
	args?: readonly string[];
} = {}): Promise<TestRedis> => {
	const port = await freePort();
	const folder = temporaryFolder('redis');
	const persistence = persistent ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no'];
	const secured = (pair: KeyPair) => [
		...['--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no'],
		...['--tls-cert-file', pair.cert, '--tls-key-file', pair.key, '--tls-ca-cert-file', pair.cert],
	];
	const demanding = password === '' ? [] : ['--requirepass', password];
	const account = password === '' ? '' : `:${password}@`;
	const ports = tls === undefined ? ['--port', String(port)] : secured(tls);
	const listen = [...ports, ...demanding, '--bind', '127.0.0.1', '--dir', folder.path];
	const start = async (): Promise<RunningProcess> => {
		const started = startProcess('redis-server', [...listen, '--save', '', ...persistence, ...args]);
		await started.outputMatching(/Ready to accept connections/);
		return started;
	};
	let server = await start();
	const kill = () => server.stop({ signal: 'SIGKILL' });
	return {
		url: tls === undefined ? `redis://${account}127.0.0.1:${port}` : `rediss://${account}localhost:${port}`,
		port,
		get pid() {
			return server.pid;
		},
		folder: folder.path,
		kill,
		stop: async () => {
			await kill();
			folder.remove();
		},
		restart: async ({ empty = false } = {}) => {
			await kill();
			if (empty) {
				rmSync(folder.path, { recursive: true, force: true });
				await mkdir(folder.path);
			}
			server = await start();
		},
		pause: () => server.signal('SIGSTOP'),
		resume: () => server.signal('SIGCONT'),
	};
};
