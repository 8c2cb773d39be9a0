import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { openEtcdRegistry } from '../../src/adapters/etcd/registry.ts';
import { openRedisQueue } from '../../src/adapters/redis/queue.ts';
import { openRedisRoutes } from '../../src/adapters/redis/routes.ts';
import { createMetrics } from '../../src/runtime/metrics/metrics.ts';
import { startEtcd } from '../support/etcd.ts';
import { eventually } from '../support/eventually.ts';
import { reader } from '../support/metric-values.ts';
import { startRedis } from '../support/redis.ts';

describe('adapters count', () => {
	test('connections to Redis that were lost and made again', async () => {
		const metrics = createMetrics();
		const reconnects = () => reader(metrics)('tschat_redis_reconnects_total');
		const redis = await startRedis();
		const options = { url: redis.url, prefix: 'counts', metrics: metrics.of('task') };
		const opened = [await openRedisQueue(options), await openRedisRoutes(options)];
		expect(await reconnects()).toBe(0);
		await redis.restart();
		await eventually(async () => expect(await reconnects()).toBe(2));
		await Promise.all(opened.map((each) => each.close()));
		await redis.stop();
	});

	test('leases that were lost in etcd, and that it answers again', async () => {
		const metrics = createMetrics();
		const metric = reader(metrics);
		const etcd = await startEtcd();
		let unanswered = () => {};
		const noAnswer = new Promise<void>((resolve) => {
			unanswered = resolve;
		});
		const logger = pino({}, { write: (line) => void (line.includes('did not renew the lease') && unanswered()) });
		const registry = await openEtcdRegistry({
			hosts: [etcd.url],
			prefix: '/counts',
			leaseSeconds: 2,
			logger,
			metrics: metrics.of('task'),
		});
		const counts = async () => [
			await metric('tschat_etcd_leases_lost_total'),
			await metric('tschat_etcd_reconnects_total'),
		];
		expect(await counts()).toEqual([0, 0]);
		await etcd.kill();
		await noAnswer;
		await etcd.startEmpty();
		await eventually(async () => expect(await counts()).toEqual([1, 1]));
		await registry.close();
		await etcd.stop();
	});
});
