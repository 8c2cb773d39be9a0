/** A frame of a server: its opcode, and its payload from `start` to `end` of `bytes`, which are only good during the call. */
export type OnFrame = (opcode: number, bytes: Uint8Array, start: number, end: number) => void;

const maxFrameBytes = 2 ** 26;
const longestHeader = 10;

const headerBytes = (second: number): number => (second < 126 ? 2 : second === 126 ? 4 : longestHeader);

/** How long the frame that begins at `at` is in all, or 0 when too little of it is there to tell. */
const frameBytes = (bytes: Uint8Array, at: number, to: number): number => {
	if (to - at < 2) return 0;
	const second = bytes[at + 1] ?? 0;
	if (second < 126) return second + 2;
	if (second > 127) throw new Error('a server does not mask its frames');
	const header = headerBytes(second);
	if (to - at < header) return 0;
	let length = 0;
	for (let place = at + 2; place < at + header; place += 1) length = length * 256 + (bytes[place] ?? 0);
	if (length > maxFrameBytes) throw new Error(`a frame of ${length} bytes`);
	return header + length;
};

/**
 * Cuts what a server sends over a WebSocket into frames (RFC 6455, section 5.2), wherever the reads split or join them. A frame
 * that lies whole in one read is handed on where it lies; only one that a read cuts is put together in memory of its own.
 * Fragments are handed on as frames.
 */
export class FrameReader {
	readonly #onFrame: OnFrame;
	/** Of the frame that is not complete: its bytes so far, how many, and its length (0 while that cannot be told). */
	#begun = Buffer.alloc(0);
	#have = 0;
	#size = 0;

	constructor(onFrame: OnFrame) {
		this.#onFrame = onFrame;
	}

	/** The next bytes are those of `chunk` up to `to`. Throws on what no server may send; the stream is then lost. */
	read(chunk: Uint8Array, to: number): void {
		let at = this.#have === 0 ? 0 : this.#complete(chunk, to);
		while (at < to) {
			const size = frameBytes(chunk, at, to);
			if (size === 0 || at + size > to) {
				this.#begin(chunk, at, to, size);
				return;
			}
			this.#emit(chunk, at, at + size);
			at += size;
		}
	}

	#emit(bytes: Uint8Array, at: number, end: number): void {
		this.#onFrame((bytes[at] ?? 0) & 0x0f, bytes, at + headerBytes(bytes[at + 1] ?? 0), end);
	}

	#begin(chunk: Uint8Array, at: number, to: number, size: number): void {
		this.#begun = Buffer.allocUnsafe(size === 0 ? longestHeader : size);
		this.#begun.set(chunk.subarray(at, to));
		this.#have = to - at;
		this.#size = size;
	}

	/** Adds to the frame that has begun; where the next one begins. */
	#complete(chunk: Uint8Array, to: number): number {
		let at = 0;
		while (this.#size === 0) {
			if (at === to) return at;
			this.#begun[this.#have] = chunk[at] ?? 0;
			this.#have += 1;
			at += 1;
			const size = frameBytes(this.#begun, 0, this.#have);
			if (size > 0) this.#begin(this.#begun, 0, this.#have, size);
		}
		const more = Math.min(this.#size - this.#have, to - at);
		this.#begun.set(chunk.subarray(at, at + more), this.#have);
		this.#have += more;
		if (this.#have === this.#size) {
			this.#have = 0;
			this.#emit(this.#begun, 0, this.#size);
		}
		return at + more;
	}
}
