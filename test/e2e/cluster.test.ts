import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, startCluster } from '../support/cluster.ts';
import { joined, post, tcpClient, tokenOf, webSocketClient } from '../support/gochat-client.ts';

let cluster: Cluster;
beforeAll(async () => {
	cluster = await startCluster({ connectWs: 2, connectTcp: 1, logic: 2, task: 2 });
});
afterAll(() => cluster.stop());

describe('a cluster of two connect-ws, one connect-tcp, two logic and two task', () => {
	test('a room spans all connect servers, and every reader gets every message once and in order', async () => {
		const tokens = await Promise.all(['ann', 'bob', 'carol'].map((name) => tokenOf(cluster.apiUrl, name)));
		const [ann = '', bob = '', carol = ''] = tokens;
		const readers = await Promise.all([
			webSocketClient(cluster.wsUrls[0] ?? '', ann, 5),
			webSocketClient(cluster.wsUrls[1] ?? '', bob, 5),
			tcpClient(cluster.tcpPorts[0]?.[0] ?? 0, carol, 5),
		]);
		await Promise.all(readers.map((reader) => joined(reader, 'carol')));

		const sent = Array.from({ length: 200 }, (_, index) => `message ${index}`);
		await Promise.all(
			sent.map((msg, index) =>
				post(cluster.apiUrl, '/push/pushRoom', { authToken: tokens[index % 3], msg, roomId: 5 }),
			),
		);
		for (const { received, close } of readers) {
			await received.until(() => (received.messages().length >= sent.length ? true : undefined), 'all messages');
			expect(received.messages().sort()).toEqual([...sent].sort());
			const positions = received.frames.filter(({ op }) => op === 3).map(({ seq }) => seq);
			expect(positions).toEqual(Array.from({ length: sent.length }, (_, index) => index + 1));
			close();
		}
	});

	test('a direct message reaches both devices of a user, on different servers, and not strangers', async () => {
		const [dave, erin, frank] = await Promise.all(
			['dave', 'erin', 'frank'].map((name) => tokenOf(cluster.apiUrl, name)),
		);
		const { data } = await post(cluster.apiUrl, '/user/checkAuth', { authToken: erin });
		const toUserId = String((data as { userId: number }).userId);
		const devices = await Promise.all(cluster.wsUrls.map((url) => webSocketClient(url, erin ?? '', 6)));
		const stranger = await webSocketClient(cluster.wsUrls[0] ?? '', frank ?? '', 6);
		await Promise.all([...devices, stranger].map((client) => joined(client, 'frank')));

		const answer = await post(cluster.apiUrl, '/push/push', { authToken: dave, msg: 'psst', toUserId, roomId: 6 });
		expect(answer).toEqual({ code: 0, message: 'ok', data: null });
		for (const device of devices) expect(await device.received.message('psst')).toMatchObject({ op: 2 });

		await post(cluster.apiUrl, '/push/pushRoom', { authToken: dave, msg: 'after it', roomId: 6 });
		await stranger.received.message('after it');
		expect(stranger.received.messages()).toEqual(['after it']);
		for (const client of [...devices, stranger]) client.close();
	});
});
