import { fileURLToPath } from 'node:url';
import type { KeyPair } from './certificates.ts';
import { type RunningEtcd, startEtcd } from './etcd.ts';
import { freePort, type RunningProcess, startProcess, temporaryFolder } from './processes.ts';
import { startRedis, type TestRedis } from './redis.ts';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

type Settings = Readonly<Record<string, string | number | boolean>>;

const flags = (settings: Settings): string[] =>
	Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);

/** A tschat process that can be killed and started again with the same settings. */
export class Node {
	readonly name: string;
	readonly #args: readonly string[];
	process: RunningProcess;

	private constructor(name: string, args: readonly string[], process: RunningProcess) {
		this.name = name;
		this.#args = args;
		this.process = process;
	}

	static async start(name: string, args: readonly string[], settings: Settings): Promise<Node> {
		const all = [main, ...args, ...flags(settings)];
		const node = new Node(name, all, startProcess('node', all));
		await node.ready();
		return node;
	}

	async ready(): Promise<void> {
		await this.process.outputMatching(/ready in/, 30_000);
	}

	async kill(): Promise<void> {
		await this.process.stop({ signal: 'SIGKILL' });
	}

	/** Starts it again after it ended. */
	async start(): Promise<void> {
		this.process = startProcess('node', this.#args);
		await this.ready();
	}
}

/** Settings that make the faults of a test show, and heal, in seconds. */
const common: Settings = {
	'log.level': 'warn',
	'etcd.lease_seconds': 2,
	'connect.presence_interval_ms': 200,
	// Hundreds of users sign up in these tests; what the hash costs is not what they are about.
	'auth.scrypt_log_n': 10,
};

/** For tests in which a few users send what thousands would, so that what they may is not what is looked at. */
export const unlimited = {
	'limits.connections_per_user': 1_000_000,
	'limits.connections_unauthenticated': 1_000_000,
	'limits.frames_per_second': 1_000_000,
	'limits.frames_burst': 1_000_000,
	'limits.frames_debt': 1_000_000,
	'limits.bytes_per_second': 1_000_000_000,
	'limits.bytes_burst': 1_000_000_000,
	'limits.resume_bytes_per_second': 1_000_000_000,
	'limits.resume_bytes_burst': 1_000_000_000,
} as const;

export interface Embedded {
	readonly node: Node;
	readonly folder: string;
	readonly siteUrl: string;
	readonly apiUrl: string;
	readonly wsUrl: string;
	readonly tcpPorts: readonly number[];
	stop(): Promise<void>;
}

/** The six modules in one process, on free ports and a folder of its own. */
export const startEmbedded = async (settings: Settings = {}): Promise<Embedded> => {
	const folder = temporaryFolder('embedded');
	const [site, api, ws, tcp1, tcp2] = await Promise.all(Array.from({ length: 5 }, freePort));
	const node = await Node.start('tschat', [], {
		...common,
		'site.port': site,
		'api.port': api,
		'connect_ws.port': ws,
		'connect_tcp.ports': `${tcp1},${tcp2}`,
		'store.url': `sqlite:${folder.path}/tschat.db`,
		...settings,
	} as Settings);
	return {
		node,
		folder: folder.path,
		siteUrl: `http://127.0.0.1:${site}`,
		apiUrl: `http://127.0.0.1:${api}`,
		wsUrl: `ws://127.0.0.1:${ws}/ws`,
		tcpPorts: [tcp1 ?? 0, tcp2 ?? 0],
		stop: async () => {
			await node.process.stop();
			folder.remove();
		},
	};
};

export interface ClusterOptions {
	readonly connectWs?: number;
	readonly connectTcp?: number;
	readonly logic?: number;
	readonly task?: number;
	readonly site?: number;
	readonly api?: number;
	/** Puts something before a port of a connect server: the port that clients are told instead. */
	readonly edge?: (port: number) => Promise<number>;
	/** Defaults to one SQLite file that all logic processes share. */
	readonly storeUrl?: string;
	/** Redis and etcd serve nothing but TLS, with this certificate. */
	readonly serversTls?: KeyPair;
	/** Redis asks for it, and etcd of root. */
	readonly serversPassword?: string;
	/** Further command-line arguments of etcd. */
	readonly etcdArgs?: readonly string[];
	readonly settings?: Settings;
}

export interface Cluster {
	readonly redis: TestRedis;
	readonly etcd: RunningEtcd;
	readonly storeUrl: string;
	/** One for each site; each page connects to one of the connect-ws, whichever the api names first. */
	readonly siteUrls: readonly string[];
	/** That of the first api; `apiPorts` has them all. */
	readonly apiUrl: string;
	readonly apiPorts: readonly number[];
	/** One for each connect-ws, in the order of `nodes('connect-ws')`. */
	readonly wsUrls: readonly string[];
	/** Both ports of each connect-tcp. */
	readonly tcpPorts: readonly (readonly [number, number])[];
	nodes(module: string): readonly Node[];
	stop(): Promise<void>;
}

/** A real cluster: a Redis and an etcd of its own, and each module as its own process. */
export const startCluster = async (options: ClusterOptions = {}): Promise<Cluster> => {
	const {
		connectWs = 2,
		connectTcp = 1,
		logic = 2,
		task = 2,
		site = 0,
		api = 1,
		edge = async (port) => port,
	} = options;
	const folder = temporaryFolder('cluster');
	const tls = options.serversTls && { tls: options.serversTls };
	const password = options.serversPassword;
	const [redis, etcd] = await Promise.all([
		startRedis({ ...tls, ...(password !== undefined && { password }) }),
		startEtcd({ ...tls, ...(password !== undefined && { rootPassword: password }), args: options.etcdArgs ?? [] }),
	]);
	const apiPorts = await Promise.all(Array.from({ length: api }, freePort));
	const apiUrl = `http://127.0.0.1:${apiPorts[0]}`;
	const storeUrl = options.storeUrl ?? `sqlite:${folder.path}/tschat.db`;
	const settings: Settings = {
		...common,
		'redis.url': redis.url,
		'etcd.hosts': etcd.url,
		'store.url': storeUrl,
		'site.api_url': apiUrl,
		...options.settings,
	};
	const wsPorts = await Promise.all(Array.from({ length: connectWs }, freePort));
	const sitePorts = await Promise.all(Array.from({ length: site }, freePort));
	const tcpPorts = await Promise.all(
		Array.from({ length: connectTcp }, async () => [await freePort(), await freePort()] as const),
	);
	const start = (module: string, index: number, own: Settings = {}) =>
		Node.start(`${module}-${index}`, ['--module', module], { ...settings, ...own });
	const wsEdges = await Promise.all(wsPorts.map(edge));
	const tcpEdges = await Promise.all(
		tcpPorts.map(async ([one, other]) => [await edge(one), await edge(other)] as const),
	);
	const wsUrls = wsEdges.map((port) => `ws://127.0.0.1:${port}/ws`);
	const publicUrls: Settings[] = wsUrls.map((url) =>
		options.edge === undefined ? {} : { 'connect_ws.public_url': url },
	);
	const stopServers = async () => {
		await Promise.all([redis.stop(), etcd.stop()]);
		folder.remove();
	};
	// A few at a time: more at once starve each other on a small machine, up to the time-outs of their first connections.
	const startAll = async () => [
		...(await Promise.all([
			...Array.from({ length: logic }, (_, index) => start('logic', index)),
			...Array.from({ length: task }, (_, index) => start('task', index)),
		])),
		...(await Promise.all([
			...wsPorts.map((port, index) => start('connect-ws', index, { 'connect_ws.port': port, ...publicUrls[index] })),
			...tcpPorts.map((ports, index) => start('connect-tcp', index, { 'connect_tcp.ports': ports.join(',') })),
		])),
		...(await Promise.all([
			...apiPorts.map((port, index) => start('api', index, { 'api.port': port })),
			...sitePorts.map((port, index) => start('site', index, { 'site.port': port })),
		])),
	];
	const started = await startAll().catch(async (error: unknown) => {
		await stopServers();
		throw error;
	});
	const nodes = (module: string) => started.filter((node) => node.name.replace(/-\d+$/, '') === module);
	return {
		redis,
		etcd,
		storeUrl,
		siteUrls: sitePorts.map((port) => `http://127.0.0.1:${port}`),
		apiUrl,
		apiPorts,
		wsUrls,
		tcpPorts: tcpEdges,
		nodes,
		stop: async () => {
			for (const modules of ['site', 'api', 'connect-tcp', 'connect-ws', 'task', 'logic']) {
				await Promise.all(nodes(modules).map((node) => node.process.stop()));
			}
			await stopServers();
		},
	};
};
