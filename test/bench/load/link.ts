import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { now } from './clock.ts';
import { FrameReader } from './frame-reader.ts';
import { clientFrame, opcode } from './frame-writer.ts';

export interface Address {
	/** `ws://host:port/path?query` */
	readonly url: string;
	readonly subprotocol: string | undefined;
	/** The address to connect from: one has ports for about 28,000 connections to the same server. */
	readonly localAddress: string | undefined;
}

export interface Listener {
	opened(): void;
	/** A text frame's payload, from `start` to `end` of `bytes`, which are only good during the call; when it came, in µs. */
	text(bytes: Buffer, start: number, end: number, at: number): void;
	pong(): void;
	/** Once, whoever ended it, or when it never opened. */
	closed(why: string): void;
}

/** All sockets are read into the same memory: each read is over before the next one begins, so that none allocates. */
const shared = Buffer.allocUnsafeSlow(2 ** 18);

const headEnd = '\r\n\r\n';
const maxHeadBytes = 16_384;

/** A client's WebSocket, straight on the socket: what `ws` makes of each frame would cost the load more than most servers. */
export class Link {
	/** When something came last, in µs. */
	heardAt = now();
	readonly #socket: Socket;
	readonly #listener: Listener;
	readonly #frames = new FrameReader((code, bytes, start, end) => this.#frame(code, bytes as Buffer, start, end));
	/** What came of the answer to the handshake; undefined once that is complete. */
	#head: string | undefined = '';
	#why = 'the server ended the connection';

	constructor(address: Address, listener: Listener) {
		this.#listener = listener;
		const url = new URL(address.url);
		const socket = connect({
			host: url.hostname,
			port: Number(url.port || 80),
			noDelay: true,
			...(address.localAddress !== undefined && { localAddress: address.localAddress }),
			onread: {
				buffer: shared,
				callback: (length) => {
					this.#read(length);
					return true;
				},
			},
		});
		this.#socket = socket;
		socket.on('error', (error) => {
			this.#why = error.message;
		});
		socket.on('end', () => socket.end());
		socket.on('close', () => listener.closed(this.#why));
		const offered = address.subprotocol === undefined ? '' : `Sec-WebSocket-Protocol: ${address.subprotocol}\r\n`;
		socket.write(
			`GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
				`Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\n${offered}\r\n`,
		);
	}

	send(text: string): void {
		this.#socket.write(clientFrame(opcode.text, Buffer.from(text)));
	}

	ping(): void {
		this.#socket.write(clientFrame(opcode.ping, Buffer.alloc(0)));
	}

	close(why: string): void {
		this.#why = why;
		this.#socket.destroy();
	}

	#read(length: number): void {
		this.heardAt = now();
		try {
			if (this.#head === undefined) this.#frames.read(shared, length);
			else this.#handshake(length);
		} catch (error) {
			this.close(String(error));
		}
	}

	#handshake(length: number): void {
		const head = this.#head + shared.toString('latin1', 0, length);
		const end = head.indexOf(headEnd);
		if (end < 0) {
			if (head.length > maxHeadBytes) throw new Error('the answer to the handshake has no end');
			this.#head = head;
			return;
		}
		if (!head.startsWith('HTTP/1.1 101 ')) throw new Error(`no WebSocket: ${head.slice(0, head.indexOf('\r\n'))}`);
		this.#head = undefined;
		this.#listener.opened();
		const rest = Buffer.from(head.slice(end + headEnd.length), 'latin1');
		this.#frames.read(rest, rest.length);
	}

	#frame(code: number, bytes: Buffer, start: number, end: number): void {
		if (code <= opcode.text) this.#listener.text(bytes, start, end, this.heardAt);
		else if (code === opcode.ping) this.#socket.write(clientFrame(opcode.pong, bytes.subarray(start, end)));
		else if (code === opcode.pong) this.#listener.pong();
		else if (code === opcode.close) this.#closing(bytes.subarray(start, end));
	}

	#closing(payload: Buffer): void {
		this.#why = payload.length < 2 ? 'closed' : `closed with ${payload.readUInt16BE(0)} ${payload.subarray(2)}`;
		this.#socket.end(clientFrame(opcode.close, payload.subarray(0, 2)));
	}
}
