import { Redis } from 'ioredis';
import { eventually } from './eventually.ts';
import { freePort, startProcess } from './processes.ts';
import { startRedis, type TestRedis } from './redis.ts';

export interface TestRedisCluster {
	/** `redis+cluster://…` with all nodes. */
	readonly url: string;
	readonly nodes: readonly TestRedis[];
	/** Which of `nodes` holds the slot of a key. */
	ownerOf(key: string): Promise<number>;
	/** Starts to move the slot of a key to another of the nodes: new keys of it are made there (ASK). What it gives finishes that (MOVED). */
	beginMove(key: string, to: number): Promise<() => Promise<void>>;
	/** A further node, which has what one of `nodes` has, and takes over when that is lost. */
	addReplica(of: number): Promise<void>;
	stop(): Promise<void>;
}

/** A real Redis Cluster of three masters, each on free ports with a folder of its own. */
export const startRedisCluster = async (): Promise<TestRedisCluster> => {
	const clustered = [
		'--cluster-enabled',
		'yes',
		'--cluster-node-timeout',
		'2000',
		'--cluster-config-file',
		'nodes.conf',
	];
	// A cluster whose other nodes are gone goes on with the slots that it has; as with replicas, but in fewer processes.
	const args = [...clustered, '--cluster-require-full-coverage', 'no'];
	const startNode = async () =>
		// By itself the bus of the nodes listens 10,000 above the port: where others may be.
		startRedis({ persistent: true, args: [...args, '--cluster-port', String(await freePort())] });
	const nodes = await Promise.all([startNode(), startNode(), startNode()]);
	const replicas: TestRedis[] = [];
	const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
	const create = startProcess('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-yes']);
	if ((await create.exited) !== 0) throw new Error(`no cluster was made\n${create.output()}`);

	const ask = async <T>(node: number, call: (redis: Redis) => Promise<T>): Promise<T> => {
		const redis = new Redis(nodes[node]?.url ?? '');
		redis.on('error', () => {});
		try {
			return await call(redis);
		} finally {
			redis.disconnect();
		}
	};
	const idOf = (node: number) => ask(node, async (redis) => String(await redis.cluster('MYID')));
	const slotOf = (key: string) => ask(0, (redis) => redis.cluster('KEYSLOT', key));
	const ownerOf = async (key: string): Promise<number> => {
		const slot = await slotOf(key);
		const ranges = await ask(0, (redis) => redis.cluster('SLOTS'));
		const range = ranges.find(([first, last]) => slot >= Number(first) && slot <= Number(last));
		return nodes.findIndex(({ port }) => port === range?.[2]?.[1]);
	};

	// Each node answers for itself that all slots are served.
	for (const index of nodes.keys()) {
		await eventually(() =>
			ask(index, async (redis) => {
				const info = String(await redis.cluster('INFO'));
				const expected = ['cluster_state:ok', 'cluster_slots_ok:16384', 'cluster_known_nodes:3'];
				if (!expected.every((line) => info.includes(line))) throw new Error(info);
			}),
		);
	}
	return {
		url: `redis+cluster://${addresses.join(',')}`,
		nodes,
		ownerOf,
		beginMove: async (key, to) => {
			const [slot, from] = [await slotOf(key), await ownerOf(key)];
			const [fromId, toId] = [await idOf(from), await idOf(to)];
			await ask(to, (redis) => redis.cluster('SETSLOT', slot, 'IMPORTING', fromId));
			await ask(from, (redis) => redis.cluster('SETSLOT', slot, 'MIGRATING', toId));
			return async () => {
				for (;;) {
					const keys = await ask(from, (redis) => redis.cluster('GETKEYSINSLOT', slot, 100));
					if (keys.length === 0) break;
					// What was made anew at the other one meanwhile gives way, as with redis-cli --cluster-replace.
					const target = ['127.0.0.1', nodes[to]?.port ?? 0, '', 0, 2000, 'REPLACE', 'KEYS'] as const;
					await ask(from, (redis) => redis.call('MIGRATE', ...target, ...keys));
				}
				for (const node of [to, from, 3 - to - from]) {
					await ask(node, (redis) => redis.cluster('SETSLOT', slot, 'NODE', toId));
				}
			};
		},
		addReplica: async (of) => {
			const replica = await startNode();
			replicas.push(replica);
			const how = ['--cluster-slave', '--cluster-master-id', await idOf(of)];
			const added = [`127.0.0.1:${replica.port}`, addresses[of] ?? ''];
			const add = startProcess('redis-cli', ['--cluster', 'add-node', ...added, ...how]);
			if ((await add.exited) !== 0) throw new Error(`no replica was added\n${add.output()}`);
			await eventually(async () => {
				const redis = new Redis(replica.url);
				const info = await redis.info('replication').finally(() => redis.disconnect());
				if (!info.includes('master_link_status:up')) throw new Error(info);
			});
		},
		stop: async () => {
			await Promise.all([...nodes, ...replicas].map((node) => node.stop()));
		},
	};
};
