import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { drained, writeProgress } from '../connect/drained.ts';
import type { Transport } from '../connect/transport.ts';
import { closeCodes } from '../protocol/close-codes.ts';

/** How long a client may take to answer a close. */
const closeTimeoutMs = 10_000;

/**
 * Writes frames straight to the connection's socket: `ws` would frame each message anew for each reader. Both write whole
 * frames only, and without compression `ws` queues nothing, so its pings and closes fall between ours.
 */
export const webSocketTransport = (webSocket: WebSocket, socket: Socket, maxFrameBytes: number): Transport => ({
	write: (bytes) => void socket.write(bytes),
	unsentBytes: () => socket.writableLength,
	progress: () => writeProgress(socket),
	drained: () => drained(socket),
	maxFrameBytes,
	ping: () => {
		if (webSocket.readyState === webSocket.OPEN) webSocket.ping();
	},
	answersPings: true,
	pauseReading: () => webSocket.pause(),
	resumeReading: () => webSocket.resume(),
	close: (why) => {
		const { code, reason } = closeCodes[why];
		webSocket.resume();
		webSocket.close(code, reason);
		setTimeout(() => webSocket.terminate(), closeTimeoutMs).unref();
	},
});
