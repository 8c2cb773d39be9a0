import { statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Embedded, startEmbedded } from '../support/cluster.ts';
import { joined, post, tcpClient, tokenOf, webSocketClient } from '../support/gochat-client.ts';

let chat: Embedded;
beforeAll(async () => {
	chat = await startEmbedded();
});
afterAll(() => chat.stop());

describe('the embedded start', () => {
	test('has the demo users', async () => {
		expect(await post(chat.apiUrl, '/user/login', { userName: 'demo', passWord: '111111' })).toMatchObject({
			code: 0,
			message: 'login success',
		});
	});

	test('a TCP client and a WebSocket client share a room, over both TCP ports', async () => {
		const [ann, bob] = await Promise.all([tokenOf(chat.apiUrl, 'ann'), tokenOf(chat.apiUrl, 'bob')]);
		const browser = await webSocketClient(chat.wsUrl, ann, 5);
		await joined(browser, 'ann');
		const terminals = await Promise.all(chat.tcpPorts.map((port) => tcpClient(port, bob, 5)));
		await Promise.all(terminals.map((terminal) => joined(terminal, 'bob')));

		terminals[0]?.send({ op: 3, msg: 'from tcp', roomId: 5 });
		await post(chat.apiUrl, '/push/pushRoom', { authToken: ann, msg: 'from http', roomId: 5 });
		for (const client of [browser, ...terminals]) {
			await client.received.message('from tcp');
			const frame = await client.received.message('from http');
			expect(frame).toMatchObject({ op: 3, fromUserName: 'ann', roomId: 5 });
			client.close();
		}
	});

	test('a TCP client stays connected when a message is refused', async () => {
		const [ann, bob] = await Promise.all([tokenOf(chat.apiUrl, 'ann'), tokenOf(chat.apiUrl, 'bob')]);
		const terminal = await tcpClient(chat.tcpPorts[0] ?? 0, ann, 6);
		const reader = await tcpClient(chat.tcpPorts[1] ?? 0, bob, 6);
		await Promise.all([joined(terminal, 'ann'), joined(reader, 'ann')]);
		terminal.send({ op: 3, msg: '', roomId: 6 });
		terminal.send({ op: 3, msg: 'x'.repeat(8193), roomId: 6 });
		terminal.send({ op: 2, msg: 'to nobody', toUserId: 0, roomId: 6 });
		terminal.send({ op: 2, msg: 'to a stranger', toUserId: 987_654, roomId: 6 });
		terminal.send({ op: 3, msg: 'accepted', roomId: 6 });
		await reader.received.message('accepted');
		expect(reader.received.messages()).toEqual(['accepted']);
		for (const client of [terminal, reader]) client.close();
	});

	test('what a TCP client sent before it left is accepted', async () => {
		const token = await tokenOf(chat.apiUrl, 'ann');
		const reader = await tcpClient(chat.tcpPorts[1] ?? 0, token, 7);
		await joined(reader, 'ann');
		const leaver = await tcpClient(chat.tcpPorts[0] ?? 0, token, 7);
		for (let index = 0; index < 5; index += 1) leaver.send({ op: 3, msg: `last words ${index}`, roomId: 7 });
		leaver.socket.end();
		await leaver.closed;
		await reader.received.message('last words 4');
		expect(reader.received.messages()).toEqual(Array.from({ length: 5 }, (_, index) => `last words ${index}`));
		reader.close();
	});

	test('its database is for its owner alone', () => {
		expect(statSync(`${chat.folder}/tschat.db`).mode & 0o777).toBe(0o600);
	});

	test('users, sessions and messages survive a restart', async () => {
		const token = await tokenOf(chat.apiUrl, 'carol');
		for (const msg of ['one', 'two']) await post(chat.apiUrl, '/push/pushRoom', { authToken: token, msg, roomId: 9 });
		await chat.node.process.stop();
		expect(await chat.node.process.exited).toBe(0);
		await chat.node.start();

		expect(await post(chat.apiUrl, '/user/checkAuth', { authToken: token })).toMatchObject({
			code: 0,
			data: { userName: 'carol' },
		});
		const response = await fetch(`${chat.apiUrl}/v2/conversations/room:9/messages?limit=10`, {
			headers: { authorization: `Bearer ${token}` },
		});
		const page = (await response.json()) as { items: { seq: number; body: string }[] };
		expect(page.items.map(({ seq, body }) => [seq, body])).toEqual([
			[1, 'one'],
			[2, 'two'],
		]);
	});
});
