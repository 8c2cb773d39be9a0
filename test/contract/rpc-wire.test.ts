import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { RpcServer } from '../../src/ports/rpc.ts';
import { maxMessageBytes, type NetworkHarness, networkHarness, secret } from './rpc-support.ts';

const authorized = { authorization: `Bearer ${secret}` };

/** Opens a connection as a program of someone else would. */
const connect = async (server: RpcServer, path = '/rpc'): Promise<WebSocket> => {
	const socket = new WebSocket(server.address + path, { headers: authorized });
	socket.on('error', () => {});
	await once(socket, 'open');
	return socket;
};

/** Sends a frame and gives the next one that comes. */
const ask = async (socket: WebSocket, frame: unknown): Promise<unknown> => {
	const answer = once(socket, 'message');
	socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
	return JSON.parse(String((await answer)[0]));
};

const user = (id: unknown, params: unknown = { id: 7 }) => ({ jsonrpc: '2.0', id, method: 'logic.user', params });
const answer = (id: unknown) => ({ jsonrpc: '2.0', id, result: { id: 7, name: 'demo' } });
const invalid = (id: unknown) => ({
	jsonrpc: '2.0',
	id,
	error: { code: -32600, message: 'not a JSON-RPC 2.0 request', data: { key: 'malformed-rpc', retryable: false } },
});

describe('what a JSON-RPC 2.0 client of any make gets', () => {
	let net: NetworkHarness;
	let server: RpcServer;
	let asked = 0;
	beforeEach(async () => {
		asked = 0;
		net = await networkHarness();
		server = await net.serve('logic', 'one', {
			'logic.user': async ({ id }) => {
				asked += 1;
				for (let turns = id === 7 ? 0 : 10; turns > 0; turns--) await new Promise(setImmediate);
				return { id, name: 'demo' };
			},
		});
	});
	afterEach(() => net.close());

	test('a request is answered under its own id, number, string or null', async () => {
		const socket = await connect(server);
		for (const id of [1, 0.5, 'a"b', null]) expect(await ask(socket, user(id))).toEqual(answer(id));
	});

	test('text that is not JSON is a parse error', async () => {
		const socket = await connect(server);
		for (const text of ['{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]', '', '[1,'])
			expect(await ask(socket, text)).toMatchObject({ jsonrpc: '2.0', id: null, error: { code: -32700 } });
	});

	test('what is not a request object is an invalid request, under the id if there is one', async () => {
		const socket = await connect(server);
		for (const frame of [{}, 1, 'null', '"x"', [], { ...user(1), id: {} }, { ...user(1), id: [1] }])
			expect(await ask(socket, frame)).toEqual(invalid(null));
		expect(await ask(socket, { ...user(5), jsonrpc: '1.0' })).toEqual(invalid(5));
		expect(await ask(socket, { ...user(6), method: 1 })).toEqual(invalid(6));
		expect(await ask(socket, { ...user(7), params: 'bar' })).toEqual(invalid(7));
		expect(asked).toBe(0);
	});

	test('unknown methods and params that do not fit have their own codes, and nothing of the inside shows', async () => {
		const socket = await connect(server);
		for (const method of ['logic.nothing', 'constructor', '__proto__', 'rpc.discover', 'connect.deliver'])
			expect(await ask(socket, { ...user(1), method })).toMatchObject({ id: 1, error: { code: -32601 } });
		for (const params of [undefined, [7], { id: '7' }, { id: 0 }])
			expect(await ask(socket, { ...user(2), params })).toMatchObject({ id: 2, error: { code: -32602 } });
		const failed = await ask(socket, { jsonrpc: '2.0', id: 3, method: 'logic.heads', params: { keys: [] } });
		expect(failed).toEqual({
			jsonrpc: '2.0',
			id: 3,
			error: { code: -32603, message: 'internal error', data: { key: 'internal', retryable: true } },
		});
	});

	test('a notification is carried out and never answered', async () => {
		const socket = await connect(server);
		const frames: string[] = [];
		socket.on('message', (data) => frames.push(String(data)));
		const { id: _, ...notification } = user(1);
		socket.send(JSON.stringify(notification));
		socket.send(JSON.stringify({ ...notification, method: 'logic.nothing' }));
		socket.send(JSON.stringify([notification, { ...notification, params: {} }]));
		expect(await ask(socket, user('last'))).toEqual(answer('last'));
		expect(asked).toBe(3);
		expect(frames).toHaveLength(1);
	});

	test('a batch is answered by one array: valid, invalid and failed, nothing for notifications', async () => {
		const socket = await connect(server);
		const { id: _, ...notification } = user(1);
		const batch = [user(1), { foo: 'boo' }, notification, { ...user('x'), method: 'foo.get' }, 1, user(2)];
		const answers = await ask(socket, batch);
		expect(answers).toHaveLength(5);
		expect(answers).toEqual(
			expect.arrayContaining([
				answer(1),
				answer(2),
				invalid(null),
				expect.objectContaining({ id: 'x', error: expect.objectContaining({ code: -32601 }) }),
			]),
		);
		expect(asked).toBe(3);
		expect(await ask(socket, [1, 2, 3])).toEqual([invalid(null), invalid(null), invalid(null)]);
	});

	test('the answer to a batch waits for its slowest call', async () => {
		const socket = await connect(server);
		const answers = await ask(socket, [user('slow', { id: 8 }), user('fast')]);
		expect(answers).toEqual([answer('fast'), { ...answer('slow'), result: { id: 8, name: 'demo' } }]);
	});

	test('a frame over the size limit ends its connection and no other', async () => {
		const [socket, neighbour] = await Promise.all([connect(server), connect(server)]);
		socket.send('x'.repeat(maxMessageBytes + 1));
		const [code] = await once(socket, 'close');
		expect(code).toBe(1009);
		expect(await ask(neighbour, user(1))).toEqual(answer(1));
		expect(await net.client.call('logic.user', { id: 7 })).toEqual({ id: 7, name: 'demo' });
	});

	test('a connection that breaks off in the middle of a call harms nobody', async () => {
		const [socket, neighbour] = await Promise.all([connect(server), connect(server)]);
		socket.send(JSON.stringify(user(1)));
		socket.terminate();
		expect(await ask(neighbour, user(2))).toEqual(answer(2));
	});

	test.each([
		['without a secret', {}],
		['with a wrong secret', { authorization: 'Bearer guessed' }],
		['with the secret in another scheme', { authorization: `Basic ${secret}` }],
	])('a connection %s is refused with 401 and an empty body', async (_, headers) => {
		const socket = new WebSocket(`${server.address}/rpc`, { headers });
		const closed = once(socket, 'error');
		const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
		expect(response.statusCode).toBe(401);
		expect(await response.toArray()).toEqual([]);
		socket.terminate();
		await closed;
	});

	test('a connection for a server id that is not here is refused', async () => {
		await expect(connect(server, '/rpc?server=other')).rejects.toThrow('404');
		await expect(connect(server, '/elsewhere')).rejects.toThrow('404');
		expect(await ask(await connect(server, '/rpc?server=one'), user(1))).toEqual(answer(1));
	});
});

