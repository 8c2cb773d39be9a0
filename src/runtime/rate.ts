/** Sums of times are not exact. */
const roundingMs = 0.001;

/**
 * A rate with a burst, kept as in the Generic Cell Rate Algorithm (ITU-T I.371, virtual scheduling). Of each whom it limits one number
 * is kept, 0 at first: the time by `performance.now()` at which all that came is worked off at the rate. How far that lies ahead of the
 * clock says how full the bucket is.
 */
export class Rate {
	/** What one item takes of the rate, in ms. */
	readonly itemMs: number;
	readonly #burstMs: number;

	constructor({ perSecond, burst }: { readonly perSecond: number; readonly burst: number }) {
		this.itemMs = 1000 / perSecond;
		this.#burstMs = burst * this.itemMs;
	}

	/** The number after so many more items. */
	spend(until: number, items: number, now: number): number {
		return Math.max(until, now) + items * this.itemMs;
	}

	/** In how many ms it is within the burst again; 0 or less when it is. */
	overMs(until: number, now: number): number {
		const overMs = until - now - this.#burstMs;
		return overMs < roundingMs ? Math.min(overMs, 0) : overMs;
	}
}
