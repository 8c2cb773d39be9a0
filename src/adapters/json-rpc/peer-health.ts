/** How long a peer that failed is avoided or left alone: doubles with each failure in a row, up to a second. */
const pauseMs = (failures: number): number => Math.min(1000, 50 * 2 ** (failures - 1)) * (0.75 + Math.random() / 2);

/**
 * What recent calls tell of a peer: the circuit breaker. A peer that let a call time out without having answered anything
 * since is avoided for a short, growing time; then a single call at a time tries it, until it answers.
 */
export class PeerHealth {
	#failures = 0;
	#avoidUntil = 0;
	#answeredAt = 0;

	/** Failures in a row. */
	get failures(): number {
		return this.#failures;
	}

	answered(): void {
		this.#failures = 0;
		this.#answeredAt = performance.now();
	}

	/** A call sent at `sentAt` was not answered in time. One slow call among others that were answered says nothing. */
	timedOut(sentAt: number): void {
		if (this.#answeredAt < sentAt) this.failed();
	}

	/** Returns for how long to avoid the peer, in ms. */
	failed(): number {
		const now = performance.now();
		// Calls that fail together count once.
		if (now < this.#avoidUntil) return this.#avoidUntil - now;
		this.#failures += 1;
		const pause = pauseMs(this.#failures);
		this.#avoidUntil = now + pause;
		return pause;
	}

	/** Whether a call may go there while there are other peers. */
	admits(underWay: number): boolean {
		return this.#failures === 0 || (underWay === 0 && performance.now() >= this.#avoidUntil);
	}
}
