/**
 * Sends what a thing has to say at most once an interval: at once when the last time is long enough ago, else as soon as it is,
 * however often it was asked for in between.
 */
export class Pace<K extends object> {
	readonly #intervalMs: number;
	readonly #send: (thing: K) => void;
	/** `performance.now()` of the last time. */
	readonly #sentAt = new WeakMap<K, number>();
	readonly #waiting = new Set<K>();
	#timer: NodeJS.Timeout | undefined;

	constructor(intervalMs: number, send: (thing: K) => void) {
		this.#intervalMs = intervalMs;
		this.#send = send;
	}

	due(thing: K): void {
		if (this.#waiting.has(thing)) return;
		const sentAt = this.#sentAt.get(thing);
		if (sentAt === undefined || performance.now() - sentAt >= this.#intervalMs) this.#sendNow(thing);
		else this.#waiting.add(thing);
		this.#plan();
	}

	stop(): void {
		clearTimeout(this.#timer);
		this.#waiting.clear();
	}

	#sendNow(thing: K): void {
		this.#sentAt.set(thing, performance.now());
		this.#send(thing);
	}

	#plan(): void {
		if (this.#timer !== undefined || this.#waiting.size === 0) return;
		this.#timer = setTimeout(() => {
			this.#timer = undefined;
			const dueBefore = performance.now() - this.#intervalMs;
			for (const thing of this.#waiting) {
				if ((this.#sentAt.get(thing) ?? 0) > dueBefore) continue;
				this.#waiting.delete(thing);
				this.#sendNow(thing);
			}
			this.#plan();
		}, this.#intervalMs / 10);
	}
}
