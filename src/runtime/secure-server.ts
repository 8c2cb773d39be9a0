import {
	createServer as createHttpServer,
	type Server as HttpServer,
	type RequestListener,
	type ServerOptions,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type Server, type ServerOpts, type Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import type { Certificates } from '../ports/certificates.ts';

/** How long a client may take over the handshake. */
const handshakeMs = 10_000;

const secure = ({ current }: Certificates) => ({ ...current, minVersion: 'TLSv1.2' as const });

const ends = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;

/** Handshakes that fail, take too long, or are under way when the server closes end their connections; by itself Node keeps these. */
const cutHandshakes = (server: TlsServer): void => {
	const underWay = new Map<string, Socket>();
	server.on('connection', (raw: Socket) => {
		const name = ends(raw);
		underWay.set(name, raw);
		raw.once('close', () => underWay.delete(name));
	});
	server.on('secureConnection', (socket) => underWay.delete(ends(socket)));
	server.on('tlsClientError', (_error, socket) => socket.destroy());
	const close = server.close.bind(server);
	server.close = (closed) => {
		close(closed);
		for (const raw of underWay.values()) raw.destroy();
		return server;
	};
};

/** New connections get the certificate as it is renewed; those that are open keep theirs. */
const following = <S extends TlsServer>(server: S, certificates: Certificates): S => {
	const end = certificates.onRenewed(() => server.setSecureContext(secure(certificates)));
	server.once('close', end);
	cutHandshakes(server);
	return server;
};

/** An HTTP server: over TLS (1.2 at least) if there are certificates. */
export const createWebServer = (
	certificates: Certificates | undefined,
	listener: RequestListener,
	options: ServerOptions = {},
): HttpServer => {
	if (certificates === undefined) return createHttpServer(options, listener);
	const tls = { ...options, ...secure(certificates), handshakeTimeout: handshakeMs };
	return following(createHttpsServer(tls, listener), certificates);
};

interface Connections {
	/** Told each connection as it comes, before the handshake; false when it was cut. */
	readonly arrived?: (raw: Socket) => boolean;
	/** Given each connection once it can be read from. */
	readonly opened: (socket: Socket) => void;
}

/** A TCP server: over TLS (1.2 at least) if there are certificates. */
export const createSocketServer = (
	certificates: Certificates | undefined,
	options: ServerOpts,
	{ arrived = () => true, opened }: Connections,
): Server => {
	if (certificates === undefined) {
		return createTcpServer(options, (socket) => {
			if (arrived(socket)) opened(socket);
		});
	}
	const tls = { ...options, ...secure(certificates), handshakeTimeout: handshakeMs };
	// Half open only after the handshake: whoever leaves during it would be kept until its time is over.
	const { allowHalfOpen = false } = options;
	const server = createTlsServer({ ...tls, allowHalfOpen: false }, (socket) => {
		socket.allowHalfOpen = allowHalfOpen;
		opened(socket);
	});
	return following(server, certificates).on('connection', arrived);
};
