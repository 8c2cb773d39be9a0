import type { MessageQueue } from '../../ports/message-queue.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Metrics } from '../../runtime/metrics/metrics.ts';
import { redisUnavailable } from './connection.ts';
import { openRedisLink } from './link.ts';
import { RedisConsumer } from './queue-consumer.ts';
import { queueKeys } from './queue-keys.ts';

/** Some hundred bytes each. Beyond that the oldest go: their readers have had them by repair long since, and Redis' memory is needed for the routes. */
const MOST_WAITING = 200_000;
const MOST_PARKED = 1000;
const MOST_PARKED_CHARS = 65_536;

const orUnavailable = async <T>(call: Promise<T>): Promise<T> => {
	try {
		return await call;
	} catch (error) {
		throw redisUnavailable(error);
	}
};

/**
 * The queue on a Redis list (the reliable-queue pattern of Redis' LMOVE): a consumer moves what it takes to a processing
 * list of its own, which others give back when its lease ends. Rejects with `ChatError('unavailable')` if Redis does not answer.
 */
export const openRedisQueue = async (options: {
	/** One server or, with `redis+cluster://`, nodes of a cluster. */
	url: string;
	/** Comes before all keys. */
	prefix: string;
	logger?: Logger | undefined;
	metrics?: Metrics | undefined;
	/** Items that may wait while no task takes any. */
	mostWaiting?: number;
}): Promise<MessageQueue> => {
	const { url, prefix, logger, metrics, mostWaiting = MOST_WAITING } = options;
	const link = await openRedisLink(url, {
		logger,
		onReconnected: metrics?.counter('tschat_redis_reconnects_total', {}),
	});
	const redis = link.commands;
	const keys = queueKeys(prefix);
	const consumers = new Set<RedisConsumer>();
	return {
		push: async (items) => {
			if (items.length === 0) return;
			const waiting = await orUnavailable(redis.lpush(keys.items, ...items));
			if (waiting > mostWaiting) await orUnavailable(redis.ltrim(keys.items, 0, mostWaiting - 1));
		},
		consume: ({ consumerId, batchSize }) => {
			const consumer = new RedisConsumer({ link, keys, consumerId, batchSize, logger });
			consumers.add(consumer);
			return consumer;
		},
		size: () => orUnavailable(redis.llen(keys.items)),
		oldest: async (count) => (await orUnavailable(redis.lrange(keys.items, -count, -1))).reverse(),
		park: async (item) => {
			await orUnavailable(redis.lpush(keys.parked, item.slice(0, MOST_PARKED_CHARS)));
			await orUnavailable(redis.ltrim(keys.parked, 0, MOST_PARKED - 1));
		},
		close: async () => {
			await Promise.all(Array.from(consumers, (consumer) => consumer.close()));
			link.close();
		},
	};
};
