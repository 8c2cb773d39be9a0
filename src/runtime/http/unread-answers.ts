import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { ChatError } from '../../protocol/errors.ts';

interface Options {
	/** Of the process, and of one client among them: in characters of the text, which are one to three bytes each. */
	readonly most: number;
	readonly mostPerAddress: number;
	/** Whom an answer counts for; undefined: for the process alone. */
	readonly clientOf: (request: IncomingMessage) => string | undefined;
	readonly refused: { readonly all: () => void; readonly perAddress: () => void; readonly pipelined: () => void };
}

/** Smaller answers are not counted: there are no more of them than connections, a few times. */
const countedFrom = 4096;
/** Requests that may be under way on one connection. Those of one read are all dealt with, and browsers and most clients send one at a time. */
const mostPipelined = 16;
const retryAfterMs = 5000;
/** How long a connection may stand still while an answer is due to be made or taken: longer than any call takes. */
const stillMs = 60_000;

/** Ends connections with too many requests under way: each would hold its answer. */
const limitPipelining = ({ server }: FastifyInstance, refused: () => void): void => {
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

/**
 * Bounds what clients may leave unread: an answer is in memory until the kernel has taken all of it. One beyond the limit is refused
 * with `overloaded` in its place.
 */
export const limitUnread = (app: FastifyInstance, options: Options): void => {
	const { most, mostPerAddress, clientOf, refused } = options;
	const unread = new Map<string, number>();
	let total = 0;

	const overLimit = (size: number, theirs: number): boolean => {
		if (total + size > most) refused.all();
		else if (theirs + size > mostPerAddress) refused.perAddress();
		else return false;
		return true;
	};

	limitPipelining(app, refused.pipelined);
	// Fastify sets it for servers of its own only.
	app.server.setTimeout(stillMs);
	app.addHook('onSend', ({ raw }, reply, payload, done) => {
		const size = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload.length : 0;
		if (size < countedFrom) return done(null, payload);
		const client = clientOf(raw);
		const theirs = client === undefined ? 0 : (unread.get(client) ?? 0);
		if (overLimit(size, theirs)) {
			return done(new ChatError('overloaded', 'answers are not read fast enough', { retryAfterMs }));
		}
		total += size;
		if (client !== undefined) unread.set(client, theirs + size);
		reply.raw.once('close', () => {
			total -= size;
			if (client === undefined) return;
			const left = (unread.get(client) ?? 0) - size;
			if (left > 0) unread.set(client, left);
			else unread.delete(client);
		});
		done(null, payload);
	});
};
