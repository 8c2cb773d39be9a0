/** Bounds of the waits between attempts. */
export interface BackoffOptions {
	/** Longest wait after the first failure, in milliseconds. 250 unless told. */
	readonly minMs?: number | undefined;
	/** Longest wait after any, in milliseconds. 15,000 unless told. */
	readonly maxMs?: number | undefined;
}

/**
 * How long to wait after `failures` failures in a row, in milliseconds: anything up to a ceiling that doubles each time
 * ("full jitter"), so that clients that lost the same server do not return as one herd.
 */
export const backoffDelay = (
	failures: number,
	{ minMs = 250, maxMs = 15_000 }: BackoffOptions = {},
	random: () => number = Math.random,
): number => random() * Math.min(maxMs, minMs * 2 ** Math.max(0, failures - 1));
