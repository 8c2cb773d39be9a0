import type { Server, Socket } from 'node:net';
import { ChatError, tooMany } from '../../protocol/errors.ts';
import { clientOfAddress, type TrustedProxies } from '../client-address.ts';
import { openFilesForClients } from '../open-files.ts';

interface Options {
	/** Connections, and those of one address among them. */
	readonly most: number;
	readonly mostPerAddress: number;
	readonly trusted: TrustedProxies;
	readonly refused: { readonly all: () => void; readonly perAddress: () => void };
}

/** When whoever was refused may come again. */
const retryAfterMs = 5000;
/** Beyond so many times the limit nobody is told any more: the connection just ends. */
const slack = 2;

/** A socket is found again by its peer: over TLS the request has another socket than the connection. */
const peerOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;

/**
 * Limits the connections to an HTTP server. What comes beyond is answered by the error that this gives for the socket of its first
 * request, if there is one; as many again just end.
 */
export const limitConnections = (server: Server, options: Options): ((socket: Socket) => ChatError | undefined) => {
	const { mostPerAddress, trusted, refused } = options;
	// With those beyond it no more than half of the files: the gateways of the same process have as many.
	const most = Math.min(options.most, Math.ceil(openFilesForClients() / (2 * slack)));
	const open = new Map<string, number>();
	const beyond = new Map<string, 'all' | 'perAddress'>();
	let total = 0;

	server.maxConnections = most * slack;
	server.on('drop', () => refused.all());
	server.on('connection', (socket: Socket) => {
		// It was reset before it was taken: its request would count for nobody.
		if (socket.remoteAddress === undefined) return void socket.destroy();
		const client = clientOfAddress(socket.remoteAddress, trusted);
		const peer = peerOf(socket);
		const ofClient = client === undefined ? 0 : (open.get(client) ?? 0) + 1;
		total += 1;
		if (client !== undefined) open.set(client, ofClient);
		socket.once('close', () => {
			total -= 1;
			beyond.delete(peer);
			const left = client === undefined ? 0 : (open.get(client) ?? 0) - 1;
			if (client === undefined) return;
			if (left > 0) open.set(client, left);
			else open.delete(client);
		});
		const limit = ofClient > mostPerAddress ? 'perAddress' : total > most ? 'all' : undefined;
		if (limit === undefined) return;
		refused[limit]();
		if (ofClient > mostPerAddress * slack) socket.destroy();
		else beyond.set(peer, limit);
	});

	return (socket) => {
		if (beyond.size === 0) return undefined;
		const limit = beyond.get(peerOf(socket));
		if (limit === undefined) return undefined;
		return limit === 'all'
			? new ChatError('overloaded', 'too many connections, try again', { retryAfterMs })
			: tooMany('too-many-requests', retryAfterMs);
	};
};
