import type { QueueBatch } from '../ports/message-queue.ts';
import type { Logger } from '../runtime/logger.ts';

const maxBatches = 256;
const maxItems = 20_000;

/** A batch of the queue, done with when everybody who holds it has released it. */
export interface HeldBatch {
	hold(): void;
	release(): void;
}

export interface Intake {
	/** Counts a batch as held, with one hold of the caller's own. */
	accept(batch: QueueBatch): HeldBatch;
	/** Resolves when another batch may be taken: what is held in memory is bounded, the rest stays in the queue. */
	hasRoom(): Promise<void>;
}

/** Keeps account of the batches under way. */
export const createIntake = (logger: Logger): Intake => {
	let batches = 0;
	let items = 0;
	let wake = () => {};

	const full = () => batches >= maxBatches || items >= maxItems;

	return {
		accept: (batch) => {
			let holds = 1;
			batches += 1;
			items += batch.items.length;
			return {
				hold: () => {
					holds += 1;
				},
				release: () => {
					holds -= 1;
					if (holds > 0) return;
					batches -= 1;
					items -= batch.items.length;
					wake();
					// The batch comes again: the edge in connect drops what it has had.
					batch.done().catch((error: unknown) => logger.debug({ err: error }, 'batch could not be marked as done'));
				},
			};
		},
		hasRoom: async () => {
			while (full()) {
				await new Promise<void>((resolve) => {
					wake = resolve;
				});
			}
		},
	};
};
