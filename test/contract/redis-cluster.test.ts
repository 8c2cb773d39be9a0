import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openRedisQueue } from '../../src/adapters/redis/queue.ts';
import { openRedisRoutes } from '../../src/adapters/redis/routes.ts';
import { inboxKey, roomKey } from '../../src/protocol/logs.ts';
import { eventually } from '../support/eventually.ts';
import { startRedisCluster, type TestRedisCluster } from '../support/redis-cluster.ts';
import { describeMessageQueue, taken } from './message-queue.contract.ts';
import { join, memberIds, RouteOwner, routeDirectoryContract, serversOf } from './route-directory.contract.ts';

let cluster: TestRedisCluster;
beforeAll(async () => {
	cluster = await startRedisCluster();
});
afterAll(() => cluster.stop());

describeMessageQueue('Redis Cluster', async () => ({
	open: (name) => openRedisQueue({ url: cluster.url, prefix: name }),
	stop: async () => {},
}));

routeDirectoryContract('Redis Cluster', async () => {
	const open = () => openRedisRoutes({ url: cluster.url, prefix: 'contract' });
	return { near: await open(), far: await open() };
});

describe('a Redis Cluster that changes or fails', () => {
	const leaseMs = 1500;
	let prefixes = 0;
	const openQueue = async () => {
		const queue = await openRedisQueue({ url: cluster.url, prefix: `fault-${++prefixes}` });
		onTestFinished(() => queue.close());
		return queue;
	};
	const openRoutes = async () => {
		const routes = await openRedisRoutes({ url: cluster.url, prefix: `fault-${++prefixes}`, leaseMs });
		onTestFinished(() => routes.close());
		return routes;
	};
	/** Another node than the one that holds the key. */
	const elsewhere = async (key: string) => ((await cluster.ownerOf(key)) + 1) % cluster.nodes.length;
	const queueKey = 'any:{queue}:items';
	const routeKey = 'any:{route}';

	test('one node is enough to find the others, and the queue and the routes may lie on different ones', async () => {
		for (const { port } of cluster.nodes) {
			const queue = await openRedisQueue({ url: `redis+cluster://127.0.0.1:${port}`, prefix: `node-${port}` });
			await queue.push(['1']);
			const consumer = queue.consume({ consumerId: 'a', batchSize: 10 });
			expect((await taken(consumer)).items).toEqual(['1']);
			await queue.close();
		}
	});

	test('pushes and takes follow the queue to another node, and nothing is lost on the way', async () => {
		const queue = await openQueue();
		const consumer = queue.consume({ consumerId: 'a', batchSize: 10 });
		const received = new Set<string>();
		const until = async (item: string) => {
			while (!received.has(item)) {
				const batch = await taken(consumer);
				for (const one of batch.items) received.add(one);
				await batch.done();
			}
		};
		const pushed: string[] = [];
		const push = async (item: string) => {
			// A refused push may have been carried out: what the queue promises is for those that were accepted.
			await eventually(() => queue.push([item]));
			pushed.push(item);
		};
		await push('before');
		await until('before');
		const finish = await cluster.beginMove(queueKey, await elsewhere(queueKey));
		for (let number = 0; number < 20; number++) await push(`during ${number}`);
		await finish();
		for (let number = 0; number < 20; number++) await push(`after ${number}`);
		await until('after 19');
		expect(pushed.filter((item) => !received.has(item))).toEqual([]);
	});

	test('after the routes were moved to another node the directory is what the servers hold', async () => {
		const routes = await openRoutes();
		const owner = await new RouteOwner('mover').publish(routes);
		await owner.apply(join(roomKey(1), 1), join(inboxKey(1), 1));
		const finish = await cluster.beginMove(routeKey, await elsewhere(routeKey));
		// Held by nobody at the new node yet: it may be refused, and is then part of what is published again.
		await owner.apply(join(roomKey(1), 2)).catch(() => {});
		await finish();
		await eventually(async () => expect(await memberIds(routes, 1)).toEqual([1, 2]), 3 * leaseMs);
		expect(await serversOf(routes, inboxKey(1), roomKey(1))).toEqual([['mover'], ['mover']]);
		await owner.apply(join(roomKey(1), 3));
		expect(await memberIds(routes, 1)).toEqual([1, 2, 3]);
		await owner.close();
	});

	test('while the node of the queue is down calls fail quickly, and after it the queue goes on', async () => {
		const queue = await openQueue();
		const consumer = queue.consume({ consumerId: 'a', batchSize: 10 });
		const take = taken(consumer);
		const node = cluster.nodes[await cluster.ownerOf(queueKey)];
		await node?.kill();
		await eventually(() => expect(queue.size()).rejects.toMatchObject({ key: 'unavailable' }));
		const start = performance.now();
		await expect(queue.push(['refused'])).rejects.toMatchObject({ key: 'unavailable' });
		expect(performance.now() - start).toBeLessThan(3000);
		await node?.restart();
		await eventually(() => queue.push(['accepted']));
		const items = [...(await take).items];
		while (!items.includes('accepted')) items.push(...(await taken(consumer)).items);
	});

	test('while the node of the routes hangs calls fail within 3 s, and after it the directory is what the servers hold', async () => {
		const routes = await openRoutes();
		const owner = await new RouteOwner('patient').publish(routes);
		await owner.apply(join(roomKey(1), 1));
		const node = cluster.nodes[await cluster.ownerOf(routeKey)];
		node?.pause();
		const start = performance.now();
		const calls = [owner.apply(join(roomKey(1), 2)), routes.room(1, 10), routes.serversOf([roomKey(1)])];
		await Promise.all(calls.map((call) => expect(call).rejects.toMatchObject({ key: 'unavailable' })));
		expect(performance.now() - start).toBeLessThan(3000);
		node?.resume();
		await eventually(async () => expect(await memberIds(routes, 1)).toEqual([1, 2]), 3 * leaseMs);
		await owner.close();
	});

	test('when the node of the queue and of the routes is lost for good, its replica takes over without help', async () => {
		const own = await startRedisCluster();
		onTestFinished(() => own.stop());
		const node = await own.ownerOf(queueKey);
		if ((await own.ownerOf(routeKey)) !== node) await (await own.beginMove(routeKey, node))();
		await own.addReplica(node);
		const queue = await openRedisQueue({ url: own.url, prefix: 'lost' });
		const routes = await openRedisRoutes({ url: own.url, prefix: 'lost', leaseMs });
		onTestFinished(() => Promise.all([queue.close(), routes.close()]).then(() => {}));
		const owner = await new RouteOwner('stays').publish(routes);
		await owner.apply(join(roomKey(1), 1));
		const consumer = queue.consume({ consumerId: 'a', batchSize: 10 });
		const take = taken(consumer);
		await own.nodes[node]?.kill();
		await eventually(() => queue.push(['after']), 15_000);
		const items = [...(await take).items];
		while (!items.includes('after')) items.push(...(await taken(consumer)).items);
		await eventually(async () => expect(await memberIds(routes, 1)).toEqual([1]), 3 * leaseMs);
		await owner.apply(join(roomKey(1), 2));
		expect(await memberIds(routes, 1)).toEqual([1, 2]);
	});

	test('opening fails in one line that names the nodes and the remedy, and not the password', async () => {
		const url = 'redis+cluster://:s3cret@127.0.0.1:1,127.0.0.1:2';
		const failure = await openRedisQueue({ url, prefix: 'none' }).catch((error: unknown) => error);
		expect(failure).toMatchObject({
			key: 'unavailable',
			message: expect.stringMatching(/^cannot reach Redis at 127\.0\.0\.1:1,127\.0\.0\.1:2 \(.*\): .*redis\.url$/),
		});
		expect(String(failure)).not.toContain('s3cret');
	});
});
