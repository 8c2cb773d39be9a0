import type { IncomingMessage, Server } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Codec } from '../connect/codec.ts';
import type { ConnectServer } from '../connect/connect-server.ts';
import { webSocketTransport } from './web-socket-transport.ts';

interface Options {
	readonly path: string;
	readonly mayCome: (origin: string | undefined) => boolean;
	readonly maxFrameBytes: number;
	readonly server: ConnectServer;
	/** The protocol of a client that asks for this subprotocol, or (undefined) for none that is known. */
	readonly codecOf: (subprotocol: string | undefined) => Codec;
	readonly subprotocols: ReadonlySet<string>;
}

/** Fragments of one message; a client frame is small, and each fragment costs memory until the last one comes. */
const maxFragments = 64;

const refuse = (socket: Duplex, status: string): void => {
	socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
};

/** Turns upgrade requests into connections of the connect server. `close` cuts those that are still there after a grace in ms. */
export const acceptUpgrades = (http: Server, options: Options): { close(graceMs: number): Promise<void> } => {
	const { server, codecOf } = options;
	const open = new Set<WebSocket>();
	let closing: (() => void) | undefined;
	const webSockets = new WebSocketServer({
		noServer: true,
		perMessageDeflate: false,
		clientTracking: false,
		maxPayload: options.maxFrameBytes,
		maxFragments,
		handleProtocols: (offered) => [...offered].find((name) => options.subprotocols.has(name)) ?? false,
	});

	const opened = (webSocket: WebSocket, socket: Socket): void => {
		socket.setNoDelay(true);
		open.add(webSocket);
		const transport = webSocketTransport(webSocket, socket, options.maxFrameBytes);
		const channel = server.open(transport, codecOf(webSocket.protocol || undefined));
		// A broken frame is an error event, after which `ws` closes the socket with the code that fits.
		webSocket.on('error', () => {});
		webSocket.on('message', (data: Buffer) => server.received(channel, data));
		webSocket.on('pong', () => {
			channel.heardAt = Date.now();
		});
		webSocket.on('close', () => {
			open.delete(webSocket);
			channel.left();
			if (open.size === 0) closing?.();
		});
	};

	http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
		socket.on('error', () => {});
		const path = request.url?.split('?', 1)[0];
		if (closing !== undefined) refuse(socket, '503 Service Unavailable');
		else if (path !== options.path) refuse(socket, '404 Not Found');
		else if (!options.mayCome(request.headers.origin)) refuse(socket, '403 Forbidden');
		else if (!(socket instanceof Socket)) refuse(socket, '500 Internal Server Error');
		else webSockets.handleUpgrade(request, socket, head, (webSocket) => opened(webSocket, socket));
	});

	return {
		close: async (graceMs) => {
			const allClosed = new Promise<void>((resolve) => {
				closing = resolve;
				if (open.size === 0) resolve();
			});
			const timer = setTimeout(() => {
				for (const webSocket of open) webSocket.terminate();
			}, graceMs);
			await allClosed;
			clearTimeout(timer);
		},
	};
};
