import { once } from 'node:events';
import { type AddressInfo, connect as connectTo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { PacketReader, stickyPacket } from '../../../src/connect/codecs/sticky-packet.ts';
import { acceptTcp } from '../../../src/connect-tcp/accept-tcp.ts';
import { trustedProxies } from '../../../src/runtime/client-address.ts';
import { startConnectServer } from '../connect/harness.ts';

type Limits = NonNullable<Parameters<typeof startConnectServer>[0]>['limits'];

let tcp: Server;
let connect: Awaited<ReturnType<typeof startConnectServer>>;
const sockets = new Set<Socket>();

const start = async (limits: Limits, { trusted = '', proxyProtocol = false } = {}): Promise<void> => {
	connect = await startConnectServer({ ...(limits && { limits }) });
	tcp = createServer({ allowHalfOpen: true }, (socket) => {
		socket.on('error', () => {});
		acceptTcp(socket, { server: connect.server, trusted: trustedProxies(trusted), proxyProtocol });
	}).listen(0, '127.0.0.1');
	await once(tcp, 'listening');
};
afterEach(async () => {
	for (const socket of sockets) socket.destroy();
	await connect.stop();
	tcp.close();
});

const hello = stickyPacket(JSON.stringify({ type: 'hello', token: 'token-1' }));
const named = (client: string) => Buffer.from(`PROXY TCP4 ${client} 198.51.100.1 49153 7001\r\n`);

/** Sends pieces, each in a packet of its own; the type of the first frame that comes back, or `closed`. */
const send = async (...pieces: Buffer[]): Promise<string> => {
	const socket = connectTo((tcp.address() as AddressInfo).port, '127.0.0.1');
	sockets.add(socket);
	socket.setNoDelay(true);
	socket.on('error', () => {});
	const reader = new PacketReader();
	const answer = new Promise<string>((resolve) => {
		socket.on('data', (chunk) => {
			for (const body of reader.read(chunk)) resolve(JSON.parse(body.toString()).type);
		});
		socket.on('close', () => resolve('closed'));
	});
	for (const piece of pieces) {
		await new Promise((written) => socket.write(piece, written));
		await new Promise((next) => setImmediate(next));
	}
	return answer;
};

describe('a TCP connection', () => {
	test('beyond what its address may have is closed at once', async () => {
		await start({ connections_per_address: 1, connections_per_address_second: 1000 });
		expect(await send(hello)).toBe('welcome');
		expect(await send(hello)).toBe('closed');
		expect(await connect.refusals()).toEqual({ connections_per_address: 1 });
	});

	test('that brings thousands of small messages in one write and leaves loses none of them', async () => {
		await start({ frames_burst: 5000, frames_debt: 100 });
		const socket = connectTo((tcp.address() as AddressInfo).port, '127.0.0.1');
		sockets.add(socket);
		const bodies = Array.from({ length: 2500 }, (_, index) => String(index));
		const joins = stickyPacket(JSON.stringify({ op: 6, authToken: 'token-1', roomId: 1 }));
		const messages = bodies.map((msg) => stickyPacket(JSON.stringify({ op: 3, roomId: 1, msg })));
		socket.resume().end(Buffer.concat([joins, ...messages]));
		await once(socket, 'close');
		expect(connect.sent).toEqual(bodies);
	});

	test('of a trusted proxy counts for the client that its header names', async () => {
		await start(
			{ connections_per_address: 1, connections_per_address_second: 1000 },
			{ trusted: 'loopback', proxyProtocol: true },
		);
		expect(await send(Buffer.concat([named('192.0.2.1'), hello]))).toBe('welcome');
		expect(await send(Buffer.concat([named('192.0.2.1'), hello]))).toBe('closed');
		expect(await send(Buffer.concat([named('192.0.2.2'), hello]))).toBe('welcome');
	});

	test('is served however its header and first packet are split', async () => {
		await start({}, { trusted: 'loopback', proxyProtocol: true });
		const bytes = Buffer.concat([named('192.0.2.1'), hello]);
		const single = Array.from(bytes, (byte) => Buffer.from([byte]));
		expect(await send(...single)).toBe('welcome');
		expect(await send(bytes.subarray(0, 30), bytes.subarray(30))).toBe('welcome');
		expect(await send(named('192.0.2.1'), hello)).toBe('welcome');
	});

	test('of a trusted proxy without a header is closed', async () => {
		await start({}, { trusted: 'loopback', proxyProtocol: true });
		expect(await send(hello)).toBe('closed');
		expect(await send(Buffer.from('PROXY nonsense\r\n'), hello)).toBe('closed');
	});

	test('of anybody else may not name a client: the header is no packet', async () => {
		await start({}, { trusted: '192.0.2.100', proxyProtocol: true });
		expect(await send(hello)).toBe('welcome');
		expect(await send(Buffer.concat([named('192.0.2.1'), hello]))).toBe('closed');
	});

	test('is no place for a header where the setting is off', async () => {
		await start({}, { trusted: 'loopback' });
		expect(await send(Buffer.concat([named('192.0.2.1'), hello]))).toBe('closed');
		expect(await send(hello)).toBe('welcome');
	});
});
