/** Collects what comes in quick succession, and hands it over together. */
export class Batch<T> {
	readonly #take: (items: readonly T[]) => void;
	readonly #ms: number;
	#items: T[] = [];
	#timer: ReturnType<typeof setTimeout> | undefined;

	/** `ms`: how long the first of a batch may wait. */
	constructor(take: (items: readonly T[]) => void, ms: number) {
		this.#take = take;
		this.#ms = ms;
	}

	add(item: T): void {
		this.#items.push(item);
		this.#timer ??= setTimeout(() => this.flush(), this.#ms);
	}

	flush(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		if (this.#items.length > 0) this.#take(this.#items.splice(0));
	}

	/** What waits is dropped. */
	stop(): void {
		clearTimeout(this.#timer);
		this.#items = [];
	}
}
