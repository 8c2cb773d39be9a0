import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, connect as connectTo, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { tschatWebSocket } from '../../../src/connect/codecs/tschat-v2.ts';
import { acceptUpgrades } from '../../../src/connect-ws/upgrade.ts';
import { trustedProxies } from '../../../src/runtime/client-address.ts';
import { startConnectServer } from '../connect/harness.ts';

type Limits = NonNullable<Parameters<typeof startConnectServer>[0]>['limits'];

let tooManyFields = 0;
const foreign: string[] = [];
let http: Server;
let connect: Awaited<ReturnType<typeof startConnectServer>>;
let upgrades: ReturnType<typeof acceptUpgrades>;

/** A gateway on a port of its own; nobody is trusted unless told. */
const start = async (limits: Limits, { trusted = '', mostConnections = 100 } = {}): Promise<void> => {
	connect = await startConnectServer({ ...(limits && { limits }), mostConnections });
	http = createServer();
	upgrades = acceptUpgrades(http, {
		path: '/ws',
		mayCome: (origin) => origin === undefined,
		foreign: (origin) => foreign.push(origin),
		maxFrameBytes: 65_536,
		maxHeaderFields: 20,
		tooManyFields: () => {
			tooManyFields += 1;
		},
		trusted: trustedProxies(trusted),
		server: connect.server,
		codecOf: () => tschatWebSocket,
		subprotocols: new Set(['tschat.v2']),
	});
	http.listen(0, '127.0.0.1');
	await once(http, 'listening');
};
afterEach(async () => {
	upgrades.refuseAll();
	await connect.stop();
	await upgrades.close(10);
	http.closeAllConnections();
	http.close();
});

const port = (): number => (http.address() as AddressInfo).port;

interface From {
	readonly localAddress?: string;
	readonly forwardedFor?: string;
}

/** What an upgrade is answered with: 101 when it is taken; 0 when the connection is cut. */
const upgrade = ({ localAddress = '127.0.0.1', forwardedFor }: From = {}) =>
	new Promise<{
		status: number;
		retryAfter: string | undefined;
		headers?: IncomingHttpHeaders;
		close(): void;
		socket?: Socket;
	}>((resolve) => {
		const asked = request({
			port: port(),
			host: '127.0.0.1',
			path: '/ws',
			localAddress,
			headers: {
				connection: 'Upgrade',
				upgrade: 'websocket',
				'sec-websocket-version': '13',
				'sec-websocket-key': 'MDEyMzQ1Njc4OWFiY2RlZg==',
				...(forwardedFor !== undefined && { 'x-forwarded-for': forwardedFor }),
			},
		});
		const answered = ({ statusCode = 0, headers }: IncomingMessage, close: () => void, socket?: Socket) =>
			resolve({ status: statusCode, retryAfter: headers['retry-after'], headers, close, ...(socket && { socket }) });
		asked.on('upgrade', (response, socket) => answered(response, () => socket.destroy(), socket));
		asked.on('response', (response) => answered(response, () => response.destroy()));
		asked.on('error', () => resolve({ status: 0, retryAfter: undefined, close: () => {} }));
		asked.end();
	});

const statuses = async (count: number, from?: From): Promise<number[]> => {
	const all: number[] = [];
	for (let index = 0; index < count; index += 1) all.push((await upgrade(from)).status);
	return all;
};

