import type { ChatStore } from '../ports/chat-store.ts';
import type { Logger } from '../runtime/logger.ts';

const intervalMs = 3_600_000;

/** Removes expired sessions, and counts of attempts that say nothing any more, now and every hour, until stopped. They are refused without it; this keeps the table small. */
export const startSessionSweep = (store: ChatStore, logger: Logger): { stop(): Promise<void> } => {
	const sweep = async (): Promise<void> => {
		try {
			const removed = await store.deleteExpiredSessions(Date.now());
			if (removed > 0) logger.info({ removed }, 'expired sessions removed');
			await store.deleteExpiredAttempts(Date.now());
		} catch (error) {
			logger.warn({ err: error }, 'expired sessions could not be removed');
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
