/** A repeatable source of choices. */
export interface Random {
	/** An integer from 0, below `end`. */
	int(end: number): number;
	/** True in this share of the calls. */
	chance(share: number): boolean;
	/** One of a list that is not empty. */
	pick<T>(list: readonly T[]): T;
	bytes(count: number): Buffer;
}

/** FNV-1a of the UTF-16 units (http://www.isthe.com/chongo/tech/comp/fnv/). */
const hash = (text: string): number => {
	let value = 0x811c9dc5;
	for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
	return value >>> 0;
};

/** The same choices for the same seed: Mulberry32, whose state of 32 bits is plenty for one input. */
export const randomOf = (seed: string): Random => {
	let state = hash(seed);
	const next = (): number => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
	const int = (end: number) => Math.floor(next() * end);
	return {
		int,
		chance: (share) => next() < share,
		pick: <T>(list: readonly T[]): T => list[int(list.length)] as T,
		bytes: (count) => Buffer.from(Array.from({ length: count }, () => int(256))),
	};
};
