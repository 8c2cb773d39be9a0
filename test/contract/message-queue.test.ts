import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createEmbeddedQueue } from '../../src/adapters/embedded/queue.ts';
import { openRedisQueue } from '../../src/adapters/redis/queue.ts';
import type { MessageQueue } from '../../src/ports/message-queue.ts';
import { eventually } from '../support/eventually.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { describeMessageQueue, taken } from './message-queue.contract.ts';

describeMessageQueue('embedded', async () => {
	const queues = new Map<string, MessageQueue>();
	return {
		open: async (name) => {
			const queue = queues.get(name) ?? createEmbeddedQueue();
			queues.set(name, queue);
			return queue;
		},
		stop: async () => {},
	};
});

describeMessageQueue('Redis', async () => {
	const redis = await startRedis();
	return { open: (name) => openRedisQueue({ url: redis.url, prefix: name }), stop: redis.stop };
});

describe('MessageQueue, when Redis or a consumer fails', () => {
	/** The lease of a consumer, and the interval in which others look for ended ones. */
	const TAKEN_OVER_WITHIN_MS = 5000 + 1000;
	let redis: TestRedis;
	let inspector: Redis;
	let queue: MessageQueue;
	let prefixes = 0;
	let prefix: string;

	beforeAll(async () => {
		redis = await startRedis();
	});
	beforeEach(async () => {
		prefix = `t${prefixes++}`;
		queue = await openRedisQueue({ url: redis.url, prefix });
		inspector = new Redis(redis.url);
		inspector.on('error', () => {});
	});
	afterEach(async () => {
		inspector.disconnect();
		await queue.close();
	});
	afterAll(() => redis.stop());

	/** Kills the connections that are blocked in a command (flag `b`), once there is one. */
	const killBlocked = () =>
		eventually(async () => {
			const clients = String(await inspector.client('LIST')).split('\n');
			const blocked = clients.filter((line) => / flags=\S*b/.test(line));
			expect(blocked).toHaveLength(1);
			for (const line of blocked) await inspector.client('KILL', 'ID', /\bid=(\d+)/.exec(line)?.[1] ?? '');
		});

	/** Resolves once a consumer of this test's queue is blocked. */
	const someoneBlocked = () =>
		eventually(async () => expect(await inspector.info('clients')).toMatch(/blocked_clients:1\b/));

	test('while nobody takes any, the newest items are kept and the oldest go', async () => {
		const bounded = await openRedisQueue({ url: redis.url, prefix, mostWaiting: 3 });
		await bounded.push(['1', '2']);
		await bounded.push(['3', '4', '5']);
		expect(await bounded.size()).toBe(3);
		expect(await bounded.oldest(10)).toEqual(['3', '4', '5']);
		await bounded.close();
	});

	test('what a consumer held that died goes to another, in order, before newer items', async () => {
		const proxy = await startTcpProxy(redis.port);
		const dying = await openRedisQueue({ url: `redis://127.0.0.1:${proxy.port}`, prefix });
		const consumer = dying.consume({ consumerId: 'dying', batchSize: 2 });
		await queue.push(['1', '2', '3', '4']);
		expect([(await taken(consumer)).items, (await taken(consumer)).items]).toEqual([
			['1', '2'],
			['3', '4'],
		]);
		proxy.cut();
		const died = performance.now();
		const heir = queue.consume({ consumerId: 'heir', batchSize: 10 });
		const first = await taken(heir);
		// A slow machine gets some time on top.
		expect(performance.now() - died).toBeLessThan(TAKEN_OVER_WITHIN_MS + 500);
		await queue.push(['5']);
		expect([...first.items, ...(await taken(heir)).items]).toEqual(['1', '2', '3', '4', '5']);
		await dying.close();
		await proxy.close();
	});

	test('a consumer that lives keeps what it holds for longer than a lease', async () => {
		await queue.push(['held']);
		const batch = await taken(queue.consume({ consumerId: 'slow', batchSize: 10 }));
		const other = taken(queue.consume({ consumerId: 'other', batchSize: 10 }));
		// Nothing happens that could be awaited: the promise is that nothing happens.
		await new Promise((resolve) => setTimeout(resolve, TAKEN_OVER_WITHIN_MS));
		await queue.push(['free']);
		expect((await other).items).toEqual(['free']);
		await batch.done();
	});

	test('a blocked take whose connection is killed gets the next push, and what was held is given out again', async () => {
		const consumer = queue.consume({ consumerId: 'a', batchSize: 10 });
		await queue.push(['held']);
		const before = await taken(consumer);
		const take = taken(consumer);
		await killBlocked();
		const again = await take;
		expect(again.items).toEqual(['held']);
		await before.done();
		await consumer.close();
		expect(await queue.size()).toBe(1);
	});

	test('a blocked take whose connection hangs gets the next push over a new one', async () => {
		const proxy = await startTcpProxy(redis.port);
		const behind = await openRedisQueue({ url: `redis://127.0.0.1:${proxy.port}`, prefix });
		const take = taken(behind.consume({ consumerId: 'a', batchSize: 10 }));
		await someoneBlocked();
		proxy.freeze();
		await queue.push(['through']);
		expect((await take).items).toEqual(['through']);
		await behind.close();
		await proxy.close();
	});

	test('a take that waits while Redis comes back empty gets the next push', async () => {
		const take = taken(queue.consume({ consumerId: 'a', batchSize: 10 }));
		await someoneBlocked();
		await redis.restart({ empty: true });
		await eventually(() => queue.push(['after']));
		expect((await take).items).toContain('after');
	});

	test('pushes to a Redis that hangs fail within 3 s, and it heals when it goes on', async () => {
		const take = taken(queue.consume({ consumerId: 'a', batchSize: 1 }));
		await someoneBlocked();
		redis.pause();
		const paused = performance.now();
		await expect(queue.push(['hung'])).rejects.toMatchObject({ key: 'unavailable' });
		await expect(queue.size()).rejects.toMatchObject({ key: 'unavailable' });
		expect(performance.now() - paused).toBeLessThan(3000);
		redis.resume();
		await eventually(() => queue.push(['healed']));
		// What was rejected may have been taken all the same, when Redis went on.
		expect(['hung', 'healed']).toContain((await take).items[0]);
	});

	test('a Redis that hangs for longer than consumers wait for it loses nothing that is pushed when it goes on', async () => {
		const consumer = queue.consume({ consumerId: 'a', batchSize: 1 });
		const first = taken(consumer);
		await someoneBlocked();
		redis.pause();
		// Until the blocked connection is given up: what was sent on it still waits in the socket of the server.
		await new Promise((resolve) => setTimeout(resolve, 4000));
		redis.resume();
		await eventually(() => queue.push(['1']));
		await queue.push(['2']);
		const items = [...(await first).items, ...(await taken(consumer)).items];
		expect(items.sort()).toEqual(['1', '2']);
	});

	test('pushes to a Redis that is down fail at once', async () => {
		await redis.kill();
		await eventually(() => expect(queue.size()).rejects.toMatchObject({ key: 'unavailable' }));
		const start = performance.now();
		await expect(queue.push(['lost'])).rejects.toMatchObject({ key: 'unavailable' });
		expect(performance.now() - start).toBeLessThan(100);
		await redis.restart();
		await eventually(() => queue.push(['healed']));
		expect((await taken(queue.consume({ consumerId: 'a', batchSize: 10 }))).items).toEqual(['healed']);
	});

	test('closing does not wait for a blocked take to run out', async () => {
		const consumer = queue.consume({ consumerId: 'a', batchSize: 10 });
		const take = consumer.take();
		await someoneBlocked();
		const start = performance.now();
		await consumer.close();
		expect(performance.now() - start).toBeLessThan(500);
		expect(await take).toBeUndefined();
	});

	test('nothing stays in Redis of what is done', async () => {
		const consumer = queue.consume({ consumerId: 'a', batchSize: 3 });
		await queue.push(['1', '2', '3', '4', '5']);
		const batches = [await taken(consumer), await taken(consumer)];
		await batches[1]?.done();
		await batches[0]?.done();
		await consumer.close();
		expect(await inspector.keys(`${prefix}:{queue}:[ip]*`)).toEqual([]);
	});

	test('what Redis moves for a consumer after its end is given out all the same', async () => {
		const gone = queue.consume({ consumerId: 'gone', batchSize: 1 });
		await queue.push(['1']);
		await (await taken(gone)).done();
		await gone.close();
		const heir = taken(queue.consume({ consumerId: 'heir', batchSize: 1 }));
		await someoneBlocked();
		const [id] = await inspector.zrange(`${prefix}:{queue}:consumers`, '0', '0');
		await inspector.lpush(`${prefix}:{queue}:processing:${id}`, 'late');
		expect((await heir).items).toEqual(['late']);
	});

	test('parked items can be looked at, the newest thousand of them, and not more of one than a person reads', async () => {
		for (let number = 0; number < 1005; number++) await queue.park(`bad ${number}`);
		const parked = await inspector.lrange(`${prefix}:{queue}:parked`, 0, -1);
		expect(parked).toHaveLength(1000);
		expect(parked[0]).toBe('bad 1004');
		await queue.park('x'.repeat(100_000));
		expect(await inspector.lindex(`${prefix}:{queue}:parked`, 0)).toHaveLength(65_536);
	});

	test('opening fails in one line that names the address and the remedy, and not the password', async () => {
		const url = `redis://:s3cret@127.0.0.1:1/0`;
		const failure = await openRedisQueue({ url, prefix }).catch((error: unknown) => error);
		expect(failure).toMatchObject({
			key: 'unavailable',
			message: expect.stringMatching(/^cannot reach Redis at 127\.0\.0\.1:1 \(.*ECONNREFUSED.*\): .*redis\.url$/),
		});
		expect(String(failure)).not.toContain('s3cret');
	});
});
