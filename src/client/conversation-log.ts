import type { MessageV2 } from '../protocol/v2/values.ts';

/** Messages that may wait for an earlier one; what is beyond that is fetched once it is due. */
const maxHeld = 1000;

/** Positions that are known to exist and are missing, both ends included. */
export interface Gap {
	readonly from: number;
	readonly to: number;
}

/**
 * The order of one conversation: whatever arrives late, early or twice, `emit` sees every position once, in order.
 * What is missing is told by `gap`; it is for others to fetch it, and to hand it to `accept` like any message.
 */
export class ConversationLog {
	#position: number;
	/** The highest position that is known to exist. */
	#head: number;
	readonly #held = new Map<number, MessageV2>();

	/** `position`: the last one that is not wanted. */
	constructor(position: number) {
		this.#position = position;
		this.#head = position;
	}

	/** The last position that was emitted or given up. */
	get position(): number {
		return this.#position;
	}

	/** The first stretch that is missing. */
	get gap(): Gap | undefined {
		if (this.#head <= this.#position) return undefined;
		let to = this.#head;
		for (const seq of this.#held.keys()) to = Math.min(to, seq - 1);
		return { from: this.#position + 1, to };
	}

	accept(message: MessageV2, emit: (message: MessageV2) => void): void {
		const { seq } = message;
		if (seq <= this.#position) return;
		this.expect(seq);
		if (seq === this.#position + 1) {
			this.#advance(message, emit);
			this.#release(emit);
		} else if (this.#held.size < maxHeld) {
			this.#held.set(seq, message);
		}
	}

	/** The conversation reaches as far as `head`: what is missing up to there is a gap. */
	expect(head: number): void {
		if (head > this.#head) this.#head = head;
	}

	/** Gives up what is missing up to `position`. */
	skipTo(position: number, emit: (message: MessageV2) => void): void {
		if (position <= this.#position) return;
		this.expect(position);
		this.#position = position;
		for (const seq of this.#held.keys()) if (seq <= position) this.#held.delete(seq);
		this.#release(emit);
	}

	#advance(message: MessageV2, emit: (message: MessageV2) => void): void {
		this.#held.delete(message.seq);
		// Before the listeners are called: one that closes the client saves this very position.
		this.#position = message.seq;
		emit(message);
	}

	#release(emit: (message: MessageV2) => void): void {
		for (let next = this.#held.get(this.#position + 1); next !== undefined; ) {
			this.#advance(next, emit);
			next = this.#held.get(this.#position + 1);
		}
	}
}
