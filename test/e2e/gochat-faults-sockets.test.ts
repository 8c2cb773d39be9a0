import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { type Cluster, startCluster } from '../support/cluster.ts';
import { joined, post, tcpClient, tokenOf, webSocketClient } from '../support/gochat-client.ts';
import { expectSlowReaderToComeBack } from '../support/slow-reader.ts';

// The numbers are those of the list of gochat's faults in docs/gochat-faults.md.

let cluster: Cluster;
let ws1: string;
let ws2: string;
let tcpPort: number;
let ann: string;
let bob: string;

beforeAll(async () => {
	cluster = await startCluster({
		connectWs: 2,
		settings: {
			'connect.auth_timeout_ms': 1500,
			'connect.max_unsent_bytes': 262_144,
			'connect.slow_timeout_ms': 1500,
		},
	});
	[ws1 = '', ws2 = ''] = cluster.wsUrls;
	tcpPort = cluster.tcpPorts[0]?.[0] ?? 0;
	[ann, bob] = (await Promise.all(['ann', 'bob'].map((name) => tokenOf(cluster.apiUrl, name)))) as [string, string];
});
afterAll(() => cluster.stop());

const pushRoom = (authToken: string, roomId: number, msg: string) =>
	post(cluster.apiUrl, '/push/pushRoom', { authToken, roomId, msg });

const idOf = async (authToken: string): Promise<string> => {
	const { data } = await post(cluster.apiUrl, '/user/checkAuth', { authToken });
	return String((data as { userId: number }).userId);
};

