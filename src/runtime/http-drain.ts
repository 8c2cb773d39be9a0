import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';

/** How long clients of a stop have to send their next request over the connection that they have, or to close it. */
const graceMs = 500;

/**
 * Lets a server end without failing a request that is on its way over an open connection. Node's own `close` ends idle connections
 * at once, also one whose next request has been sent and not read yet: its client gets a reset, and cannot know whether the
 * request was carried out. The function that is returned takes no new connections, has each answer say `connection: close`, and
 * resolves when no connection is left or half a second is over; close the server then. To be called before the first request.
 */
export const drainable = (server: Server): (() => Promise<void>) => {
	let [open, draining] = [0, false];
	let emptied = (): void => {};
	server.on('connection', (socket) => {
		open += 1;
		socket.once('close', () => {
			open -= 1;
			if (open === 0) emptied();
		});
	});
	// Before the listener that answers.
	server.prependListener('request', (_request, response) => {
		if (draining) response.setHeader('connection', 'close');
	});
	return () => {
		draining = true;
		// Not the one of HTTP servers: that is the one which ends idle connections.
		NetServer.prototype.close.call(server);
		if (open === 0) return Promise.resolve();
		return new Promise((resolve) => {
			const timer = setTimeout(resolve, graceMs);
			emptied = () => {
				clearTimeout(timer);
				resolve();
			};
		});
	};
};
