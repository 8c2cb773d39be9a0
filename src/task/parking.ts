import type { MessageQueue } from '../ports/message-queue.ts';
import { ChatError } from '../protocol/errors.ts';
import { atMostEachSecond, type Logger } from '../runtime/logger.ts';

interface Parts {
	readonly queue: Pick<MessageQueue, 'park'>;
	readonly logger: Logger;
	/** Counts an item that was put aside, or had to be dropped. */
	readonly count: () => void;
}

/** Puts aside what nobody can read: it must not stop what comes after it. Resolves when it is done, and never rejects. */
export type Park = (raw: string, reason: unknown) => Promise<void>;

export const createParking = ({ queue, logger, count }: Parts): Park => {
	const tell = atMostEachSecond((items, raw: string, reason: unknown) => {
		// A SyntaxError quotes what it could not parse, which may be somebody's message.
		const why = reason instanceof ChatError ? reason.message : 'not JSON';
		logger.error({ why, length: raw.length, items }, 'queue item not understood, parked');
	});

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
