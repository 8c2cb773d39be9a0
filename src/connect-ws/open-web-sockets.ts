import type { WebSocket } from 'ws';
import type { Channel } from '../connect/channel.ts';
import type { ConnectServer } from '../connect/connect-server.ts';

/**
 * The open WebSockets and their channels: passes on what they receive. The listeners are the same for all of them, since an idle
 * connection has its own of whatever is made for each.
 */
export class OpenWebSockets {
	readonly #channels = new Map<WebSocket, Channel>();
	readonly #server: ConnectServer;
	#emptied: (() => void) | undefined;

	constructor(server: ConnectServer) {
		this.#server = server;
	}

	add(webSocket: WebSocket, channel: Channel): void {
		this.#channels.set(webSocket, channel);
		webSocket.on('error', this.#onError);
		webSocket.on('message', this.#onMessage);
		webSocket.on('ping', this.#onPing);
		webSocket.on('pong', this.#onPong);
		webSocket.on('close', this.#onClose);
	}

	/** Resolves when all have closed; cuts those that are still there after a grace in ms. No more may be added. */
	async close(graceMs: number): Promise<void> {
		if (this.#channels.size === 0) return;
		const timer = setTimeout(() => {
			for (const webSocket of this.#channels.keys()) webSocket.terminate();
		}, graceMs);
		await new Promise<void>((resolve) => {
			this.#emptied = resolve;
		});
		clearTimeout(timer);
	}

	/** A broken frame is an error event, after which `ws` closes the socket with the code that fits. */
	readonly #onError = (error: Error & { readonly code?: string }): void => {
		if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') this.#server.refused('max_frame_bytes');
	};

	readonly #onMessage = this.#listener((channel, _webSocket, data) => this.#server.received(channel, data));

	/** Whoever sends more than its rate has one answered when it has slowed down; RFC 6455 (5.5.3) lets the rest go. */
	readonly #onPing = this.#listener((channel, webSocket, data) => {
		if (this.#server.heard(channel)) webSocket.pong(data);
	});

	readonly #onPong = this.#listener((channel) => void this.#server.heard(channel));

	readonly #onClose = this.#listener((channel, webSocket) => {
		this.#channels.delete(webSocket);
		channel.left();
		if (this.#channels.size === 0) this.#emptied?.();
	});

	/** `ws` calls listeners with the WebSocket as `this`. */
	#listener(act: (channel: Channel, webSocket: WebSocket, data: Buffer) => void) {
		const channels = this.#channels;
		return function (this: WebSocket, data: unknown): void {
			const channel = channels.get(this);
			if (channel !== undefined) act(channel, this, data as Buffer);
		};
	}
}