describe('what a caller sends', () => {
	test('calls of the same moment to the same server travel in one batch over one connection', async () => {
		const net = await networkHarness();
		const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
		await once(server, 'listening');
		const frames: unknown[] = [];
		let connections = 0;
		server.on('connection', (socket) => {
			connections += 1;
			socket.on('message', (data) => {
				const batch = [JSON.parse(String(data))].flat();
				frames.push(batch.map(({ jsonrpc, method }) => `${jsonrpc} ${method}`));
				for (const { id } of batch) socket.send(JSON.stringify(answer(id)));
			});
		});
		const address = server.address();
		await net.register('logic', 'one', `ws://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
		const call = () => net.client.call('logic.user', { id: 7 });
		await call();
		await Promise.all([call(), call(), call()]);
		expect(frames).toEqual([['2.0 logic.user'], Array(3).fill('2.0 logic.user')]);
		expect(connections).toBe(1);
		await net.close();
		server.close();
	});

	test('answers that make no sense end the connection, not the process', async () => {
		const net = await networkHarness();
		const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
		await once(server, 'listening');
		const nonsense = ['{', 'null', '[1]', '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"x"}}'];
		server.on('connection', (socket) => socket.on('message', () => socket.send(nonsense.shift() ?? '{}')));
		const address = server.address();
		await net.register('logic', 'one', `ws://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
		const call = net.client.call('logic.register', { name: 'demo', password: '111111' }, { deadlineMs: 2000 });
		await expect(call).rejects.toMatchObject({ key: 'unavailable' });
		const other = net.client.call('logic.user', { id: 7 }, { deadlineMs: 1000 });
		await expect(other).rejects.toMatchObject({ key: 'unavailable' });
		await net.close();
		server.close();
	});
});
