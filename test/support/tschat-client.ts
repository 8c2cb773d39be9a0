import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import WebSocket from 'ws';
import { PacketReader, stickyPacket } from '../../src/connect/codecs/sticky-packet.ts';
import type { ClientFrameV2 } from '../../src/protocol/v2/client-frames.ts';
import type { ServerFrameOf, ServerFrameType, ServerFrameV2 } from '../../src/protocol/v2/server-frames.ts';
import { v2Subprotocol } from '../../src/protocol/v2/subprotocol.ts';
import { Watched } from './watched.ts';

/** A bare client of protocol v2: sends frames, keeps what it gets. It does nothing by itself. */
export class TschatClient extends Watched {
	readonly frames: ServerFrameV2[] = [];
	/** The WebSocket close code; 0 for TCP. Undefined while it is open. */
	closeCode: number | undefined;
	readonly #write: (json: string) => void;
	readonly #end: () => void;
	readonly #frameListeners = new Set<(frame: ServerFrameV2) => void>();
	#requests = 0;

	constructor(write: (json: string) => void, end: () => void) {
		super();
		this.#write = write;
		this.#end = end;
	}

	received(json: string): void {
		const frame: ServerFrameV2 = JSON.parse(json);
		this.frames.push(frame);
		for (const listener of this.#frameListeners) listener(frame);
		this.changed();
	}

	/** Calls for each frame that comes from now on, until the returned function is called. */
	onFrame(listener: (frame: ServerFrameV2) => void): () => void {
		this.#frameListeners.add(listener);
		return () => void this.#frameListeners.delete(listener);
	}

	closed(code: number): void {
		this.closeCode = code;
		this.changed();
	}

	send(frame: ClientFrameV2): void {
		this.#write(JSON.stringify(frame));
	}

	sendText(text: string): void {
		this.#write(text);
	}

	close(): void {
		this.#end();
	}

	/** Sends a request under a `ref` of its own; its answer, which may be an error frame. */
	async ask<T extends ServerFrameType>(frame: ClientFrameV2, answer: T): Promise<ServerFrameOf<T>> {
		this.#requests += 1;
		const ref = frame.ref ?? `request-${this.#requests}`;
		this.send({ ...frame, ref });
		const found = await this.until(
			() => this.frames.find((one) => 'ref' in one && one.ref === ref && (one.type === answer || one.type === 'error')),
			`${answer} for ${frame.type}`,
		);
		if (found.type !== answer) throw new Error(`${frame.type} was answered with ${JSON.stringify(found)}`);
		return found as ServerFrameOf<T>;
	}

	/** The frames of a type, in the order of arrival. */
	of<T extends ServerFrameType>(type: T): ServerFrameOf<T>[] {
		return this.frames.filter((frame): frame is ServerFrameOf<T> => frame.type === type);
	}

	/** The first frame of a type that matches, now or later. */
	frame<T extends ServerFrameType>(
		type: T,
		matches: (frame: ServerFrameOf<T>) => boolean = () => true,
		timeoutMs?: number,
	): Promise<ServerFrameOf<T>> {
		return this.until(() => this.of(type).find(matches), `a frame "${type}"`, timeoutMs);
	}

	message(body: string, timeoutMs?: number): Promise<ServerFrameOf<'message'>> {
		return this.frame('message', (frame) => frame.body === body, timeoutMs);
	}

	untilClosed(timeoutMs?: number): Promise<number> {
		return this.until(() => this.closeCode, 'the close', timeoutMs);
	}

	protected override describe(): string {
		return `closed ${this.closeCode}, last frames ${JSON.stringify(this.frames.slice(-5))}`;
	}
}

type Hello = Omit<Extract<ClientFrameV2, { type: 'hello' }>, 'type'>;

/** Connects by WebSocket; says hello if given one, and then waits until it is resumed. */
export const tschatWebSocketClient = async (url: string, hello?: Hello): Promise<TschatClient> => {
	const socket = new WebSocket(url, v2Subprotocol);
	const client = new TschatClient(
		(json) => socket.send(json),
		() => socket.close(),
	);
	socket.on('error', () => {});
	socket.on('message', (data) => client.received(String(data)));
	socket.on('close', (code) => client.closed(code));
	await once(socket, 'open');
	return greeted(client, hello);
};

/** The same by TCP. */
export const tschatTcpClient = async (
	port: number,
	hello?: Hello,
	dial: (port: number) => Socket = (to) => connect(to, '127.0.0.1'),
): Promise<TschatClient> => {
	const socket = dial(port);
	const reader = new PacketReader();
	const client = new TschatClient(
		(json) => void socket.write(stickyPacket(json)),
		() => socket.destroy(),
	);
	socket.on('error', () => {});
	socket.on('data', (chunk) => {
		for (const body of reader.read(chunk)) client.received(body.toString());
	});
	socket.on('close', () => client.closed(0));
	await once(socket, 'connect');
	return greeted(client, hello);
};

const greeted = async (client: TschatClient, hello: Hello | undefined): Promise<TschatClient> => {
	if (hello === undefined) return client;
	client.send({ type: 'hello', ...hello });
	await client.frame('resumed');
	return client;
};
