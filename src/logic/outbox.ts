import { setTimeout as sleep } from 'node:timers/promises';
import type { MessageQueue } from '../ports/message-queue.ts';
import type { QueueItem } from '../protocol/queue-items.ts';
import type { Logger } from '../runtime/logger.ts';

const maxBatch = 500;
const maxWaiting = 10_000;
const firstPauseMs = 50;
const longestPauseMs = 1000;

export interface Outbox {
	/** Sends an item on its way; never waits, never fails. */
	add(item: QueueItem): void;
	/** Items that wait. */
	readonly waiting: number;
	/** Gives what waits a last chance, at most this long; nothing is sent after that. */
	drain(timeoutMs: number): Promise<void>;
}

interface OutboxCounts {
	/** The queue does not take items any more. */
	stalled(): void;
	givenUp(items: number): void;
}

/**
 * The way to the queue, beside the way of the answer: a sender never waits for it. While the queue does not answer, the newest
 * items are kept and older ones dropped: connect servers repair from the log what they miss.
 */
export const createOutbox = (queue: Pick<MessageQueue, 'push'>, logger: Logger, counts?: OutboxCounts): Outbox => {
	const closing = new AbortController();
	let waiting: string[] = [];
	let dropped = 0;
	let pause = 0;
	let running: Promise<void> | undefined;

	const pushed = () => {
		if (pause > 0) logger.info({ dropped }, 'the queue takes items again');
		pause = 0;
		dropped = 0;
	};

	const failed = async (batch: string[], error: unknown): Promise<void> => {
		if (pause === 0) {
			counts?.stalled();
			logger.warn({ err: error }, 'the queue does not take items, trying on');
		}
		pause = Math.min(longestPauseMs, Math.max(firstPauseMs, pause * 2));
		waiting = batch.concat(waiting);
		await sleep(pause, undefined, { signal: closing.signal }).catch(() => {});
	};

	const run = async (): Promise<void> => {
		while (waiting.length > 0 && !closing.signal.aborted) {
			const batch = waiting.slice(0, maxBatch);
			waiting = waiting.slice(maxBatch);
			try {
				await queue.push(batch);
				pushed();
			} catch (error) {
				await failed(batch, error);
			}
		}
		running = undefined;
	};

	return {
		add: (item) => {
			waiting.push(JSON.stringify(item));
			if (waiting.length > maxWaiting) {
				// A tenth at a time, so that an outage does not cost a move of the whole list per message.
				const oldest = waiting.splice(0, maxWaiting / 10).length;
				dropped += oldest;
				counts?.givenUp(oldest);
			}
			// Not a microtask: what one commit brings goes out in one push. Nor later: everything that arrives meanwhile would go first.
			running ??= new Promise<void>((resolve) => process.nextTick(resolve)).then(run);
		},
		get waiting() {
			return waiting.length;
		},
		drain: async (timeoutMs) => {
			const timer = setTimeout(() => closing.abort(), timeoutMs);
			await Promise.race([running, new Promise((resolve) => closing.signal.addEventListener('abort', resolve))]);
			clearTimeout(timer);
			closing.abort();
			if (waiting.length > 0)
				logger.warn({ dropped: waiting.length }, 'stopped with items that the queue did not take');
		},
	};
};
