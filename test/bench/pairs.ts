import { randomly } from './randomly.ts';
import type { BenchUser } from './targets/target.ts';

export interface Pair {
	readonly from: BenchUser;
	readonly to: BenchUser;
}

/** So many random pairs of two different users. */
export const randomPairs = (count: number, senders: readonly BenchUser[], receivers: readonly BenchUser[]): Pair[] => {
	const random = randomly();
	const pairs: Pair[] = [];
	while (pairs.length < count) {
		const [from, to] = [senders[random(senders.length)], receivers[random(receivers.length)]];
		if (from === undefined || to === undefined) throw new Error('nobody sends, or nobody receives');
		if (from !== to) pairs.push({ from, to });
	}
	return pairs;
};
