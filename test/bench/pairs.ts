import { InvalidArgumentError } from 'commander';
import { randomly } from './randomly.ts';
import type { BenchUser } from './targets/target.ts';

interface Pair {
	readonly from: BenchUser;
	readonly to: BenchUser;
}

const pairsPerSender = 10;

/** Those who send, and those who receive. Throws where somebody would be alone. */
export const halves = (
	users: readonly BenchUser[],
): { senders: readonly BenchUser[]; receivers: readonly BenchUser[] } => {
	const half = Math.floor(users.length / 2);
	if (half === 0) throw new InvalidArgumentError('there must be at least two clients');
	return { senders: users.slice(0, half), receivers: users.slice(half) };
};

/** Each sender in turn, to random receivers. */
export const randomPairs = (senders: readonly BenchUser[], receivers: readonly BenchUser[]): Pair[] => {
	const random = randomly();
	return Array.from({ length: pairsPerSender }, () =>
		senders.flatMap((from) => {
			const to = receivers[random(receivers.length)];
			return to === undefined ? [] : [{ from, to }];
		}),
	).flat();
};
