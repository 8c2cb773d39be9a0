import { ChatError } from '../protocol/errors.ts';

/** Node derives keys by four threads: more at once would wait in its queue, where nothing can go before it. */
const maxRunning = 4;
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
	let running = 0;

	/** Hands the place on, so that nobody who comes meanwhile can take it. */
	const release = (): void => {
		const next = waiting.first.shift() ?? waiting['in turn'].shift();
		if (next === undefined) running -= 1;
		else next();
	};

	return {
		take: async (turn, work) => {
			if (underWay[turn] >= maxUnderWay) throw new ChatError('overloaded');
			underWay[turn] += 1;
			if (running < maxRunning) running += 1;
			else await new Promise<void>((resolve) => waiting[turn].push(resolve));
			try {
				return await work();
			} finally {
				underWay[turn] -= 1;
				release();
			}
		},
	};
};
