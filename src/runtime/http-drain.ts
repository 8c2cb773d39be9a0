import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * How long clients are told that an idle connection stays open, in seconds: those that heed it (undici and with it Node's `fetch`,
 * Node's `http.Agent`) close it themselves in this time, so that a stop has no idle connection of theirs left to cut. It stays open
 * for much longer, for balancers that do not heed it.
 */
const idleSeconds = 4;
/** How long connections have to become idle for that long, in ms. */
const graceMs = 1000 * (idleSeconds + 1);
/** The same where nobody takes over: a client that sends again finds nothing there anyway. */
const aloneGraceMs = 500;

interface DrainOptions {
	/** Whether the whole chat stops with this server. */
	readonly alone: boolean;
}

/** How many turns of the event loop it may take until all that has connected is taken: a turn takes one. The first of them may not look. */
const mostTurns = 1000;
/** Turns in a row that bring none. */
const quietTurns = 3;
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Of servers that are drainable: whether they are draining. */
const draining = new WeakMap<Server, boolean>();

/** What an answer of a drainable server tells of its connection: for answers that are not the app's own. */
export const connectionHeaders = ({ server }: FastifyInstance, answer: ServerResponse): Record<string, string> => {
	const drains = draining.get(server);
	if (drains === true) return { connection: 'close' };
	return drains === false && answer.shouldKeepAlive ? { 'keep-alive': `timeout=${idleSeconds}` } : {};
};

/**
 * Lets a server end without failing a request that is on its way. Node's own `close` ends idle connections at once, also one whose
 * next request has been sent and not read yet: its client gets a reset, and cannot know whether the request was carried out. The
 * function that is returned takes no new connections, has each answer say `connection: close`, and resolves when no connection is
 * left or five seconds are over; close the server then. To be called before the first request.
 */
export const drainable = (app: FastifyInstance, { alone }: DrainOptions): (() => Promise<void>) => {
	let [came, open] = [0, 0];
	let emptied = (): void => {};
	const { server } = app;
	draining.set(server, false);
	server.on('connection', (socket) => {
		came += 1;
		open += 1;
		socket.once('close', () => {
			open -= 1;
			if (open === 0) emptied();
		});
	});
	app.addHook('onSend', (_request, reply, payload, done) => {
		reply.headers(connectionHeaders(app, reply.raw));
		done(null, payload);
	});
	return async () => {
		draining.set(server, true);
		// The kernel resets those that have connected to a listener and are not taken when it closes.
		for (let [turns, quiet] = [0, 0]; quiet < quietTurns && turns < mostTurns; turns += 1) {
			const before = came;
			await nextTurn();
			quiet = came === before ? quiet + 1 : 0;
		}
		// Not the one of HTTP servers: that is the one which ends idle connections.
		NetServer.prototype.close.call(server);
		if (open === 0) return;
		await new Promise<void>((resolve) => {
			const timer = setTimeout(resolve, alone ? aloneGraceMs : graceMs);
			emptied = () => {
				clearTimeout(timer);
				resolve();
			};
		});
	};
};
