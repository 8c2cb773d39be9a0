import { once } from 'node:events';
import { type AddressInfo, connect as connectTo, type Server, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { Arrivals } from '../../../src/connect/arrivals.ts';
import { PacketReader, stickyPacket } from '../../../src/connect/codecs/sticky-packet.ts';
import { acceptTcp } from '../../../src/connect-tcp/accept-tcp.ts';
import type { Certificates } from '../../../src/ports/certificates.ts';
import { trustedProxies } from '../../../src/runtime/client-address.ts';
import { createSocketServer } from '../../../src/runtime/secure-server.ts';
import { certificatesOf, createAuthority } from '../../support/certificates.ts';
import { startConnectServer } from '../connect/harness.ts';

type Limits = NonNullable<Parameters<typeof startConnectServer>[0]>['limits'];

let tcp: Server;
let connect: Awaited<ReturnType<typeof startConnectServer>>;
const sockets = new Set<Socket>();

interface Options {
	readonly trusted?: string;
	readonly proxyProtocol?: boolean;
	readonly certificates?: Certificates;
}

const start = async (limits: Limits, options: Options = {}): Promise<void> => {
	const { proxyProtocol = false, certificates } = options;
	connect = await startConnectServer({ ...(limits && { limits }) });
	const { server } = connect;
	const trusted = trustedProxies(options.trusted ?? '');
	const arrivals = new Arrivals(server.admission, trusted);
	const opened = (socket: Socket): void => {
		socket.on('error', () => {});
		acceptTcp(socket, { server, arrivals, trusted, proxyProtocol });
	};
	tcp = createSocketServer(certificates, { allowHalfOpen: true }, { arrived: arrivals.arrived, opened });
	tcp.listen(0, '127.0.0.1');
	await once(tcp, 'listening');
};
afterEach(async () => {
	for (const socket of sockets) socket.destroy();
	await connect.stop();
	tcp.close();
});

const hello = stickyPacket(JSON.stringify({ type: 'hello', token: 'token-1' }));
const named = (client: string) => Buffer.from(`PROXY TCP4 ${client} 198.51.100.1 49153 7001\r\n`);

const open = (): Socket => {
	const socket = connectTo((tcp.address() as AddressInfo).port, '127.0.0.1');
	sockets.add(socket);
	return socket.setNoDelay(true).on('error', () => {});
};

/** Sends pieces, each in a packet of its own; the type of the first frame that comes back, or `closed`. */
const send = (...pieces: Buffer[]): Promise<string> => sendBy(open(), ...pieces);

const sendBy = async (socket: Socket, ...pieces: Buffer[]): Promise<string> => {
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
		const socket = open();
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

describe('a TLS connection', () => {
	const authority = createAuthority();
	const certificates = certificatesOf(authority.issue('chat'));
	const sendSecurely = (): Promise<string> => {
		const socket = connectTls({ port: (tcp.address() as AddressInfo).port, host: '127.0.0.1', ca: authority.pem });
		sockets.add(socket);
		return sendBy(
			socket.on('error', () => {}),
			hello,
		);
	};

	test('is counted from when it comes, by address and in all, until its handshake is over', async () => {
		await start({ connections_unauthenticated_per_address: 3 }, { certificates });
		expect([await sendSecurely(), await sendSecurely(), await sendSecurely()]).toEqual(Array(3).fill('welcome'));
		const waiting = [open(), open(), open()];
		await Promise.all(waiting.map((socket) => once(socket, 'connect')));
		expect(await sendSecurely()).toBe('closed');
		expect(await connect.refusals()).toEqual({ connections_unauthenticated_per_address: 1 });
		for (const socket of waiting) socket.destroy();
		while ((await sendSecurely()) !== 'welcome') await new Promise((next) => setImmediate(next));
	});

	test('may be ended by a client as soon as it has sent: it is still answered', async () => {
		await start({}, { certificates });
		const socket = connectTls({ port: (tcp.address() as AddressInfo).port, host: '127.0.0.1', ca: authority.pem });
		socket.end(hello);
		expect(String((await once(socket, 'data'))[0])).toContain('welcome');
		await once(socket, 'close');
	});

	test('is one attempt of its address, not two', async () => {
		await start({ connections_per_address: 4, connections_per_address_second: 1 }, { certificates });
		const opened = [await sendSecurely(), await sendSecurely(), await sendSecurely(), await sendSecurely()];
		expect(opened).toEqual(Array(4).fill('welcome'));
		expect(await sendSecurely()).toBe('closed');
	});
});
