interface Actions {
	ping(): void;
	/** Nothing was heard for an interval and the grace, and a ping stayed unanswered for the grace: the peer is gone. */
	dead(): void;
}

/**
 * Pings at an interval, whatever else is said: most frames have no answer, and only answers show that the peer is there and
 * what was lost on the way. Where timers run late, as in a page that is hidden, silence alone tells nothing of the peer: nobody
 * has asked it.
 */
export class Heartbeat {
	readonly #actions: Actions;
	readonly #silenceMs: number;
	readonly #graceMs: number;
	readonly #pings: ReturnType<typeof setInterval>;
	#heardAt = performance.now();
	/** When the first ping went out of those that nothing was heard after. */
	#askedAt: number | undefined;
	#deadline: ReturnType<typeof setTimeout> | undefined;

	constructor(intervalMs: number, actions: Actions, graceMs = 3000) {
		this.#actions = actions;
		this.#silenceMs = intervalMs + graceMs;
		this.#graceMs = graceMs;
		this.#pings = setInterval(() => this.#ping(), intervalMs);
		this.#wait();
	}

	heard(): void {
		this.#heardAt = performance.now();
		this.#askedAt = undefined;
	}

	stop(): void {
		clearInterval(this.#pings);
		clearTimeout(this.#deadline);
	}

	#ping(): void {
		this.#askedAt ??= performance.now();
		this.#actions.ping();
	}

	/** One timer for what is due first; what is heard meanwhile only moves a time-stamp. */
	#wait(): void {
		const now = performance.now();
		const silent = this.#heardAt + this.#silenceMs - now;
		if (silent <= 0 && this.#askedAt === undefined) this.#ping();
		const left = Math.max(silent, (this.#askedAt ?? now) + this.#graceMs - now);
		if (left <= 0) this.#actions.dead();
		else this.#deadline = setTimeout(() => this.#wait(), left);
	}
}
