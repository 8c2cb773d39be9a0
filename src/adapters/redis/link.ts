import type { Cluster, Redis } from 'ioredis';
import { isClusterUrl, type LinkOptions, openRedisCluster } from './cluster-connection.ts';
import { openRedis } from './connection.ts';

/** A connection for blocking calls. It never connects again. */
export interface BlockingConnection {
	readonly redis: Redis;
	/** Lets a blocked call return. Never rejects. */
	unblock(): Promise<void>;
}

/** The Redis of a queue or of routes, one server or a cluster. */
export interface RedisLink {
	/** For all calls that do not block. */
	readonly commands: Redis | Cluster;
	/** Opens a connection for blocking calls, to the server that holds the key. A reply may take `replyTimeoutMs`, block time included. */
	openBlocking(key: string, replyTimeoutMs: number): Promise<BlockingConnection>;
	close(): void;
}

const blocking = async (redis: Redis, control: Redis): Promise<BlockingConnection> => {
	try {
		const id = await redis.client('ID');
		return { redis, unblock: () => control.client('UNBLOCK', id).then(noop, noop) };
	} catch (error) {
		redis.disconnect();
		throw error;
	}
};

const noop = (): void => {};

const openSingle = async (url: string, options: LinkOptions): Promise<RedisLink> => {
	const redis = await openRedis(url, options);
	return {
		commands: redis,
		openBlocking: async (_, replyTimeoutMs) =>
			blocking(await openRedis(url, { reconnect: false, replyTimeoutMs }), redis),
		close: () => redis.disconnect(),
	};
};

const openCluster = async (url: string, options: LinkOptions): Promise<RedisLink> => {
	const cluster = await openRedisCluster(url, options);
	return {
		commands: cluster,
		openBlocking: async (key, replyTimeoutMs) => {
			const slot = await cluster.cluster('KEYSLOT', key);
			const owner = cluster.slots[slot]?.[0];
			const node = cluster.nodes('master').find(({ options: { host, port } }) => `${host}:${port}` === owner);
			if (node === undefined) throw new Error('no known node of the cluster holds the queue');
			const redis = node.duplicate({
				lazyConnect: true,
				enableOfflineQueue: false,
				retryStrategy: null,
				commandTimeout: replyTimeoutMs,
				socketTimeout: replyTimeoutMs,
			});
			redis.on('error', noop);
			await redis.connect();
			return blocking(redis, node);
		},
		close: () => cluster.disconnect(),
	};
};

/** Connects. Rejects with `ChatError('unavailable')`, in one line without the password, if the first attempt fails. */
export const openRedisLink = (url: string, options: LinkOptions): Promise<RedisLink> =>
	(isClusterUrl(url) ? openCluster : openSingle)(url, options);
