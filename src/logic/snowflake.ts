const epoch = Date.UTC(2024, 0, 1);
const workerBits = 10;
const counterBits = 12;
const counters = 2 ** counterBits;
const lowBits = BigInt(workerBits + counterBits);

/**
 * Message ids: 41 bits of milliseconds since 2024-01-01, 10 bits worker, 12 bits counter, as a decimal string
 * (the layout of Twitter's Snowflake, with another epoch). Ids of one generator strictly increase, whatever the clock
 * does and also when the worker number changes; those of generators with different numbers never meet.
 */
export const createSnowflake = (worker: { readonly number: number }, now: () => number = Date.now): (() => string) => {
	let ms = -1;
	let counter = 0;
	let number = -1;
	let high = 0n;

	const moveTo = (nextMs: number) => {
		ms = nextMs;
		counter = 0;
		high = BigInt(ms) << lowBits;
	};

	return () => {
		const before = number;
		number = worker.number;
		const clock = now() - epoch;
		if (clock > ms) moveTo(clock);
		else if (number !== before || counter === counters - 1) moveTo(ms + 1);
		else counter += 1;
		return (high | BigInt(number * counters + counter)).toString();
	};
};
