import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { FrameReader } from '../bench/load/frame-reader.ts';
import { opcode } from '../bench/load/frame-writer.ts';

export type Outcome = 'seen' | 'closed' | 'late';

/** A bare connection that sends any bytes. */
export class Line {
	readonly #socket: Socket;
	readonly #keep: number;
	#wake = () => {};
	#frames: FrameReader | undefined;
	/** Whether the other side has ended, or the connection is gone. */
	ended = false;
	/** The last that came. */
	tail: Buffer = Buffer.alloc(0);

	private constructor(socket: Socket, keep: number) {
		this.#socket = socket;
		this.#keep = keep;
		socket.on('error', () => {});
		socket.on('data', (chunk) => {
			const tail = this.tail.length === 0 ? chunk : Buffer.concat([this.tail, chunk]);
			this.tail = tail.subarray(Math.max(0, tail.length - this.#keep));
			this.#frames?.read(chunk, chunk.length);
			this.#wake();
		});
		for (const event of ['end', 'close']) {
			socket.on(event, () => {
				this.ended = true;
				this.#wake();
			});
		}
	}

	/** Connects to this machine; `keep` is how many of the last bytes are kept. */
	static async open(port: number, keep = 65_536): Promise<Line> {
		const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
		const line = new Line(socket, keep);
		await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => {});
		return line;
	}

	/** What comes from now on, after a handshake, are the frames of a WebSocket: a close is the end. */
	readFrames(): void {
		const frames = new FrameReader((code) => {
			if (code === opcode.close) this.ended = true;
		});
		this.#frames = frames;
		this.tail = this.tail.subarray(this.tail.indexOf('\r\n\r\n') + 4);
		frames.read(this.tail, this.tail.length);
	}

	write(bytes: Buffer | string): void {
		if (this.#socket.writable) this.#socket.write(bytes);
	}

	/** Says that no more comes. */
	end(): void {
		this.#socket.end();
	}

	drop(): void {
		this.#socket.destroy();
	}

	/** Waits until these bytes have come, or the other side has ended. */
	async until(wanted: string | undefined, timeoutMs = 20_000): Promise<Outcome> {
		let late = false;
		const timer = setTimeout(() => {
			late = true;
			this.#wake();
		}, timeoutMs);
		try {
			for (;;) {
				if (wanted !== undefined && this.tail.includes(wanted)) return 'seen';
				if (this.ended) return 'closed';
				if (late) return 'late';
				await new Promise<void>((resolve) => {
					this.#wake = resolve;
				});
			}
		} finally {
			clearTimeout(timer);
		}
	}
}
