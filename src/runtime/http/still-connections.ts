import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { writeProgress } from '../drained.ts';

/**
 * Ends connections of an HTTP server on which nothing has moved for `stillMs` to twice that. Node's own time-out alone would end those of
 * slow readers over TLS, too: what it looks at stands still during one long write.
 */
export const endStill = (server: Server, stillMs: number): void => {
	const unsent = new WeakMap<Socket, number>();
	server.on('timeout', (socket: Socket) => {
		const left = writeProgress(socket);
		if (left === (unsent.get(socket) ?? 0)) return void socket.destroy();
		unsent.set(socket, left);
		socket.setTimeout(stillMs);
	});
	server.setTimeout(stillMs);
};
