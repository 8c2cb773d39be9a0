import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
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

/** Ends connections with too many requests under way, each of which would hold its answer. */
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
};

const isText = (payload: unknown): payload is string | Buffer =>
	typeof payload === 'string' || Buffer.isBuffer(payload);

const sizeOf = (payload: unknown, length: number): number => {
	if (isText(payload)) return payload.length;
	return payload == null ? 0 : Math.min(streamSize, length);
};

/** What one client has not read. */
interface Unread {
	size: number;
	/** For each answer what ends its connection. */
	readonly cuts: Set<() => void>;
}

/**
 * Bounds what clients may leave unread: an answer is in memory until the kernel has taken all of it. The hook refuses one beyond the
 * limit of its client with `overloaded` in its place. At the limit of the process the client that has left most unread is cut,
 * so that a few who do not read take nothing from those who do.
 */
export const createUnreadLimit = ({ most, mostPerAddress, clientOf, taken, refused }: Options): onSendHookHandler => {
	const clients = new Map<string, Unread>();
	/** What is to be done when a connection closes: of its answers, only the one that is being written tells that. */
	const held = new WeakMap<Socket, Set<() => void>>();
	let total = 0;

	const releaseAll = (socket: Socket): void => {
		for (const release of held.get(socket) ?? []) release();
	};

	const heldBy = (socket: Socket): Set<() => void> => {
		const known = held.get(socket);
		if (known !== undefined) return known;
		const made = new Set<() => void>();
		held.set(socket, made);
		socket.once('close', () => releaseAll(socket));
		return made;
	};

	/** False when nobody has left more unread than whoever asks would. */
	const cutLargest = (than: number): boolean => {
		let largest: Unread | undefined;
		for (const one of clients.values()) if (one.size > (largest?.size ?? than)) largest = one;
		for (const cut of largest?.cuts ?? []) cut();
		return largest !== undefined;
	};

	const overLimit = (size: number, theirs: number): boolean => {
		if (theirs + size > mostPerAddress) {
			refused.perAddress();
			return true;
		}
		while (total + size > most) {
			refused.all();
			if (!cutLargest(theirs + size)) return true;
		}
		return false;
	};

	/** Counts an answer; what gives it back. */
	const hold = (size: number, client: string | undefined, socket: Socket): (() => void) => {
		const theirs = (client === undefined ? undefined : clients.get(client)) ?? { size: 0, cuts: new Set() };
		if (client !== undefined) clients.set(client, theirs);
		const cut = (): void => {
			releaseAll(socket);
			socket.destroy();
		};
		total += size;
		theirs.size += size;
		theirs.cuts.add(cut);
		return () => {
			total -= size;
			theirs.size -= size;
			theirs.cuts.delete(cut);
			if (client !== undefined && theirs.cuts.size === 0) clients.delete(client);
		};
	};

	return (request, reply, payload, done) => {
		const { socket } = request.raw;
		const file = payload instanceof Readable ? payload : undefined;
		// Nobody takes it any more, and nobody would tell. Text, as Fastify's own hook for HEAD takes no null.
		if (socket.destroyed || reply.raw.destroyed) {
			file?.destroy();
			return done(null, '');
		}
		const size = sizeOf(payload, Number(reply.getHeader('content-length') ?? streamSize));
		if (size < countedFrom && file === undefined) return done(null, payload);
		const client = clientOf(request.raw);
		if (overLimit(size, client === undefined ? 0 : (clients.get(client)?.size ?? 0))) {
			file?.destroy();
			return done(new ChatError('overloaded', 'answers are not read fast enough', { retryAfterMs }));
		}
		if (client !== undefined && isText(payload)) taken(client, size);
		const giveBack = hold(size, client, socket);
		const ofSocket = heldBy(socket);
		const release = (): void => {
			if (!ofSocket.delete(release)) return;
			giveBack();
			// One that nobody sends stays open: Fastify closes only what it has begun to send.
			file?.destroy();
		};
		ofSocket.add(release);
		reply.raw.once('close', release);
		done(null, payload);
	};
};
