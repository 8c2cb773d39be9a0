import type { WebSocket } from 'ws';

const intervalMs = 1000;
/** Turns of the timer that may find a connection silent; the next one ends it, four to five seconds after the last sign of life. */
const patience = 4;

export interface KeepAlive {
	/** Pings the open socket until it closes, and ends it when nothing arrives for five seconds. */
	watch(socket: WebSocket): void;
	close(): void;
}

/**
 * Finds connections whose other end is gone without a word, or hangs. One timer for all sockets. Silence is counted in
 * turns of the timer, not by the clock, so that a pause of this process itself is not taken for the peers' silence.
 */
export const createKeepAlive = (): KeepAlive => {
	const silence = new Map<WebSocket, number>();
	const timer = setInterval(() => {
		for (const [socket, turns] of silence) {
			if (turns >= patience) socket.terminate();
			else {
				silence.set(socket, turns + 1);
				socket.ping();
			}
		}
	}, intervalMs).unref();
	return {
		watch: (socket) => {
			const heard = () => silence.set(socket, 0);
			heard();
			socket.on('message', heard);
			socket.on('ping', heard);
			socket.on('pong', heard);
			socket.on('close', () => {
				silence.delete(socket);
			});
		},
		close: () => clearInterval(timer),
	};
};
