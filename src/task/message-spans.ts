import type { QueueBatch } from '../ports/message-queue.ts';
import { startMessageSpan } from '../runtime/tracing/spans.ts';
import type { Delivery } from './decode.ts';

/** The traced messages of a batch, from when it was taken to when all their connect servers have accepted them, or were given up. */
export interface BatchSpans {
	/** The batch, which ends the spans when it is done with. */
	readonly batch: QueueBatch;
	/** Begins a span for a message that is traced: the delivery that is part of it. */
	begin(delivery: Delivery): Delivery;
}

export const createBatchSpans = (batch: QueueBatch): BatchSpans => {
	const ends: (() => void)[] = [];
	return {
		batch: {
			items: batch.items,
			done: () => {
				for (const end of ends.splice(0)) end();
				return batch.done();
			},
		},
		begin: (delivery) => {
			const { item } = delivery;
			if (item.type !== 'message' || item.traceparent === undefined) return delivery;
			const span = startMessageSpan(item.traceparent, 'task.deliver');
			if (span === undefined) return delivery;
			ends.push(span.end);
			return { ...delivery, item: { ...item, traceparent: span.traceparent } };
		},
	};
};
