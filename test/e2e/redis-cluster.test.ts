import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, startCluster } from '../support/cluster.ts';
import { seen, startFlow } from '../support/flow.ts';
import { joined, tokenOf, webSocketClient } from '../support/gochat-client.ts';
import { historyOf } from '../support/history.ts';
import { startRedisCluster, type TestRedisCluster } from '../support/redis-cluster.ts';

let redis: TestRedisCluster;
let cluster: Cluster;
beforeAll(async () => {
	redis = await startRedisCluster();
	cluster = await startCluster({ connectTcp: 0, settings: { 'redis.url': redis.url } });
});
afterAll(async () => {
	await cluster.stop();
	await redis.stop();
});

test('on a Redis Cluster a message is live at once, and nothing is lost while its slots move and its nodes are killed', async () => {
	const token = await tokenOf(cluster.apiUrl, 'ann');
	const readers = await Promise.all(cluster.wsUrls.map((url) => webSocketClient(url, token, 1)));
	await Promise.all(readers.map((reader) => joined(reader, 'ann')));
	const flow = startFlow(cluster.apiUrl, token, 1);
	await flow.more(100);
	for (const tag of ['{queue}', '{route}']) {
		const owner = await redis.ownerOf(tag);
		const finish = await redis.beginMove(tag, (owner + 1) % redis.nodes.length);
		await flow.more(50);
		await finish();
		await flow.more(50);
		const node = redis.nodes[await redis.ownerOf(tag)];
		await node?.kill();
		await flow.more(50);
		await node?.restart();
		await flow.more(50);
	}
	await flow.stop();
	const log = (await historyOf(cluster.apiUrl, token, 'room:1')).map(({ body }) => body);
	expect(new Set(log)).toEqual(flow.accepted);
	for (const { received } of readers) {
		const { bodies, inOrder } = await seen(received, flow.accepted);
		expect(inOrder).toBe(true);
		expect(bodies).toEqual(log);
	}
	// The quick way is back: repair alone would take the time of a comparison of heads for most of them.
	const took: number[] = [];
	for (let number = 0; number < 10; number++) {
		const start = performance.now();
		const one = startFlow(cluster.apiUrl, token, 1);
		await one.more(1);
		await one.stop();
		const [body = ''] = one.accepted;
		await Promise.all(readers.map(({ received }) => received.message(body)));
		took.push(performance.now() - start);
	}
	expect(took.sort((one, other) => one - other)[4]).toBeLessThan(300);
	for (const reader of readers) reader.close();
});
