/** A rest of so many times as long as the last batch took to be shown: so no more than a quarter of the time goes into it. */
const restRatio = 3;
const maxMs = 400;

/** Collects what comes in quick succession, and hands it over together: the more it costs to show it, the more at a time. */
export class Batch<T> {
	readonly #take: (items: readonly T[]) => void;
	readonly #ms: number;
	#items: T[] = [];
	#timer: ReturnType<typeof setTimeout> | undefined;
	/** How long the last one took that was measured, in milliseconds. */
	#cost = 0;
	#measuring = false;

	/** `ms`: how long the first of a batch waits at least. */
	constructor(take: (items: readonly T[]) => void, ms: number) {
		this.#take = take;
		this.#ms = ms;
	}

	add(item: T): void {
		this.#items.push(item);
		this.#timer ??= setTimeout(() => this.flush(), Math.min(maxMs, Math.max(this.#ms, restRatio * this.#cost)));
	}

	flush(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		if (this.#items.length === 0) return;
		const began = performance.now();
		this.#take(this.#items.splice(0));
		this.#measure(began);
	}

	/** What it leads to, the drawing too, is done before the task after the next frame. A tab that is hidden has none until it is shown. */
	#measure(began: number): void {
		if (this.#measuring || document.visibilityState !== 'visible') return;
		this.#measuring = true;
		requestAnimationFrame(() =>
			setTimeout(() => {
				this.#measuring = false;
				this.#cost = performance.now() - began;
			}),
		);
	}

	/** What waits is dropped. */
	stop(): void {
		clearTimeout(this.#timer);
		this.#items = [];
	}
}
