import type { ClientFrameV2 } from '../protocol/v2/client-frames.ts';
import type { ServerFrameV2 } from '../protocol/v2/server-frames.ts';
import { v2Subprotocol } from '../protocol/v2/subprotocol.ts';
import type { WebSocketConstructor, WebSocketLike } from './hosts.ts';

/** How a connection ended. */
export interface Ending {
	/** A close code: from 4500 on, the server says not to come back. */
	readonly code: number;
	readonly reason: string;
	/** Milliseconds to wait before coming back, when the server told. */
	readonly delay?: number | undefined;
}

interface Listener {
	opened(): void;
	received(frame: ServerFrameV2): void;
	/** Once, and nothing after it. */
	ended(ending: Ending): void;
}

const open = 1;
/** How long the server may take to answer a close. */
const closeTimeoutMs = 2000;
/** What a WebSocket tells when the connection broke without a close. */
const abnormal = 1006;

/** One connection: frames as objects, and one end, whatever it ends by. */
export class Socket {
	readonly #socket: WebSocketLike;
	readonly #listener: Listener;
	#closing: Ending | undefined;
	#closeTimer: ReturnType<typeof setTimeout> | undefined;
	#ended = false;

	/** Connects at once. Throws when the host refuses the URL. */
	constructor(WebSocket: WebSocketConstructor, url: string, listener: Listener) {
		this.#listener = listener;
		this.#socket = new WebSocket(url, v2Subprotocol);
		// A close event follows each error; without a listener some hosts would end the process.
		this.#socket.onerror = () => {};
		this.#socket.onopen = () => this.#opened();
		this.#socket.onmessage = ({ data }: { data: unknown }) => this.#received(data);
		this.#socket.onclose = ({ code, reason }: { code: number; reason: string }) => this.#end({ code, reason });
	}

	send(frame: ClientFrameV2): void {
		if (this.#socket.readyState === open) this.#socket.send(JSON.stringify(frame));
	}

	/** Says good-bye; ends when the server has answered, or does not. */
	close(): void {
		if (this.#ended) return;
		this.#socket.close(1000);
		this.#closeTimer ??= setTimeout(() => this.drop('closed'), closeTimeoutMs);
	}

	/** Ends at once, without waiting for a server that may be gone. */
	drop(reason: string): void {
		if (this.#ended) return;
		if (this.#socket.terminate === undefined) this.#socket.close();
		else this.#socket.terminate();
		this.#end({ code: abnormal, reason });
	}

	#opened(): void {
		if (this.#ended) return;
		if (this.#socket.protocol === v2Subprotocol) this.#listener.opened();
		else this.drop(`the server does not speak ${v2Subprotocol}`);
	}

	#received(data: unknown): void {
		if (this.#ended) return;
		try {
			const frame = JSON.parse(String(data)) as ServerFrameV2;
			if (frame.type === 'closing') this.#closing = frame;
			// What listeners throw does not come back here: only a frame of another shape than its type's does.
			this.#listener.received(frame);
		} catch {
			this.drop('the server sent what cannot be understood');
		}
	}

	/** What the closing frame told counts: a close event may lack it when the connection breaks right after. */
	#end(ending: Ending): void {
		if (this.#ended) return;
		this.#ended = true;
		clearTimeout(this.#closeTimer);
		this.#listener.ended(this.#closing ?? ending);
	}
}
