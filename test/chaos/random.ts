/** Numbers that look random, and are the same ones for the same seed. */
export interface Random {
	/** From 0 to below 1. */
	next(): number;
	/** A whole number from `low` to `high`, both included. */
	between(low: number, high: number): number;
	pick<T>(items: readonly T[]): T;
	shuffled<T>(items: readonly T[]): T[];
}

/** Mulberry32, by Tommy Ettinger: a state of 32 bits, moved on by a constant and mixed. */
export const randomFrom = (seed: number): Random => {
	let state = seed >>> 0;
	const next = () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
	const below = (limit: number) => Math.floor(next() * limit);
	return {
		next,
		between: (low, high) => low + below(high - low + 1),
		pick: (items) => {
			if (items.length === 0) throw new Error('there is nothing to pick from');
			return items[below(items.length)] as (typeof items)[number];
		},
		shuffled: (items) => {
			const left = [...items];
			return items.map(() => left.splice(below(left.length), 1)[0] as (typeof items)[number]);
		},
	};
};
