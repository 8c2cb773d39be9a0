import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, onSendHookHandler } from 'fastify';
import { ChatError } from '../../protocol/errors.ts';

interface Options {
	/** Of the process, and of one client among them: in characters of the text, which are one to three bytes each. */
	readonly most: number;
	readonly mostPerAddress: number;
	/** Whom an answer counts for; undefined: for the process alone. */
	readonly clientOf: (request: IncomingMessage) => string | undefined;
	/** Told of each answer that counts for a client and was made for it: no file. */
	readonly taken: (client: string, size: number) => void;
	readonly refused: { readonly all: () => void; readonly perAddress: () => void };
}

/** Smaller answers are not counted: there are no more of them than connections, a few times. */
const countedFrom = 4096;
/** What a file that is being sent holds, at most. */
const streamSize = 65_536;
/** Requests that may be under way on one connection. Those of one read are all dealt with, and browsers and most clients send one at a time. */
const mostPipelined = 16;
const retryAfterMs = 5000;
/** How long a connection may stand still while an answer is due to be made or taken: longer than any call takes. */
const stillMs = 60_000;

/** Ends connections with too many requests under way, each of which would hold its answer, and those that stand still. */
export const limitPipelining = ({ server }: FastifyInstance, refused: () => void): void => {
	const underWay = new WeakMap<object, number>();
	server.prependListener('request', ({ socket }, response) => {
		const count = (underWay.get(socket) ?? 0) + 1;
		underWay.set(socket, count);
		response.once('close', () => underWay.set(socket, (underWay.get(socket) ?? 1) - 1));
		if (count <= mostPipelined) return;
		refused();
		socket.destroy();
	});
	// Fastify sets it for servers of its own only.
	server.setTimeout(stillMs);
};

const isText = (payload: unknown): payload is string | Buffer =>
	typeof payload === 'string' || Buffer.isBuffer(payload);

const sizeOf = (payload: unknown): number => {
	if (isText(payload)) return payload.length;
	return payload == null ? 0 : streamSize;
};

/**
 * Bounds what clients may leave unread: an answer is in memory until the kernel has taken all of it. The hook refuses one beyond the
 * limit with `overloaded` in its place.
 */
export const createUnreadLimit = ({ most, mostPerAddress, clientOf, taken, refused }: Options): onSendHookHandler => {
	const unread = new Map<string, number>();
	/** What is to be done when a connection closes: of its answers, only the one that is being written tells that. */
	const held = new WeakMap<Socket, Set<() => void>>();
	let total = 0;

	const heldBy = (socket: Socket): Set<() => void> => {
		const known = held.get(socket);
		if (known !== undefined) return known;
		const made = new Set<() => void>();
		held.set(socket, made);
		socket.once('close', () => {
			for (const release of made) release();
		});
		return made;
	};

	const overLimit = (size: number, theirs: number): boolean => {
		if (total + size > most) refused.all();
		else if (theirs + size > mostPerAddress) refused.perAddress();
		else return false;
		return true;
	};

	return (request, reply, payload, done) => {
		const size = sizeOf(payload);
		const { socket } = request.raw;
		// Nobody takes it any more, and nobody would tell.
		if (size < countedFrom || socket.destroyed || reply.raw.destroyed) return done(null, payload);
		const client = clientOf(request.raw);
		const theirs = client === undefined ? 0 : (unread.get(client) ?? 0);
		if (overLimit(size, theirs)) {
			return done(new ChatError('overloaded', 'answers are not read fast enough', { retryAfterMs }));
		}
		total += size;
		if (client !== undefined) {
			unread.set(client, theirs + size);
			if (isText(payload)) taken(client, size);
		}
		const ofSocket = heldBy(socket);
		const release = (): void => {
			if (!ofSocket.delete(release)) return;
			total -= size;
			if (client === undefined) return;
			const left = (unread.get(client) ?? 0) - size;
			if (left > 0) unread.set(client, left);
			else unread.delete(client);
		};
		ofSocket.add(release);
		reply.raw.once('close', release);
		done(null, payload);
	};
};
