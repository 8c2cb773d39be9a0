/** Entries that may be forgotten are looked for when there are so many more than twice as many as the last time. */
const sweepAfter = 1024;

/**
 * What is kept of each user or address for as long as it tells more than a new entry would. Idle entries go when the map has grown: each
 * sweep is paid for by those that came since the last one.
 */
export class Recent<K, V> {
	readonly #entries = new Map<K, V>();
	readonly #isIdle: (value: V) => boolean;
	#sweepAt = sweepAfter;

	/** `isIdle` says whether an entry may be forgotten. */
	constructor(isIdle: (value: V) => boolean) {
		this.#isIdle = isIdle;
	}

	get size(): number {
		return this.#entries.size;
	}

	/** The entry, which is `added` when there is none. */
	of(key: K, added: () => V): V {
		const known = this.#entries.get(key);
		if (known !== undefined) return known;
		if (this.#entries.size >= this.#sweepAt) this.#sweep();
		const value = added();
		this.#entries.set(key, value);
		return value;
	}

	/** Forgets the entry if it is idle. */
	settle(key: K): void {
		const value = this.#entries.get(key);
		if (value !== undefined && this.#isIdle(value)) this.#entries.delete(key);
	}

	#sweep(): void {
		for (const [key, value] of this.#entries) if (this.#isIdle(value)) this.#entries.delete(key);
		this.#sweepAt = 2 * this.#entries.size + sweepAfter;
	}
}
