import { once } from 'node:events';
import { type AddressInfo, connect as connectPlain, createServer, type Server, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { drained, writeProgress } from '../../../src/runtime/drained.ts';
import { endStill } from '../../../src/runtime/http/still-connections.ts';
import { listen } from '../../../src/runtime/listen.ts';
import { createSocketServer, createWebServer } from '../../../src/runtime/secure-server.ts';
import { certificatesOf, createAuthority } from '../../support/certificates.ts';

const authority = createAuthority();
const certificates = certificatesOf(authority.issue('chat'));

const closing: (() => void)[] = [];
afterEach(() => {
	for (const close of closing.splice(0)) close();
});

/** A reader that takes what comes only when it is told to, a piece at a time; and the server's end of its connection. */
const slowReader = async (
	serverOf: (opened: (socket: Socket) => void) => Server = (opened) => createSocketServer(certificates, {}, { opened }),
	says = '',
): Promise<{ socket: Socket; take(): Promise<void>; takeAll(): void }> => {
	let accepted: (socket: Socket) => void = () => {};
	const opened = new Promise<Socket>((resolve) => {
		accepted = resolve;
	});
	const server = serverOf((socket) => accepted(socket));
	const port = await listen(server, '127.0.0.1', 0);
	let upstream: Socket | undefined;
	/** Passes on what comes, as long as it is let: what a client leaves in the kernel's hands, TLS or not. */
	const gate = createServer((near) => {
		upstream = connectPlain(port, '127.0.0.1');
		for (const [from, to] of [
			[near, upstream],
			[upstream, near],
		] as const)
			from.on('error', () => {}).pipe(to);
	});
	const gatePort = await new Promise<number>((resolve) => {
		gate.listen(0, '127.0.0.1', () => resolve((gate.address() as AddressInfo).port));
	});
	const client: TLSSocket = connect({ host: '127.0.0.1', port: gatePort, ca: authority.pem });
	client.resume();
	client.write(says);
	const socket = await opened;
	closing.push(() => {
		client.destroy();
		socket.destroy();
		upstream?.destroy();
		server.close();
		gate.close();
	});
	socket.on('error', () => {});
	upstream?.unpipe().pause();
	return {
		socket,
		take: async () => {
			upstream?.resume();
			if (upstream !== undefined) await once(upstream, 'data');
			upstream?.pause();
		},
		takeAll: () => void upstream?.resume(),
	};
};

test('over TLS too, one long write shows progress while a slow reader takes it, and none while it takes nothing', async () => {
	const { socket, take, takeAll } = await slowReader();
	socket.write(Buffer.alloc(16 * 1024 * 1024));
	const turn = () => new Promise((resolve) => setImmediate(resolve));
	await turn();
	const unsent = socket.writableLength;
	expect(unsent).toBeGreaterThan(0);
	await expect
		.poll(() => {
			const before = writeProgress(socket);
			return turn().then(() => writeProgress(socket) === before && before > 0);
		})
		.toBe(true);
	const still = writeProgress(socket);
	for (let index = 0; index < 10; index += 1) await turn();
	expect(writeProgress(socket)).toBe(still);

	while (writeProgress(socket) === still) await take();
	expect(writeProgress(socket)).toBeGreaterThan(0);
	// Node itself says that nothing of it was taken.
	expect(socket.writableLength).toBe(unsent);
	takeAll();
	await drained(socket);
	expect([socket.writableLength, writeProgress(socket)]).toEqual([0, 0]);
});

test('an HTTP server over TLS ends the connection of a reader that takes nothing any more, and not that of a slow one', async () => {
	let timeouts = 0;
	const { socket, take } = await slowReader((opened) => {
		const server = createWebServer(certificates, (request, response) => {
			response.end(Buffer.alloc(96 * 1024 * 1024));
			opened(request.socket);
		});
		endStill(server, 400);
		return server.on('timeout', () => {
			timeouts += 1;
		});
	}, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
	const closed = once(socket, 'close');
	while (timeouts < 3) {
		await take();
		await new Promise((resolve) => setTimeout(resolve, 2));
	}
	expect(socket.destroyed).toBe(false);
	expect(writeProgress(socket)).toBeGreaterThan(0);
	await closed;
});
