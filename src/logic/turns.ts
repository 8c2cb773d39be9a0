import { ChatError } from '../protocol/errors.ts';

/** Node derives keys by four threads: more at once would wait in its queue, where nothing can go before it. */
const maxRunning = 4;
/** One of these places is kept for `first`, which so begins at once in most cases. */
const maxRunningInTurn = maxRunning - 1;
/** What waits behind more than this would not be answered within a caller's deadline. */
const maxUnderWay = 256;

/** `first` goes before everything that waits `in turn`: for those who have used the account before. */
export type Turn = 'first' | 'in turn';

export interface Turns {
	/** Does the work as soon as its turn comes. Rejects with `overloaded` when too many of the same turn are under way. */
	take<R>(turn: Turn, work: () => Promise<R>): Promise<R>;
}

/** Lets costly work run a few at a time, and keeps a flood of some from standing in the way of others. */
export const createTurns = (): Turns => {
	const waiting: Record<Turn, (() => void)[]> = { first: [], 'in turn': [] };
	const underWay: Record<Turn, number> = { first: 0, 'in turn': 0 };
	const running: Record<Turn, number> = { first: 0, 'in turn': 0 };

	const hasPlace = (turn: Turn): boolean => {
		if (running.first + running['in turn'] >= maxRunning) return false;
		return turn === 'first' || running['in turn'] < maxRunningInTurn;
	};
	/** Hands a place on at once, so that nobody who comes meanwhile can take it. */
	const release = (turn: Turn): void => {
		running[turn] -= 1;
		for (const each of ['first', 'in turn'] as const) {
			const next = hasPlace(each) ? waiting[each].shift() : undefined;
			if (next === undefined) continue;
			running[each] += 1;
			next();
			return;
		}
	};

	return {
		take: async (turn, work) => {
			if (underWay[turn] >= maxUnderWay) throw new ChatError('overloaded');
			underWay[turn] += 1;
			if (hasPlace(turn)) running[turn] += 1;
			else await new Promise<void>((resolve) => waiting[turn].push(resolve));
			try {
				return await work();
			} finally {
				underWay[turn] -= 1;
				release(turn);
			}
		},
	};
};
