import { Cluster, type Redis } from 'ioredis';
import { Unusable, wordsOf } from '../cure.ts';
import { isClusterUrl, openRedisCluster } from './cluster-connection.ts';
import { messageOf, openRedis } from './connection.ts';
import { loadScript } from './script.ts';

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

const doAsModules = loadScript(new URL('./probe-rights.lua', import.meta.url), 1);

/** Redis 7, and older ones within a script. */
const isForbidden = (said: string): boolean => /NOPERM|ACL failure|executing the script can't/.test(said);

/** Does what modules do on keys of its own, one of the queue's and one of the routes', as they may lie on two nodes. Rejects when that is forbidden. */
const tryRights = async (redis: Redis | Cluster, prefix: string): Promise<void> => {
	const [queue, routes] = [`${prefix}:{queue}:doctor`, `${prefix}:{route}:doctor`];
	try {
		await Promise.all([doAsModules(redis, queue), doAsModules(redis, routes)]);
		await redis.blmove(queue, queue, 'RIGHT', 'LEFT', 0.01);
		// A consumer of the queue ends its wait by these.
		for (const node of redis instanceof Cluster ? redis.nodes('master') : [redis]) {
			await node.client('UNBLOCK', await node.client('ID'));
		}
	} catch (error) {
		// One that is full, say, is told of by what it says of itself.
		if (isForbidden(messageOf(error))) throw error;
	}
};

/**
 * Looks at a Redis, or at each master of a cluster. Rejects with `ChatError('unavailable')` when it cannot be reached, or
 * does not let its user do what modules do under the prefix of their keys.
 */
export const probeRedis = async (url: string, prefix: string): Promise<readonly RedisNodeState[]> => {
	const redis = isClusterUrl(url) ? await openRedisCluster(url) : await openRedis(url, { reconnect: false });
	try {
		const states = await Promise.all((redis instanceof Cluster ? redis.nodes('master') : [redis]).map(inspect));
		// What else it is would refuse as well.
		if (states.every(({ role, clusterMode }) => role === 'master' && clusterMode === redis instanceof Cluster)) {
			await tryRights(redis, prefix);
		}
		return states;
	} catch (error) {
		if (!isForbidden(messageOf(error))) throw error;
		const cure = `give the user what modules do there: ACL SETUSER USER ~${prefix}:* +@all -@dangerous +info +client`;
		throw new Unusable(`its user has not the rights that modules need (${wordsOf(error)})`, cure, error);
	} finally {
		redis.disconnect();
	}
};
