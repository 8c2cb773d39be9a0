import { Cluster, type Redis } from 'ioredis';
import { isClusterUrl, openRedisCluster } from './cluster-connection.ts';
import { openRedis } from './connection.ts';

export interface RedisNodeState {
	/** `host:port`. */
	readonly address: string;
	readonly version: string;
	readonly role: string;
	readonly clusterMode: boolean;
	/** What it throws away when it is full: `noeviction` for nothing. */
	readonly policy: string;
	/** 0: no limit. */
	readonly maxMemoryBytes: number;
	readonly usedMemoryBytes: number;
	/** Median of a few round trips. */
	readonly latencyMs: number;
	/** Its clock less ours. */
	readonly skewMs: number;
}

const roundTrips = 9;

const inspect = async (redis: Redis): Promise<RedisNodeState> => {
	const info = new Map((await redis.info()).split('\r\n').map((line) => line.split(/:(.*)/, 2) as [string, string]));
	const times: number[] = [];
	for (let trip = 0; trip < roundTrips; trip++) {
		const start = performance.now();
		await redis.ping();
		times.push(performance.now() - start);
	}
	const asked = Date.now();
	const [seconds, micros] = await redis.time();
	const middle = (asked + Date.now()) / 2;
	return {
		address: `${redis.options.host}:${redis.options.port}`,
		version: info.get('redis_version') ?? 'unknown',
		role: info.get('role') ?? 'unknown',
		clusterMode: info.get('cluster_enabled') === '1',
		policy: info.get('maxmemory_policy') ?? 'unknown',
		maxMemoryBytes: Number(info.get('maxmemory') ?? 0),
		usedMemoryBytes: Number(info.get('used_memory') ?? 0),
		latencyMs: times.sort((one, other) => one - other)[(roundTrips - 1) / 2] ?? 0,
		skewMs: Number(seconds) * 1000 + Number(micros) / 1000 - middle,
	};
};

/** Looks at a Redis, or at each master of a cluster. Rejects with `ChatError('unavailable')` when it cannot be reached. */
export const probeRedis = async (url: string): Promise<readonly RedisNodeState[]> => {
	const redis = isClusterUrl(url) ? await openRedisCluster(url) : await openRedis(url, { reconnect: false });
	try {
		return await Promise.all((redis instanceof Cluster ? redis.nodes('master') : [redis]).map(inspect));
	} finally {
		redis.disconnect();
	}
};
