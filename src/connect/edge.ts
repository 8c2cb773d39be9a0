import type { Message } from '../protocol/message.ts';

/** Messages that may wait for an earlier one; beyond that they are dropped here and come again with the repair. */
const maxHeld = 1000;

/**
 * Order and repair of one feed, on this server: what came before is dropped, what came too early is held.
 * Whatever the hops before lose, repeat or reorder, `emit` sees every position once, in order.
 */
export class Edge {
	#position: number;
	#held: Map<number, Message> | undefined;
	#firstHeld = Number.POSITIVE_INFINITY;

	/** `position`: the last one that is not wanted. */
	constructor(position: number) {
		this.#position = position;
	}

	/** The last position that was emitted. */
	get position(): number {
		return this.#position;
	}

	/** The last position that is surely missing, or 0 when nothing waits. */
	get missingUpTo(): number {
		return this.#held === undefined ? 0 : this.#firstHeld - 1;
	}

	/** Whether a message waits for an earlier one. */
	get gapped(): boolean {
		return this.#held !== undefined;
	}

	accept(position: number, message: Message, emit: (message: Message) => void): void {
		if (position <= this.#position) return;
		if (position > this.#position + 1) {
			this.#held ??= new Map();
			if (this.#held.size >= maxHeld) return;
			this.#held.set(position, message);
			if (position < this.#firstHeld) this.#firstHeld = position;
			return;
		}
		this.#position = position;
		emit(message);
		if (this.#held !== undefined && position + 1 >= this.#firstHeld) this.#release(this.#held, emit);
	}

	/** Starts again from another position: the log itself was replaced. */
	reset(position: number): void {
		this.#position = position;
		this.#forget();
	}

	#release(held: Map<number, Message>, emit: (message: Message) => void): void {
		for (;;) {
			held.delete(this.#position);
			const next = held.get(this.#position + 1);
			if (next === undefined) break;
			this.#position += 1;
			emit(next);
		}
		if (held.size === 0) {
			this.#forget();
			return;
		}
		this.#firstHeld = Number.POSITIVE_INFINITY;
		for (const position of held.keys()) if (position < this.#firstHeld) this.#firstHeld = position;
	}

	#forget(): void {
		this.#held = undefined;
		this.#firstHeld = Number.POSITIVE_INFINITY;
	}
}