describe('faults of gochat that its sockets show', () => {
	test.each([
		['length 0', '76310000'],
		['a negative length', '7631ffff'],
		['five bytes', '7631000000'],
	])('fault 4: %s from an unauthenticated client closes that connection, and harms nobody', async (_what, hex) => {
		const reader = await tcpClient(tcpPort, ann, 4);
		await joined(reader, 'ann');
		const attacker = connect(tcpPort, '127.0.0.1');
		attacker.on('error', () => {});
		attacker.resume();
		attacker.write(Buffer.from(hex, 'hex'));
		await once(attacker, 'close');
		await pushRoom(ann, 4, `after ${hex}`);
		await reader.received.message(`after ${hex}`);
		reader.close();
	});

	test('fault 5: the authentication frame sent twice changes the room, and each message still comes once', async () => {
		const reader = await webSocketClient(ws1, ann, 50);
		await joined(reader, 'ann');
		reader.socket.send(JSON.stringify({ authToken: ann, roomId: 50 }));
		reader.socket.send(JSON.stringify({ authToken: ann, roomId: 51 }));
		await reader.received.frame(({ op, roomId }) => op === 5 && roomId === 51, 'the list of the new room');
		await pushRoom(bob, 50, 'to the room that was left');
		await pushRoom(bob, 51, 'to the new room');
		await reader.received.message('to the new room');
		expect(reader.received.messages()).toEqual(['to the new room']);
		reader.close();
	});

	test('fault 7: the close of an old tab leaves the new tab in the room', async () => {
		const [oldTab, newTab] = [await webSocketClient(ws1, ann, 7), await webSocketClient(ws1, ann, 7)];
		await Promise.all([joined(oldTab, 'ann'), joined(newTab, 'ann')]);
		oldTab.close();
		await oldTab.closed;
		await pushRoom(bob, 7, 'still there?');
		await newTab.received.message('still there?');
		newTab.close();
	});

	test('fault 8: a direct message reaches all devices of a user, whatever server they are on', async () => {
		const devices = [
			await webSocketClient(ws1, ann, 8),
			await webSocketClient(ws2, ann, 8),
			await tcpClient(tcpPort, ann, 8),
		];
		await Promise.all(devices.map((device) => joined(device, 'ann')));
		const toUserId = await idOf(ann);
		await post(cluster.apiUrl, '/push/push', { authToken: bob, msg: 'to all of you', toUserId, roomId: 8 });
		for (const device of devices) {
			await device.received.message('to all of you');
			device.close();
		}
	});

	test('fault 10: who leaves is taken off the list, and no frame is empty', async () => {
		const stays = await webSocketClient(ws1, ann, 10);
		const leaves = await webSocketClient(ws2, bob, 10);
		const raw: number[] = [];
		stays.socket.on('message', (data: Buffer) => raw.push(data.length));
		await joined(stays, 'bob');
		leaves.close();
		await stays.received.frame(
			({ op, count, roomUserInfo }) => op === 5 && count === 1 && !Object.values(roomUserInfo ?? {}).includes('bob'),
			'a list without bob',
		);
		expect(raw.every((length) => length > 0)).toBe(true);
		stays.close();
	});

	test(
		'fault 13: a reader that is too slow is told to come back, is not skipped in silence, and slows nobody',
		() => expectSlowReaderToComeBack({ apiUrl: cluster.apiUrl, wsUrl: ws1 }),
		60_000,
	);

	test('fault 15: SIGTERM takes a server off discovery at once, and tells its clients to come back', async () => {
		const [, server] = cluster.nodes('connect-ws');
		const client = await webSocketClient(ws2, ann, 15);
		await joined(client, 'ann');
		const instances = () => cluster.etcd.ctl('get', '--prefix', '/tschat/services/connect-ws/', '--print-value-only');
		expect(await instances()).toContain(new URL(ws2).port);
		server?.process.signal('SIGTERM');
		expect(await client.closed).toBe(4000);
		expect(await server?.process.exited).toBe(0);
		expect(await instances()).not.toContain(`:${new URL(ws2).port}/`);
		await server?.start();
	});

	test('fault 16: a TCP client is who its token says, whatever its packets claim', async () => {
		const reader = await webSocketClient(ws1, bob, 16);
		const honest = await tcpClient(tcpPort, ann, 16);
		await Promise.all([joined(reader, 'ann'), joined(honest, 'ann')]);
		honest.send({ op: 3, msg: 'forged', roomId: 16, fromUserId: 1, fromUserName: 'bob', authToken: bob });
		expect(await reader.received.message('forged')).toMatchObject({ fromUserName: 'ann' });

		const stranger = connect(tcpPort, '127.0.0.1');
		stranger.on('error', () => {});
		stranger.resume();
		const body = JSON.stringify({ op: 3, msg: 'from nobody', roomId: 16, fromUserId: 1, fromUserName: 'bob' });
		const header = Buffer.from([0x76, 0x31, 0, body.length + 4]);
		stranger.write(Buffer.concat([header, Buffer.from(body)]));
		await once(stranger, 'close');
		await pushRoom(ann, 16, 'the next');
		await reader.received.message('the next');
		expect(reader.received.messages()).toEqual(['forged', 'the next']);
		for (const client of [reader, honest]) client.close();
	});

	test('fault 18: logout closes the sockets of that session on all servers, and of no other', async () => {
		const token = await tokenOf(cluster.apiUrl, 'gina');
		const other = await tokenOf(cluster.apiUrl, 'gina');
		const sockets = [await webSocketClient(ws1, token, 18), await webSocketClient(ws2, token, 18)];
		const terminal = await tcpClient(tcpPort, token, 18);
		const stays = await webSocketClient(ws1, other, 18);
		await Promise.all([...sockets, terminal, stays].map((client) => joined(client, 'gina')));
		const before = performance.now();
		await post(cluster.apiUrl, '/user/logout', { authToken: token });
		expect(await Promise.all([...sockets, terminal].map(({ closed }) => closed))).toEqual([4501, 4501, 0]);
		expect(performance.now() - before).toBeLessThan(1000);
		await pushRoom(other, 18, 'still here');
		await stays.received.message('still here');
		stays.close();
	});

	test('fault 18: a socket that does not authenticate is closed in time', async () => {
		const webSocket = new WebSocket(ws1);
		const socket = connect(tcpPort, '127.0.0.1');
		socket.resume();
		const [[code]] = await Promise.all([once(webSocket, 'close'), once(socket, 'close')]);
		expect(code).toBe(4001);
	});

	test('fault 20: nobody registers an address that others cannot reach', async () => {
		const all = await cluster.etcd.ctl('get', '--prefix', '/tschat/services/', '--print-value-only');
		expect(all).toContain('ws://127.0.0.1');
		expect(all).not.toContain('0.0.0.0');
	});

	test('fault 23: a member list that does not fit into a packet does not break the stream', async () => {
		// As many as are listed, with names as long as they may be: four bytes a letter.
		const names = Array.from({ length: 440 }, (_, index) => `${'𠀀'.repeat(17)}${100 + index}`);
		const tokens: string[] = [];
		for (let start = 0; start < names.length; start += 20) {
			tokens.push(...(await Promise.all(names.slice(start, start + 20).map((name) => tokenOf(cluster.apiUrl, name)))));
		}
		const terminal = await tcpClient(tcpPort, ann, 23);
		const members = await Promise.all(tokens.map((token) => webSocketClient(ws1, token, 23)));
		await terminal.received.frame(({ op, count }) => op === 4 && count === 441, 'the count in place of the list');
		await pushRoom(bob, 23, 'readable');
		await terminal.received.message('readable');
		for (const client of [terminal, ...members]) client.close();
	}, 90_000);
});
