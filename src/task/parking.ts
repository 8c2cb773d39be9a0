import type { MessageQueue } from '../ports/message-queue.ts';
import { ChatError } from '../protocol/errors.ts';
import type { Logger } from '../runtime/logger.ts';

/** A flood of such items must not become a flood of lines. */
const logIntervalMs = 1000;

interface Parts {
	readonly queue: Pick<MessageQueue, 'park'>;
	readonly logger: Logger;
	/** Counts an item that was put aside, or had to be dropped. */
	readonly count: () => void;
}

/** Puts aside what nobody can read: it must not stop what comes after it. Resolves when it is done, and never rejects. */
export type Park = (raw: string, reason: unknown) => Promise<void>;

export const createParking = ({ queue, logger, count }: Parts): Park => {
	let untold = 0;
	let toldAt = Number.NEGATIVE_INFINITY;

	/** At most one line a second, with how many there were since the last. */
	const tell = (raw: string, reason: unknown): void => {
		untold += 1;
		const now = performance.now();
		if (now - toldAt < logIntervalMs) return;
		// A SyntaxError quotes what it could not parse, which may be somebody's message.
		const why = reason instanceof ChatError ? reason.message : 'not JSON';
		logger.error({ why, length: raw.length, items: untold }, 'queue item not understood, parked');
		untold = 0;
		toldAt = now;
	};

	return async (raw, reason) => {
		count();
		tell(raw, reason);
		try {
			await queue.park(raw);
		} catch (error) {
			logger.debug({ err: error }, 'queue item could not be parked, dropped');
		}
	};
};
