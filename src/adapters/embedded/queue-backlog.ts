/** Below this many taken slots it is not worth moving the rest. */
const COMPACT_FROM = 1024;

/** What waits, oldest first: an array whose taken front is cut off now and then, so that each item costs O(1). */
export class Backlog {
	#items: string[] = [];
	#taken = 0;

	get size(): number {
		return this.#items.length - this.#taken;
	}

	add(items: readonly string[]): void {
		for (const item of items) this.#items.push(item);
	}

	oldest(count: number): string[] {
		return this.#items.slice(this.#taken, this.#taken + count);
	}

	/** Removes and returns the oldest. */
	take(count: number): string[] {
		const items = this.#items.slice(this.#taken, this.#taken + count);
		this.#taken += items.length;
		if (this.#taken === this.#items.length) this.#items.length = 0;
		else if (this.#taken >= COMPACT_FROM && this.#taken * 2 >= this.#items.length) this.#items.splice(0, this.#taken);
		else return items;
		this.#taken = 0;
		return items;
	}

	/** Puts items before all others. */
	giveBack(items: readonly string[]): void {
		if (items.length === 0) return;
		this.#items = [...items, ...this.#items.slice(this.#taken)];
		this.#taken = 0;
	}
}
