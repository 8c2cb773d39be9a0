import type { MessageQueue, QueueBatch, QueueConsumer } from '../../ports/message-queue.ts';
import { ChatError } from '../../protocol/errors.ts';
import { Backlog } from './queue-backlog.ts';

interface Waiter {
	readonly batchSize: number;
	readonly held: Set<QueueBatch>;
	readonly resolve: (batch: QueueBatch | undefined) => void;
}

/** The queue within one process: no timers, nothing outlives the process. */
export const createEmbeddedQueue = (): MessageQueue => {
	const backlog = new Backlog();
	const consumers = new Set<QueueConsumer>();
	/** Who waits, in the order in which they came. */
	let waiting: Waiter[] = [];
	let closed = false;

	const serve = () => {
		while (backlog.size > 0) {
			const waiter = waiting.shift();
			if (waiter === undefined) return;
			const batch: QueueBatch = {
				items: backlog.take(waiter.batchSize),
				done: async () => void waiter.held.delete(batch),
			};
			waiter.held.add(batch);
			waiter.resolve(batch);
		}
	};

	const consume: MessageQueue['consume'] = ({ batchSize }) => {
		const held = new Set<QueueBatch>();
		let gone = closed;
		const consumer: QueueConsumer = {
			take: () =>
				new Promise((resolve) => {
					if (gone) return resolve(undefined);
					waiting.push({ batchSize, held, resolve });
					serve();
				}),
			close: async () => {
				gone = true;
				consumers.delete(consumer);
				for (const waiter of waiting) if (waiter.held === held) waiter.resolve(undefined);
				waiting = waiting.filter((waiter) => waiter.held !== held);
				backlog.giveBack(Array.from(held, (batch) => batch.items).flat());
				held.clear();
				serve();
			},
		};
		consumers.add(consumer);
		return consumer;
	};

	return {
		push: async (items) => {
			if (closed) throw new ChatError('unavailable');
			backlog.add(items);
			serve();
		},
		consume,
		size: async () => backlog.size,
		oldest: async (count) => backlog.oldest(count),
		// Whoever pushed it runs the same code, and no list of this process can be looked at from outside: it is dropped.
		park: async () => {},
		close: async () => {
			closed = true;
			await Promise.all(Array.from(consumers, (consumer) => consumer.close()));
		},
	};
};
