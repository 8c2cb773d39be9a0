import type { ChatStore } from '../ports/chat-store.ts';
import type { Logger } from '../runtime/logger.ts';

const intervalMs = 3_600_000;
/** How long ended sessions are kept: far longer than connect servers ask for (see `createRecentlyEnded`). */
const keepEndedMs = 3_600_000;

/**
 * Removes sessions that have expired or ended, and counts of attempts that say nothing any more, now and every hour, until
 * stopped. They are refused without it; this keeps the tables small.
 */
export const startSessionSweep = (store: ChatStore, logger: Logger): { stop(): Promise<void> } => {
	const sweep = async (): Promise<void> => {
		try {
			const now = Date.now();
			const removed = await store.deleteOldSessions(now, now - keepEndedMs);
			if (removed > 0) logger.info({ removed }, 'old sessions removed');
			await store.deleteExpiredAttempts(now);
		} catch (error) {
			logger.warn({ err: error }, 'old sessions could not be removed');
		}
	};
	let running = sweep();
	const timer = setInterval(() => {
		running = sweep();
	}, intervalMs);
	timer.unref();
	return {
		stop: () => {
			clearInterval(timer);
			return running;
		},
	};
};
