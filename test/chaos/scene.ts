import Database from 'better-sqlite3';
import { type Cluster, type Node, startCluster } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';
import { startPostgres } from '../support/postgres.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import type { ModuleName } from './schedule.ts';
import { clusterSettings } from './settings.ts';

export type StoreName = 'sqlite' | 'postgres';

/** A store whose writers can be made to wait. */
interface Stallable {
	stall(): Promise<void>;
	resume(): void;
	/** Whether no process that hangs holds up all others: nothing frees SQLite's lock but its owner's end. */
	writable(): Promise<boolean>;
}

/** A cluster with two of each module, and everything through which its clients reach it. */
export interface Scene extends Stallable {
	readonly cluster: Cluster;
	/** Both APIs behind a balancer of connections: each goes to the next one that takes it. */
	readonly api: string;
	/** Both sites, likewise. */
	readonly site: string;
	node(module: ModuleName, index: 0 | 1): Node;
	readonly nodes: readonly Node[];
	/** Processes that are gone though nobody ended them. */
	unexpectedEnds(): string[];
	/** What a process has printed of errors that nobody caught. */
	complaints(): string[];
	/** What stands before a connect server. */
	network(module: 'connect-ws' | 'connect-tcp', index: 0 | 1): readonly TcpProxy[];
	stop(): Promise<void>;
}

/** In this time one of the processes that do not hang has come to the end of its transaction. */
const lockMs = 500;

/** Another process that has begun to write, and does not come to an end. */
const writerOf = (url: string): Stallable => {
	let database: Database.Database | undefined;
	const begin = () => {
		database ??= new Database(url.replace(/^sqlite:/, ''), { timeout: 0 });
		database.exec('begin immediate');
	};
	return {
		stall: () => eventually(begin),
		resume: () => void database?.exec('rollback'),
		writable: async () => {
			try {
				await eventually(begin, lockMs);
			} catch {
				return false;
			}
			database?.exec('rollback');
			return true;
		},
	};
};

const isAlive = (pid: number): boolean => {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
};

const modules: readonly ModuleName[] = ['logic', 'task', 'connect-ws', 'connect-tcp', 'api', 'site'];

export const startScene = async (store: StoreName): Promise<Scene> => {
	const postgres = store === 'postgres' ? await startPostgres() : undefined;
	const proxies = new Map<number, TcpProxy>();
	const edge = async (port: number) => {
		const proxy = await startTcpProxy(port);
		proxies.set(proxy.port, proxy);
		return proxy.port;
	};
	const cluster = await startCluster({
		connectTcp: 2,
		api: 2,
		site: 2,
		edge,
		settings: clusterSettings,
		...(postgres && { storeUrl: await postgres.createDatabase() }),
	});
	const balancer = await startTcpProxy(...cluster.apiPorts);
	const pages = await startTcpProxy(...cluster.siteUrls.map((url) => Number(new URL(url).port)));
	const stallable: Stallable =
		postgres === undefined
			? writerOf(cluster.storeUrl)
			: { stall: async () => postgres.pause(), resume: () => postgres.resume(), writable: async () => true };
	const nodes = modules.flatMap((module) => cluster.nodes(module));
	return {
		cluster,
		api: `http://127.0.0.1:${balancer.port}`,
		site: `http://127.0.0.1:${pages.port}`,
		node: (module, index) => cluster.nodes(module)[index] as Node,
		nodes,
		unexpectedEnds: () =>
			nodes
				.filter((node) => !isAlive(node.process.pid))
				.map((node) => `${node.name} has ended by itself\n${node.process.output().slice(-1000)}`),
		complaints: () =>
			nodes
				.filter((node) => /uncaught|unhandled|unexpected error/i.test(node.process.output()))
				.map((node) => `${node.name}:\n${node.process.output().slice(-1000)}`),
		network: (module, index) => {
			const ports =
				module === 'connect-ws' ? [Number(new URL(cluster.wsUrls[index] ?? '').port)] : (cluster.tcpPorts[index] ?? []);
			return ports.map((port) => proxies.get(port) as TcpProxy);
		},
		stall: stallable.stall,
		resume: stallable.resume,
		writable: stallable.writable,
		stop: async () => {
			await cluster.stop();
			await Promise.all([...proxies.values(), balancer, pages].map((proxy) => proxy.close()));
			await postgres?.remove();
		},
	};
};
