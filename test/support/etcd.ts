import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { KeyPair } from './certificates.ts';
import { freePort, type RunningProcess, startProcess, temporaryFolder } from './processes.ts';

export interface RunningEtcd {
	/** `http://127.0.0.1:<port>`, the same across restarts. */
	readonly url: string;
	/** Of the process that runs now. */
	readonly pid: number;
	/** SIGTERM; resolves when it is gone. The data stays. */
	stop(): Promise<void>;
	/** SIGKILL; resolves when it is gone. The data stays. */
	kill(): Promise<void>;
	/** Starts it again on the same ports and data. */
	start(): Promise<void>;
	/** Starts it again on the same ports, without data. */
	startEmpty(): Promise<void>;
	/** SIGSTOP: connections stay open, nothing answers. */
	pause(): void;
	resume(): void;
	/** Runs etcdctl against it; what it printed. */
	ctl(...args: string[]): Promise<string>;
}

/** Starts a real etcd in a temporary folder; resolves when it serves. Stop it, or it is killed when the test process ends. */
export const startEtcd = async ({
	tls,
	rootPassword,
	args = [],
}: {
	/** Serves clients over nothing but TLS; with `ca` only those that show a certificate which it signed. */
	tls?: KeyPair & { readonly ca?: string };
	/** Has authentication on, with root's password. */
	rootPassword?: string;
	/** Further command-line arguments, as `--heartbeat-interval`, `100`; they outdo the ones that tests need. */
	args?: readonly string[];
} = {}): Promise<RunningEtcd> => {
	const [clientPort, peerPort] = [await freePort(), await freePort()];
	const url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${clientPort}`;
	const peerUrl = `http://127.0.0.1:${peerPort}`;
	const folder = temporaryFolder('etcd');
	const data = join(folder.path, 'data');
	const secured = tls === undefined ? [] : ['--cert-file', tls.cert, '--key-file', tls.key];
	const demanding = tls?.ca === undefined ? [] : ['--client-cert-auth', '--trusted-ca-file', tls.ca];
	let authenticated = false;
	let running: RunningProcess | undefined;

	const start = async () => {
		running = startProcess('etcd', [
			...['--name', 'test', '--data-dir', data],
			...['--listen-client-urls', url, '--advertise-client-urls', url],
			...['--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl],
			...['--initial-cluster', `test=${peerUrl}`],
			...['--heartbeat-interval', '20', '--election-timeout', '200'],
			...['--logger', 'zap', '--log-outputs', 'stderr'],
			...secured,
			...demanding,
			...args,
		]);
		await running.outputMatching(/serving (insecure )?client (requests|traffic) (in)?securely/);
	};
	const end = async (signal: NodeJS.Signals) => {
		await running?.stop({ signal });
		running = undefined;
	};

	const ctl = async (...args: string[]): Promise<string> => {
		const trusting = tls === undefined ? [] : ['--cacert', tls.ca ?? tls.cert, '--cert', tls.cert, '--key', tls.key];
		const account = authenticated ? ['--user', `root:${rootPassword}`] : [];
		const etcdctl = startProcess('etcdctl', ['--endpoints', url, ...trusting, ...account, ...args], {
			env: { ETCDCTL_API: '3' },
		});
		const code = await etcdctl.exited;
		if (code !== 0) throw new Error(`etcdctl ${args.join(' ')}: ${code}\n${etcdctl.output()}`);
		return etcdctl.output();
	};

	await start();
	if (rootPassword !== undefined) {
		await ctl('user', 'add', `root:${rootPassword}`);
		await ctl('user', 'grant-role', 'root', 'root');
		await ctl('auth', 'enable');
		authenticated = true;
	}
	return {
		url,
		get pid() {
			if (running === undefined) throw new Error('etcd does not run');
			return running.pid;
		},
		stop: () => end('SIGTERM'),
		kill: () => end('SIGKILL'),
		start,
		startEmpty: async () => {
			await end('SIGKILL');
			rmSync(data, { recursive: true, force: true });
			await start();
		},
		pause: () => running?.signal('SIGSTOP'),
		resume: () => running?.signal('SIGCONT'),
		ctl,
	};
};