describe('an upgrade', () => {
	test('beyond what the process may have is refused with 503 and Retry-After, until one has closed', async () => {
		await start({}, { mostConnections: 2 });
		const first = await upgrade();
		expect((await upgrade()).status).toBe(101);
		const refused = await upgrade();
		expect(refused.status).toBe(503);
		expect(Number(refused.retryAfter)).toBeGreaterThan(0);
		first.close();
		while (connect.server.admission.refusal(undefined) !== undefined) await new Promise((next) => setImmediate(next));
		expect((await upgrade()).status).toBe(101);
	});

	test('that is refused tells browsers that there is nothing to show', async () => {
		await start({}, { mostConnections: 0 });
		const { headers } = await upgrade();
		expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
	});

	test('of a page that may not come is refused, and told', async () => {
		await start({});
		const socket = connectTo(port(), '127.0.0.1');
		const key = 'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n';
		const origin = 'Origin: https://other.example\r\n';
		socket.write(`GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}${origin}\r\n`);
		const [answer] = await once(socket, 'data');
		expect(String(answer)).toMatch(/^HTTP\/1.1 403 /);
		expect(foreign).toEqual(['https://other.example']);
		socket.destroy();
	});

	test('beyond what an address may have is refused with 429 and Retry-After, and another address is not', async () => {
		await start({ connections_per_address: 2, connections_per_address_second: 1000 });
		expect(await statuses(2)).toEqual([101, 101]);
		const refused = await upgrade();
		expect(refused.status).toBe(429);
		expect(Number(refused.retryAfter)).toBeGreaterThan(0);
		expect((await upgrade({ localAddress: '127.0.0.2' })).status).toBe(101);
		expect(await connect.refusals()).toEqual({ connections_per_address: 1 });
	});

	test('that is closed counts until its client follows: another may not have its place before', async () => {
		await start({ connections_per_address: 1, connections_per_address_second: 1000 });
		const { socket, close } = await upgrade();
		// No frame of the protocol, so it is closed from this side.
		const masked = Buffer.from([0x81, 0x82, 0, 0, 0, 0, ...Buffer.from('[]')]);
		socket?.write(masked);
		await once(socket as Socket, 'data');
		expect((await upgrade()).status).toBe(429);
		close();
		while (connect.server.admission.refusal('127.0.0.1') !== undefined) await new Promise((next) => setImmediate(next));
		expect((await upgrade()).status).toBe(101);
	});

	test('counts for the client that a trusted proxy names', async () => {
		await start({ connections_per_address: 1, connections_per_address_second: 1000 }, { trusted: 'loopback' });
		expect(await statuses(2, { forwardedFor: '192.0.2.1' })).toEqual([101, 429]);
		expect(await statuses(2, { forwardedFor: '192.0.2.2' })).toEqual([101, 429]);
		// A proxy that names nobody is no client.
		expect(await statuses(3)).toEqual([101, 101, 101]);
	});

	test('with so many fields that a proxy’s would be left out is refused, not taken for one of nobody', async () => {
		await start({}, { trusted: 'loopback' });
		http.maxHeadersCount = 0;
		const socket = connectTo(port(), '127.0.0.1');
		const fields = `${'V:\r\n'.repeat(1000)}X-Forwarded-For: 192.0.2.1\r\n`;
		const key = 'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n';
		socket.write(`GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}${fields}\r\n`);
		const [answer] = await once(socket, 'data');
		expect(String(answer)).toMatch(/^HTTP\/1.1 400 /);
		expect(tooManyFields).toBe(1);
		socket.destroy();
	});

	test('counts for the sender, whomever it names, when that is no trusted proxy', async () => {
		await start({ connections_per_address: 1, connections_per_address_second: 1000 });
		expect(await statuses(1, { forwardedFor: '192.0.2.1' })).toEqual([101]);
		expect(await statuses(1, { forwardedFor: '192.0.2.2' })).toEqual([429]);
	});

	test('that comes too often is refused, and in the end the connection is cut without an answer', async () => {
		await start({ connections_per_address: 3, connections_per_address_second: 1 });
		const answers = await statuses(110);
		expect(answers.slice(0, 3)).toEqual([101, 101, 101]);
		expect(answers.slice(3, 100)).toEqual(Array(97).fill(429));
		expect(answers.at(-1)).toBe(0);
		expect((await upgrade({ localAddress: '127.0.0.2' })).status).toBe(101);
	});

	test('is waited for on so many connections of an address, and those that are WebSockets are not among them', async () => {
		await start({ connections_unauthenticated_per_address: 3 });
		expect(await statuses(4)).toEqual([101, 101, 101, 429]);
		const idle = (localAddress: string) => {
			const socket = connectTo({ port: port(), host: '127.0.0.1', localAddress });
			socket.on('error', () => {}).resume();
			return socket;
		};
		const waiting = Array.from({ length: 3 }, () => idle('127.0.0.2'));
		await Promise.all(waiting.map((socket) => once(socket, 'connect')));
		await new Promise((closed) => idle('127.0.0.2').on('close', closed));
		expect(await connect.refusals()).toEqual({ connections_unauthenticated_per_address: 2 });
		expect((await upgrade({ localAddress: '127.0.0.2' })).status).toBe(0);
		expect((await upgrade({ localAddress: '127.0.0.3' })).status).toBe(101);
		for (const socket of waiting) socket.destroy();
		while ((await upgrade({ localAddress: '127.0.0.2' })).status !== 101)
			await new Promise((next) => setImmediate(next));
	});

	test('that is refused leaves no socket open, though the client closes nothing', async () => {
		await start({}, { mostConnections: 1 });
		await upgrade();
		const socket = connectTo({ port: port(), host: '127.0.0.1', allowHalfOpen: true });
		socket.write('GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
		socket.resume();
		await once(socket, 'end');
		const count = () => new Promise<number>((resolve) => http.getConnections((_error, open) => resolve(open)));
		while ((await count()) > 1) await new Promise((next) => setTimeout(next, 20));
		socket.destroy();
	});
});

describe('a WebSocket', () => {
	const open = async (): Promise<WebSocket> => {
		const socket = new WebSocket(`ws://127.0.0.1:${port()}/ws`, 'tschat.v2');
		await once(socket, 'open');
		return socket;
	};

	test('has its pings answered', async () => {
		await start({});
		const socket = await open();
		socket.ping('hello');
		expect(String((await once(socket, 'pong'))[0])).toBe('hello');
	});

	test('that floods with pings is closed, with a code', async () => {
		await start({ frames_per_second: 1, frames_burst: 10, frames_debt: 20 });
		const socket = await open();
		let pongs = 0;
		socket.on('pong', () => {
			pongs += 1;
		});
		for (let index = 0; index < 1000; index += 1) socket.ping();
		expect((await once(socket, 'close'))[0]).toBe(4010);
		expect(pongs).toBeLessThanOrEqual(10);
	});

	test('that sends a frame over the limit is closed with 1009, and counted', async () => {
		await start({});
		const socket = await open();
		socket.send('x'.repeat(70_000));
		expect((await once(socket, 'close'))[0]).toBe(1009);
		expect(await connect.refusals()).toEqual({ max_frame_bytes: 1 });
	});
});
