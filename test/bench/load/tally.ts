import { Histogram } from './histogram.ts';

/** What a connection has had, so that a message that comes again is known. */
export class Had {
	run = 0;
	bits = new Uint32Array(0);
}

const grown = (old: Uint32Array<ArrayBuffer>, needed: number): Uint32Array<ArrayBuffer> => {
	const larger = new Uint32Array(Math.max(64, needed + 1, old.length * 2));
	larger.set(old);
	return larger;
};

/** What a reader process has counted since the last reset. */
export interface Counted {
	/** To how many connections each message came, by index. */
	readonly connections: Uint32Array;
	/** All that came, with what came again. */
	readonly deliveries: number;
	readonly repeated: number;
	/** In µs of the clock: when the first of these messages was due, and when the last one came. */
	readonly firstAt: number;
	readonly lastAt: number;
	readonly latencies: Float64Array;
}

/** Counts the deliveries of a process: exactly, by message and connection, and how long each took. */
export class Tally {
	#run = 0;
	#since = 0;
	#connections = new Uint32Array(0);
	#deliveries = 0;
	#repeated = 0;
	#firstAt = Number.POSITIVE_INFINITY;
	#lastAt = 0;
	readonly #latencies = new Histogram();

	/** Forgets everything; messages that were due before `since` (µs) are not counted any more. */
	reset(since: number): void {
		this.#run += 1;
		this.#since = since;
		this.#connections = new Uint32Array(0);
		this.#deliveries = 0;
		this.#repeated = 0;
		this.#firstAt = Number.POSITIVE_INFINITY;
		this.#lastAt = 0;
		this.#latencies.clear();
	}

	/** A message came to a connection at `at`. On the hot path: no memory but what grows with the highest index. */
	add(had: Had, index: number, sentAt: number, at: number): void {
		if (sentAt < this.#since) return;
		this.#deliveries += 1;
		this.#latencies.add(at - sentAt);
		this.#lastAt = at;
		if (sentAt < this.#firstAt) this.#firstAt = sentAt;
		if (had.run !== this.#run) {
			had.run = this.#run;
			had.bits.fill(0);
		}
		const word = index >>> 5;
		if (word >= had.bits.length) had.bits = grown(had.bits, word);
		const bits = had.bits[word] ?? 0;
		const bit = 1 << (index & 31);
		if ((bits & bit) !== 0) {
			this.#repeated += 1;
			return;
		}
		had.bits[word] = bits | bit;
		if (index >= this.#connections.length) this.#connections = grown(this.#connections, index);
		this.#connections[index] = (this.#connections[index] ?? 0) + 1;
	}

	get lastAt(): number {
		return this.#lastAt;
	}

	get counted(): Counted {
		return {
			connections: this.#connections,
			deliveries: this.#deliveries,
			repeated: this.#repeated,
			firstAt: this.#firstAt,
			lastAt: this.#lastAt,
			latencies: this.#latencies.counts,
		};
	}
}
