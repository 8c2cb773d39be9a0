import { rmSync } from 'node:fs';
import { join } from 'node:path';
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
	args = [],
}: {
	/** Further command-line arguments, as `--heartbeat-interval`, `100`; they outdo the ones that tests need. */
	args?: readonly string[];
} = {}): Promise<RunningEtcd> => {
	const [clientPort, peerPort] = [await freePort(), await freePort()];
	const url = `http://127.0.0.1:${clientPort}`;
	const peerUrl = `http://127.0.0.1:${peerPort}`;
	const folder = temporaryFolder('etcd');
	const data = join(folder.path, 'data');
	let running: RunningProcess | undefined;

	const start = async () => {
		running = startProcess('etcd', [
			...['--name', 'test', '--data-dir', data],
			...['--listen-client-urls', url, '--advertise-client-urls', url],
			...['--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl],
			...['--initial-cluster', `test=${peerUrl}`],
			...['--heartbeat-interval', '20', '--election-timeout', '200'],
			...['--logger', 'zap', '--log-outputs', 'stderr'],
			...args,
		]);
		await running.outputMatching(/serving (insecure )?client (requests|traffic) insecurely/);
	};
	const end = async (signal: NodeJS.Signals) => {
		await running?.stop({ signal });
		running = undefined;
	};

	await start();
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
		ctl: async (...args) => {
			const etcdctl = startProcess('etcdctl', ['--endpoints', url, ...args], { env: { ETCDCTL_API: '3' } });
			const code = await etcdctl.exited;
			if (code !== 0) throw new Error(`etcdctl ${args.join(' ')}: ${code}\n${etcdctl.output()}`);
			return etcdctl.output();
		},
	};
};
