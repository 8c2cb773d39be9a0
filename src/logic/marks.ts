import { setTimeout as sleep } from 'node:timers/promises';
import type { ChatStore, Mark } from '../ports/chat-store.ts';
import { ChatError } from '../protocol/errors.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Outbox } from './outbox.ts';
import { receiptOf } from './receipts.ts';

/** People do not see a tenth of a second in a receipt, and in it the marks of a busy conversation become one row for each reader. */
const defaultPauseMs = 100;
/** A transaction short enough not to be felt by messages that are committed meanwhile. */
const maxBatch = 1000;
const maxWaiting = 20_000;

/** The mark of one user in one conversation that is to be stored next, and those who wait for it. */
interface Waiting {
	mark: ToldMark;
	readonly stored: Promise<void>;
	readonly resolve: () => void;
	readonly reject: (error: unknown) => void;
}

/** A mark, and whether only the user's own devices are told of it. */
type ToldMark = Mark & { readonly quiet?: boolean | undefined };

export interface Marks {
	/** Resolves when the marks are stored. Rejects with `overloaded` when too many wait, or as the store does. */
	add(marks: readonly ToldMark[]): Promise<void>;
	/** Resolves when nothing waits or is under way. Pauses no more; gives up what waits when the store does not take it. */
	drain(): Promise<void>;
}

interface Parts {
	readonly store: Pick<ChatStore, 'mark'>;
	readonly outbox: Pick<Outbox, 'add'>;
	readonly logger: Logger;
	/** From the beginning of one transaction to that of the next, at least. */
	readonly pauseMs?: number;
}

/**
 * Stores together what users have delivered and read: of each user and conversation the furthest, one `mark` of the store under
 * way at a time and at most one in each pause, while an idle one stores at once. What has moved is on its way to those who may
 * see it before `add` resolves, and to the user's own devices also what was read before.
 */
export const createMarks = ({ store, outbox, logger, pauseMs = defaultPauseMs }: Parts): Marks => {
	const closing = new AbortController();
	const waiting = new Map<string, Waiting>();
	let running: Promise<void> | undefined;

	const take = (atMost: number): Waiting[] => {
		const taken: Waiting[] = [];
		for (const [key, entry] of waiting) {
			if (taken.length === atMost) break;
			waiting.delete(key);
			taken.push(entry);
		}
		return taken;
	};

	const storeNext = async (): Promise<void> => {
		const batch = take(maxBatch);
		try {
			const marked = await store.mark(batch.map((entry) => entry.mark));
			const told = new Map(batch.map(({ mark }) => [nameOf(mark), mark]));
			for (const { moved, ...mark } of marked) {
				const asked = told.get(nameOf(mark));
				// A device says that something was read until it is told so, also when that was known: by a message of one's own.
				if (moved || asked?.read !== undefined) outbox.add(receiptOf(mark, !moved || asked?.quiet === true));
			}
			for (const entry of batch) entry.resolve();
		} catch (error) {
			logger.debug({ err: error, marks: batch.length }, 'marks could not be stored');
			const lost = closing.signal.aborted ? batch.concat(take(maxWaiting)) : batch;
			for (const entry of lost) entry.reject(error);
		}
	};

	const run = async (): Promise<void> => {
		while (waiting.size > 0) {
			const pause = sleep(pauseMs, undefined, { signal: closing.signal }).catch(() => {});
			await storeNext();
			await pause;
		}
		running = undefined;
	};

	const put = (mark: ToldMark): Promise<void> => {
		const key = nameOf(mark);
		const present = waiting.get(key);
		if (present !== undefined) {
			present.mark = furthest(present.mark, mark);
			return present.stored;
		}
		if (waiting.size >= maxWaiting) return Promise.reject(new ChatError('overloaded'));
		// Not a microtask: the marks that this turn of the event loop reads from all sockets are to be stored together.
		running ??= new Promise<void>((next) => setImmediate(next)).then(run);
		const entry = waitingFor(mark);
		waiting.set(key, entry);
		return entry.stored;
	};

	return {
		add: async (marks) => {
			await Promise.all(marks.map(put));
		},
		drain: async () => {
			closing.abort();
			await running;
		},
	};
};

const nameOf = ({ userId, conv }: Mark): string => `${userId} ${conv}`;

const waitingFor = (mark: ToldMark): Waiting => {
	let settle: Pick<Waiting, 'resolve' | 'reject'> = { resolve: () => {}, reject: () => {} };
	const stored = new Promise<void>((resolve, reject) => {
		settle = { resolve, reject };
	});
	return { mark, stored, ...settle };
};

const further = (one: number | undefined, other: number | undefined): number | undefined =>
	one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);

const furthest = (one: ToldMark, other: ToldMark): ToldMark => ({
	...other,
	read: further(one.read, other.read),
	delivered: further(one.delivered, other.delivered),
});
