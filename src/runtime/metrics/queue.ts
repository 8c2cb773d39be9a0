import { setTimeout as sleep } from 'node:timers/promises';
import type { MessageQueue } from '../../ports/message-queue.ts';
import type { Metrics } from './metrics.ts';

/** A queue that takes longer shows nothing. */
const answerMs = 1000;
/** So many items that are no messages, and have no time, may stand before the oldest message. */
const looked = 16;

const inTime = <T>(answer: Promise<T>): Promise<T | undefined> =>
	Promise.race([answer.catch(() => undefined), sleep(answerMs, undefined, { ref: false })]);

/** The time of a message among items as they stand in the queue; undefined for one that is no message, or not understood. */
const timeOf = (item: string): number | undefined => {
	try {
		const at: unknown = JSON.parse(item)?.message?.at;
		return typeof at === 'number' ? at : undefined;
	} catch {
		return undefined;
	}
};

/**
 * How many seconds ago the oldest message that waits got its time, by the clock of logic; 0 when none is among the oldest items.
 * Costs one look at the queue at a scrape, and nothing otherwise; and tells the truth when no task runs at all.
 */
export const queueAgeSeconds = async (queue: Pick<MessageQueue, 'oldest'>): Promise<number | undefined> => {
	const items = await inTime(queue.oldest(looked));
	if (items === undefined) return undefined;
	for (const item of items) {
		const at = timeOf(item);
		if (at !== undefined) return Math.max(0, Date.now() - at) / 1000;
	}
	return 0;
};

/** Shows how much waits in the queue, and for how long. */
export const showQueue = (metrics: Metrics, queue: Pick<MessageQueue, 'size' | 'oldest'>): void => {
	metrics.read('tschat_queue_items', {}, () => inTime(queue.size()));
	metrics.read('tschat_queue_age_seconds', {}, () => queueAgeSeconds(queue));
};
