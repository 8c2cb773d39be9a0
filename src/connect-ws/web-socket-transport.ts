import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Transport } from '../connect/transport.ts';
import { type CloseKey, closeCodes } from '../protocol/close-codes.ts';
import { drained, writeProgress } from '../runtime/drained.ts';

/** How long a client may take to answer a close, in ms. */
const closeTimeoutMs = 10_000;
/** The same where its connection is to be gone soon: nothing of an ended session is open a second later, and one that floods is not waited for. */
const soonMs: { readonly [why in CloseKey]?: number } = { revoked: 100, flooding: 1000 };

/**
 * Writes frames straight to the connection's socket: `ws` would frame each message anew for each reader. Both write whole
 * frames only, and without compression `ws` queues nothing, so its pings and closes fall between ours.
 * A class, since an idle connection has one: methods of its own would be half a kilobyte.
 */
export class WebSocketTransport implements Transport {
	readonly maxFrameBytes: number;
	readonly answersPings = true;
	readonly #webSocket: WebSocket;
	readonly #socket: Socket;

	constructor(webSocket: WebSocket, socket: Socket, maxFrameBytes: number) {
		this.#webSocket = webSocket;
		this.#socket = socket;
		this.maxFrameBytes = maxFrameBytes;
	}

	write(bytes: Buffer): void {
		this.#socket.write(bytes);
	}

	unsentBytes(): number {
		return this.#socket.writableLength;
	}

	progress(): number {
		return writeProgress(this.#socket);
	}

	drained(): Promise<void> {
		return drained(this.#socket);
	}

	ping(): void {
		if (this.#webSocket.readyState === this.#webSocket.OPEN) this.#webSocket.ping();
	}

	pauseReading(): void {
		this.#webSocket.pause();
	}

	resumeReading(): void {
		this.#webSocket.resume();
	}

	close(why: CloseKey): void {
		const { code, reason } = closeCodes[why];
		const webSocket = this.#webSocket;
		// What one that floods still sends is not read any more, nor its answer to the close.
		if (why === 'flooding') webSocket.pause();
		else webSocket.resume();
		webSocket.close(code, reason);
		setTimeout(() => webSocket.terminate(), soonMs[why] ?? closeTimeoutMs).unref();
	}
}
