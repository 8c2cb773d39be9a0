/**
 * For how long etcd has been answering without a break. Fed by the renewals of this process's own lease, because what
 * it must judge is whether others could have renewed theirs: a key that expires while everybody was able to renew belonged
 * to a process that died, a key that expires in or just after a break says nothing.
 */
export class Contact {
	readonly #longestGapMs: number;
	#lastAnswer = performance.now();
	#steadySince = performance.now();

	/**
	 * Renewals come each third of a lease, so a lease runs out only if etcd does not answer for two thirds of it;
	 * a little less than that without an answer is a break.
	 */
	constructor(leaseMs: number) {
		this.#longestGapMs = leaseMs * 0.6;
	}

	answered(): void {
		const now = performance.now();
		if (now - this.#lastAnswer > this.#longestGapMs) this.#steadySince = now;
		this.#lastAnswer = now;
	}

	/** A break that shows otherwise than by silence: a lost lease, a lost watch. */
	interrupted(): void {
		this.#steadySince = performance.now();
	}

	/** Milliseconds without a break; 0 while in one. */
	steadyMs(): number {
		const now = performance.now();
		return now - this.#lastAnswer > this.#longestGapMs ? 0 : now - this.#steadySince;
	}
}
