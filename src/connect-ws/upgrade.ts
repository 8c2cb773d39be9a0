import type { IncomingMessage, Server } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { Arrivals } from '../connect/arrivals.ts';
import type { Codec } from '../connect/codec.ts';
import type { ConnectServer } from '../connect/connect-server.ts';
import { clientOf, clientOfAddress, type TrustedProxies } from '../runtime/client-address.ts';
import { OpenWebSockets } from './open-web-sockets.ts';
import { refuse } from './refuse.ts';
import { WebSocketTransport } from './web-socket-transport.ts';

interface Options {
	readonly path: string;
	readonly mayCome: (origin: string | undefined) => boolean;
	/** Told of each that may not. */
	readonly foreign: (origin: string) => void;
	readonly maxFrameBytes: number;
	readonly maxHeaderFields: number;
	/** Told of each request with more. */
	readonly tooManyFields: () => void;
	readonly trusted: TrustedProxies;
	readonly server: ConnectServer;
	/** The protocol of a client that asks for this subprotocol, or (undefined) for none that is known. */
	readonly codecOf: (subprotocol: string | undefined) => Codec;
	readonly subprotocols: ReadonlySet<string>;
}

/** Fragments of one message; a client frame is small, and each fragment costs memory until the last one comes. */
const maxFragments = 64;

/** When a client that was refused here may try again. */
const stoppingSeconds = 1;
const addressSeconds = 10;
const statuses = { 429: '429 Too Many Requests', 503: '503 Service Unavailable' } as const;

/** Whatever breaks a socket is followed by its close. */
const ignore = (): void => {};

interface Upgrades {
	/** From now on takes no more. */
	refuseAll(): void;
	/** Resolves when all are closed; cuts those that are still there after a grace in ms. */
	close(graceMs: number): Promise<void>;
}

/** Turns upgrade requests into connections of the connect server. */
export const acceptUpgrades = (http: Server, options: Options): Upgrades => {
	const { server, codecOf, trusted } = options;
	const { admission } = server;
	const open = new OpenWebSockets(server);
	const arrivals = new Arrivals(admission, trusted);
	let closing = false;
	const webSockets = new WebSocketServer({
		noServer: true,
		perMessageDeflate: false,
		clientTracking: false,
		maxPayload: options.maxFrameBytes,
		maxFragments,
		// Counted, and answered, here.
		autoPong: false,
		handleProtocols: (offered) => [...offered].find((name) => options.subprotocols.has(name)) ?? false,
	});

	const opened = (webSocket: WebSocket, socket: Socket, client: string | undefined): void => {
		arrivals.served(socket);
		socket.setNoDelay(true);
		const transport = new WebSocketTransport(webSocket, socket, options.maxFrameBytes);
		open.add(webSocket, server.open(transport, codecOf(webSocket.protocol || undefined), client));
	};

	const upgrade = (request: IncomingMessage, socket: Socket, head: Buffer): void => {
		const client = clientOf(request, trusted);
		// One that comes through a proxy has not knocked yet: the connection was the proxy's.
		if (clientOfAddress(socket.remoteAddress, trusted) === undefined && !admission.knock(client)) {
			refuse(socket, statuses[429], addressSeconds);
			return;
		}
		const refusal = admission.refusal(client);
		if (refusal !== undefined) refuse(socket, statuses[refusal.status], refusal.retryAfterSeconds);
		else webSockets.handleUpgrade(request, socket, head, (webSocket) => opened(webSocket, socket, client));
	};

	http.on('connection', arrivals.arrived);
	http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
		socket.on('error', ignore);
		const path = request.url?.split('?', 1)[0];
		if (closing) refuse(socket, statuses[503], stoppingSeconds);
		// Names and values in turn.
		else if (request.rawHeaders.length > 2 * options.maxHeaderFields) {
			options.tooManyFields();
			refuse(socket, '400 Bad Request');
		} else if (path !== options.path) refuse(socket, '404 Not Found');
		else if (!options.mayCome(request.headers.origin)) {
			options.foreign(request.headers.origin ?? '');
			refuse(socket, '403 Forbidden');
		} else if (!(socket instanceof Socket)) refuse(socket, '500 Internal Server Error');
		else upgrade(request, socket, head);
	});

	return {
		refuseAll: () => {
			closing = true;
		},
		close: (graceMs) => open.close(graceMs),
	};
};
