import { hostileBytes } from './hostile.ts';
import type { Random } from './random.ts';

const change = (random: Random, bytes: Buffer): Buffer => {
	const at = random.int(bytes.length + 1);
	const to = Math.min(bytes.length, at + 1 + random.int(16));
	const before = bytes.subarray(0, at);
	switch (random.int(7)) {
		case 0: {
			const flipped = Buffer.from(bytes);
			const byte = flipped[at];
			if (byte !== undefined) flipped[at] = byte ^ (1 << random.int(8));
			return flipped;
		}
		case 1:
			return before;
		case 2:
			return Buffer.concat([before, random.pick(hostileBytes), bytes.subarray(at)]);
		case 3:
			return Buffer.concat([before, random.pick(hostileBytes), bytes.subarray(to)]);
		case 4:
			// A piece twice.
			return Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)]);
		case 5:
			return Buffer.concat([before, bytes.subarray(to)]);
		default:
			return Buffer.concat([before, random.bytes(1 + random.int(12)), bytes.subarray(at)]);
	}
};

/** The bytes with up to four changes: bits, truncation, insertion, repetition, what breaks UTF-8. */
export const mutateBytes = (random: Random, bytes: Buffer): Buffer => {
	let mutated = bytes;
	for (let left = 1 + random.int(4); left > 0; left -= 1) mutated = change(random, mutated);
	return mutated;
};

/** The front of one and the back of another. */
export const splice = (random: Random, one: Buffer, other: Buffer): Buffer =>
	Buffer.concat([one.subarray(0, random.int(one.length + 1)), other.subarray(random.int(other.length + 1))]);

/** The bytes in pieces, cut anywhere. */
export const cutAnywhere = (random: Random, bytes: Buffer, pieces: number): Buffer[] => {
	const cuts = Array.from({ length: pieces - 1 }, () => random.int(bytes.length + 1)).sort((one, other) => one - other);
	return [...cuts, bytes.length].map((cut, index) => bytes.subarray(index === 0 ? 0 : cuts[index - 1], cut));
};
