import type { RouteDirectory } from '../../ports/route-directory.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Metrics } from '../../runtime/metrics/metrics.ts';
import { redisUnavailable } from './connection.ts';
import { openRedisLink } from './link.ts';
import { RedisRoutePublisher } from './routes-publisher.ts';
import { RouteScripts } from './routes-scripts.ts';

export interface RedisRoutesOptions {
	/** One server or, with `redis+cluster://`, nodes of a cluster. */
	readonly url: string;
	/** What the names of all keys begin with. */
	readonly prefix: string;
	/** How long a server's entries outlive its last sign of life. */
	readonly leaseMs?: number;
	readonly logger?: Logger | undefined;
	readonly metrics?: Metrics | undefined;
}

/**
 * The directory in Redis. What a server publishes stands under a lease that it renews four times within its length.
 * Rejects with `ChatError('unavailable')` when Redis cannot be reached. `close` leaves the entries of publishers
 * that are still open to end with their lease.
 */
export const openRedisRoutes = async ({
	url,
	prefix,
	leaseMs = 10_000,
	logger,
	metrics,
}: RedisRoutesOptions): Promise<RouteDirectory> => {
	const link = await openRedisLink(url, {
		logger,
		onReconnected: metrics?.counter('tschat_redis_reconnects_total', {}),
	});
	const scripts = new RouteScripts(link.commands, prefix);
	const publishers = new Set<RedisRoutePublisher>();
	const answered = async <T>(call: Promise<T>): Promise<T> => {
		try {
			return await call;
		} catch (error) {
			throw redisUnavailable(error);
		}
	};
	return {
		publish: async (serverId, snapshot) => {
			const publisher = new RedisRoutePublisher(scripts, { serverId, snapshot, leaseMs, logger });
			await publisher.start();
			publishers.add(publisher);
			return publisher;
		},
		serversOf: (keys) => (keys.length === 0 ? Promise.resolve([]) : answered(scripts.serversOf(keys))),
		room: (roomId, limit) => answered(scripts.room(roomId, limit)),
		close: async () => {
			for (const publisher of publishers) publisher.abandon();
			link.close();
		},
	};
};
