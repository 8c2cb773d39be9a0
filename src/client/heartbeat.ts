interface Actions {
	/** Nothing was said for an interval. */
	ping(): void;
	/** Nothing was heard for an interval and the grace: the peer is gone. */
	dead(): void;
}

/**
 * Keeps a connection alive and finds out when it is dead. One timer that is set for the next thing to do: what is sent and
 * heard meanwhile only moves a time-stamp.
 */
export class Heartbeat {
	readonly #intervalMs: number;
	readonly #actions: Actions;
	readonly #graceMs: number;
	#sentAt = performance.now();
	#heardAt = this.#sentAt;
	#pingedAt = this.#sentAt;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(intervalMs: number, actions: Actions, graceMs = 10_000) {
		this.#intervalMs = intervalMs;
		this.#actions = actions;
		this.#graceMs = graceMs;
		this.#wait();
	}

	sent(): void {
		this.#sentAt = performance.now();
	}

	heard(): void {
		this.#heardAt = performance.now();
	}

	stop(): void {
		clearTimeout(this.#timer);
	}

	get #deadAt(): number {
		return this.#heardAt + this.#intervalMs + this.#graceMs;
	}

	/** Also when much is sent but nothing heard: most frames have no answer, and only an answer shows that the peer is there. */
	get #pingAt(): number {
		return Math.min(this.#sentAt, Math.max(this.#pingedAt, this.#heardAt)) + this.#intervalMs;
	}

	#wait(): void {
		const next = Math.min(this.#pingAt, this.#deadAt) - performance.now();
		this.#timer = setTimeout(() => this.#look(), Math.max(0, next));
	}

	#look(): void {
		const now = performance.now();
		if (now >= this.#deadAt) {
			this.#actions.dead();
			return;
		}
		if (now >= this.#pingAt) {
			this.#pingedAt = now;
			this.#sentAt = now;
			this.#actions.ping();
		}
		this.#wait();
	}
}
