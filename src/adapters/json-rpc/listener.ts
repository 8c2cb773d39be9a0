import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import { atMostEachSecond, type Logger } from '../../runtime/logger.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { KeepAlive } from './keep-alive.ts';
import { ServerSession } from './server-session.ts';
import { createRpcServer, type RpcTls } from './tls.ts';
import { looseSubprotocol } from './wire.ts';

export interface ListenerOptions {
	readonly host: string;
	/** 0 lets the system choose. */
	readonly port: number;
	/** Any one of these is accepted. */
	readonly secrets: readonly string[];
	readonly tls: RpcTls | undefined;
	readonly maxMessageBytes: number;
	readonly logger: Logger | undefined;
}

/** How long a caller may take to confirm that the connection is closed. */
const closeTimeoutMs = 500;
/** How long calls under way may take to end when a service stops. */
const drainMs = 3000;

/** The one listening port of a process, whichever services it answers for. */
export interface Listener {
	readonly port: number;
	add(dispatcher: Dispatcher): void;
	/**
	 * Ends a service: refuses its new calls, waits for those under way, sends their answers, closes its connections;
	 * with the last service the port too.
	 */
	remove(dispatcher: Dispatcher): Promise<void>;
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Whether a header holds one of the secrets. Takes the same time whichever it is and however much of one was guessed:
 * digests are compared, which have one length, and all of them.
 */
const secretCheck = (secrets: readonly string[]): ((authorization: string | undefined) => boolean) => {
	const accepted = secrets.map((secret) => sha256(`Bearer ${secret}`));
	return (authorization = '') => {
		const given = sha256(authorization);
		return accepted.filter((digest) => timingSafeEqual(given, digest)).length > 0;
	};
};

const refuse = (socket: Duplex, status: string): void => {
	socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
};

/**
 * Listens for callers: WebSocket on `/rpc`, with `Authorization: Bearer <secret>`. `/rpc?server=<id>` reaches the services
 * under that id only, and is refused (404) when they are not here: what follows on the port of a dead server gets no calls meant for it.
 */
export const listen = async (options: ListenerOptions, keepAlive: KeepAlive): Promise<Listener> => {
	const { maxMessageBytes, logger } = options;
	const isAccepted = secretCheck(options.secrets);
	const dispatchers = new Set<Dispatcher>();
	const sessions = new Map<WebSocket, { serverId: string | null; session: ServerSession }>();
	const webSockets = new WebSocketServer({
		noServer: true,
		clientTracking: false,
		perMessageDeflate: false,
		maxPayload: maxMessageBytes,
		maxFragments: 64,
		handleProtocols: (offered) => offered.has(looseSubprotocol) && looseSubprotocol,
	});

	/** The services that a connection to this server id (null: to any) reaches. */
	const servedAs = (serverId: string | null): Dispatcher[] =>
		[...dispatchers].filter((each) => serverId === null || each.serverId === serverId);

	const open = (socket: WebSocket, serverId: string | null): void => {
		socket.on('error', (error) => logger?.warn({ err: error }, 'rpc connection failed'));
		const session = new ServerSession(socket, {
			loose: socket.protocol === looseSubprotocol,
			dispatcherOf: (service) => {
				for (const each of dispatchers)
					if (each.service === service && (serverId === null || each.serverId === serverId)) return each;
				return undefined;
			},
			maxMessageBytes,
			logger,
		});
		sessions.set(socket, { serverId, session });
		socket.on('close', () => sessions.delete(socket));
		keepAlive.watch(socket);
	};

	const close = async (socket: WebSocket): Promise<void> => {
		const closed = once(socket, 'close');
		const timer = setTimeout(() => socket.terminate(), closeTimeoutMs);
		sessions.get(socket)?.session.flush();
		socket.close(1001);
		await closed;
		clearTimeout(timer);
	};

	const tellRefused = atMostEachSecond((connections, from: string | undefined) => {
		logger?.warn({ from, connections }, 'rpc connection with a wrong secret refused');
	});

	const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
		socket.on('error', () => socket.destroy());
		if (!isAccepted(request.headers.authorization)) {
			tellRefused(request.socket.remoteAddress);
			refuse(socket, '401 Unauthorized');
			return;
		}
		const [path, query] = (request.url ?? '').split('?', 2);
		const serverId = new URLSearchParams(query).get('server');
		if (path !== '/rpc' || servedAs(serverId).every((each) => each.closing)) refuse(socket, '404 Not Found');
		else webSockets.handleUpgrade(request, socket, head, (webSocket) => open(webSocket, serverId));
	};

	const server = createRpcServer(options.tls, (_request, response) => {
		response.writeHead(426, { Connection: 'close', 'Content-Length': 0 }).end();
	});
	server.headersTimeout = 5000;
	const tellUncertified = atMostEachSecond((connections, { message }: Error, from: string | undefined) => {
		logger?.warn({ from, connections, reason: message }, 'rpc connection without a fitting certificate refused');
	});
	server.on('tlsClientError', (error: Error, socket: { remoteAddress?: string }) =>
		tellUncertified(error, socket.remoteAddress),
	);
	server.on('upgrade', upgrade);
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(options.port, options.host, resolve);
	});
	server.on('error', (error) => logger?.error({ err: error }, 'rpc listener failed'));
	const address = server.address();

	return {
		port: typeof address === 'object' && address !== null ? address.port : options.port,
		add: (dispatcher) => void dispatchers.add(dispatcher),
		remove: async (dispatcher) => {
			await dispatcher.drain(drainMs);
			// The answers of the calls that ended last are on their way through promises.
			await setImmediate();
			dispatchers.delete(dispatcher);
			const useless = [...sessions].filter(([, { serverId }]) => servedAs(serverId).length === 0);
			await Promise.all(useless.map(([socket]) => close(socket)));
			if (dispatchers.size === 0 && server.listening)
				await new Promise<void>((resolve) => {
					server.close(() => resolve());
					server.closeAllConnections();
				});
		},
	};
};
