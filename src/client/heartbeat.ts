interface Actions {
	ping(): void;
	/** Nothing was heard for an interval and the grace: the peer is gone. */
	dead(): void;
}

/**
 * Pings at an interval, whatever else is said: most frames have no answer, and only answers show that the peer is there and
 * what was lost on the way.
 */
export class Heartbeat {
	readonly #actions: Actions;
	readonly #silenceMs: number;
	readonly #pings: ReturnType<typeof setInterval>;
	#heardAt = performance.now();
	#deadline: ReturnType<typeof setTimeout> | undefined;

	constructor(intervalMs: number, actions: Actions, graceMs = 3000) {
		this.#actions = actions;
		this.#silenceMs = intervalMs + graceMs;
		this.#pings = setInterval(() => actions.ping(), intervalMs);
		this.#wait();
	}

	heard(): void {
		this.#heardAt = performance.now();
	}

	stop(): void {
		clearInterval(this.#pings);
		clearTimeout(this.#deadline);
	}

	/** One timer for what is due first; what is heard meanwhile only moves a time-stamp. */
	#wait(): void {
		const left = this.#heardAt + this.#silenceMs - performance.now();
		if (left <= 0) this.#actions.dead();
		else this.#deadline = setTimeout(() => this.#wait(), left);
	}
}
