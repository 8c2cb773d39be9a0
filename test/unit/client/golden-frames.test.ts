import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { type Chat, connect, memoryStore, type Page } from '../../../src/client/index.ts';
import type { ClientFrameType } from '../../../src/protocol/v2/client-frames.ts';
import { v2Subprotocol } from '../../../src/protocol/v2/subprotocol.ts';
import { goldenFrames } from '../../support/golden-frames.ts';
import { type Witness, witness } from '../../support/sdk-client.ts';

/** The text of a server's golden frame, with another `ref` if one is given. */
const golden = (name: string, ref?: string): string => {
	const found = goldenFrames.server.find((frame) => frame.name === name);
	if (found === undefined) throw new Error(`no golden frame "${name}"`);
	return ref === undefined ? found.text : JSON.stringify({ ...found.frame, ref });
};
/** What a client's golden frame is, without its `ref`. */
const asked = (name: string): object => {
	const found = goldenFrames.client.find((frame) => frame.name === name);
	if (found === undefined) throw new Error(`no golden frame "${name}"`);
	const { ref, ...frame } = found.frame as { ref?: string };
	return frame;
};
const told = (name: string): object => {
	const { type, ref, inbox, ...fields } = JSON.parse(golden(name));
	return fields;
};

/** Which golden frame answers a frame of the client; nothing answers the others. */
const answers: Partial<Record<ClientFrameType, string>> = {
	join: 'joined',
	leave: 'left',
	history: 'messages',
	receipts: 'receipts',
	members: 'members',
	online: 'online',
	conversations: 'conversations',
	send: 'sent',
};

let server: WebSocketServer;
let socket: WebSocket;
let chat: Chat;
let client: Witness;
/** What the client has sent, without `ref`. */
let sent: object[];

beforeEach(async () => {
	sent = [];
	server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => v2Subprotocol });
	await once(server, 'listening');
	server.on('connection', (connection) => {
		socket = connection;
		connection.on('message', (data) => {
			const { ref, ...frame } = JSON.parse(String(data));
			sent.push(frame);
			const answer = answers[frame.type as ClientFrameType];
			if (frame.type === 'hello')
				for (const name of ['welcome: a first connect', 'resumed']) connection.send(golden(name));
			else if (answer !== undefined) connection.send(golden(answer, ref));
		});
	});
	const store = memoryStore();
	const user = { id: '1', name: 'ann' };
	await store.save({ version: 1, user, inbox: 8, cursors: { 'room:1': 17, 'dm:1:2': 3 }, unsent: [], reads: {} });
	const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
	chat = connect({ url, token: '2kJ8vQm3sYw0TtBf', device: 'laptop', store, WebSocket });
	client = witness(chat);
	await chat.ready;
});
afterEach(async () => {
	await chat.close();
	for (const connection of server.clients) connection.terminate();
	await new Promise((resolve) => server.close(resolve));
});

describe('the client and the golden frames', () => {
	test('begins as they do, and resumes', () => {
		const { type, token, device } = asked('hello: with a device') as Record<string, string>;
		expect(sent[0]).toEqual({ type, token, device, cursors: { 'room:1': 17 }, inbox: 8 });
	});

	test('asks as they do, and takes their answers', async () => {
		const room = chat.room(1);
		const { items, more } = told('messages') as Page;
		expect(await room.history({ before: 17, limit: 200 })).toEqual({ items, more });
		expect(sent.at(-1)).toEqual(asked('history: older ones'));
		expect(await room.receipts()).toEqual((told('receipts') as { items: object[] }).items);
		expect(sent.at(-1)).toEqual(asked('receipts'));
		expect(await room.members()).toMatchObject({ items: [{ id: '1' }, { id: '2' }], count: 2 });
		expect(sent.at(-1)).toEqual(asked('members'));
		expect(await chat.online(['2', '3', '5'])).toEqual(['2', '5']);
		expect(sent.at(-1)).toEqual(asked('online'));
		expect((await chat.conversations()).items).toEqual((told('conversations') as { items: object[] }).items);
		expect(sent.at(-1)).toEqual(asked('conversations: the first page'));
		expect(await room.send('hello', { ref: 'm1' })).toMatchObject({ ...told('sent'), ref: 'm1' });
		expect(sent.at(-1)).toEqual(asked('send: to a room'));
		room.typing();
		await room.leave();
		expect(sent.slice(-2)).toEqual([asked('typing'), asked('leave')]);
		expect(await room.join()).toMatchObject({ name: null, head: 17, read: 15, count: 2 });
		expect(sent.at(-1)).toEqual(asked('join'));
		await room.unfollow();
		expect(sent.at(-1)).toEqual(asked('leave: on this connection alone'));
		expect(room.position).toBeUndefined();
	});

	test('tells what they tell', async () => {
		const names = ['message: in a room', 'message: letters of any script are written as they are', 'message: direct'];
		const others = [
			'receipt',
			'membership: joined',
			'membership: left',
			'presence',
			'presence: a large room',
			'typing',
			'members: told unasked',
			'pong',
		];
		for (const name of [...names, ...others]) socket.send(golden(name));
		await client.until(() => client.events.message.length === 3 && client.events.members.length === 1, 'all of them');
		expect(client.events.message).toEqual(names.map(told));
		expect(client.events.receipt).toEqual([told('receipt')]);
		expect(client.events.membership).toEqual([told('membership: joined'), told('membership: left')]);
		expect(client.events.presence).toEqual([told('presence'), told('presence: a large room')]);
		expect(client.events.typing).toEqual([told('typing')]);
		expect(client.events.members).toEqual([told('members: told unasked')]);
		expect(client.events.error).toEqual([]);
	});

	test.each([['revoked'], ['closing: stop'], ['error: to no request']])('stops at "%s"', async (name) => {
		socket.send(golden(name));
		if (name.startsWith('closing')) socket.close(4501);
		await client.until(() => client.events.closed.length === 1, 'the end');
	});

	test('comes back after "closing: come back"', async () => {
		socket.send(golden('closing: come back'));
		socket.close(4000);
		await client.until(() => client.events.state.includes('offline'), 'offline');
		chat.retryNow();
		await client.until(() => client.events.state.filter((state) => state === 'online').length === 2, 'online again');
	});
});
