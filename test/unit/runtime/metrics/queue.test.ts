import { expect, test } from 'vitest';
import { createEmbeddedQueue } from '../../../../src/adapters/embedded/queue.ts';
import { ChatError } from '../../../../src/protocol/errors.ts';
import { createMetrics } from '../../../../src/runtime/metrics/metrics.ts';
import { queueAgeSeconds, showQueue } from '../../../../src/runtime/metrics/queue.ts';
import { reader } from '../../../support/metric-values.ts';

const messageFrom = (secondsAgo: number) =>
	JSON.stringify({ type: 'message', message: { at: Date.now() - secondsAgo * 1000 } });

test('the queue shows how much waits, and for how long; what has no time, or is not understood, is passed over', async () => {
	const queue = createEmbeddedQueue();
	const metrics = createMetrics();
	showQueue(metrics.of('task'), queue);
	const metric = reader(metrics);
	expect([await metric('tschat_queue_items'), await metric('tschat_queue_age_seconds')]).toEqual([0, 0]);
	await queue.push(['not JSON', '{"type":"typing"}', 'null', messageFrom(30), messageFrom(2)]);
	expect(await metric('tschat_queue_items')).toBe(5);
	expect(await metric('tschat_queue_age_seconds')).toBeCloseTo(30, 0);
	await queue.close();
});

test('a clock ahead of this one makes no age below nothing; a queue that does not answer shows none', async () => {
	expect(await queueAgeSeconds({ oldest: async () => [messageFrom(-60)] })).toBe(0);
	const metrics = createMetrics();
	const away = () => Promise.reject(new ChatError('unavailable'));
	showQueue(metrics.of('task'), { size: away, oldest: away });
	const metric = reader(metrics);
	expect([await metric('tschat_queue_items'), await metric('tschat_queue_age_seconds')]).toEqual([
		undefined,
		undefined,
	]);
});
