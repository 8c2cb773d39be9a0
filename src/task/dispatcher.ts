import { setTimeout as sleep } from 'node:timers/promises';
import type { MessageQueue, QueueBatch } from '../ports/message-queue.ts';
import type { RouteDirectory } from '../ports/route-directory.ts';
import type { Logger } from '../runtime/logger.ts';
import { type Delivery, decode } from './decode.ts';
import { createIntake, type HeldBatch } from './intake.ts';
import { type BatchSpans, createBatchSpans } from './message-spans.ts';
import { createParking } from './parking.ts';
import { routeDeliveries } from './routing.ts';
import type { ServerOutboxes } from './server-outboxes.ts';

const takePauseMs = 200;
const maxEphemeralAgeMs = 10_000;

interface Parts {
	readonly queue: Pick<MessageQueue, 'consume' | 'park'>;
	readonly routes: Pick<RouteDirectory, 'serversOf'>;
	readonly outboxes: Pick<ServerOutboxes, 'of'>;
	readonly logger: Logger;
	/** Counts an item that nobody can read. */
	readonly countParked: () => void;
	readonly consumerId: string;
	readonly batchSize: number;
	/** Told how many items a batch has. */
	readonly taken: (items: number) => void;
}

export interface Dispatcher {
	/** Takes no more. Resolves when what was taken is in the servers' outboxes, or left to another task. */
	stop(): Promise<void>;
	/** Leaves to other tasks what was not delivered: to be called when the outboxes are closed. */
	release(): Promise<void>;
}

/**
 * Takes batch after batch from the queue, and puts each item into the outbox of every connect server that holds readers.
 *
 * Batches are taken one after the other, so one task keeps the order of a conversation. Several tasks do not: positions travel
 * with the messages, and the edge in connect restores the order.
 */
export const startDispatcher = (parts: Parts): Dispatcher => {
	const { queue, routes, outboxes, logger } = parts;
	const consumer = queue.consume({ consumerId: parts.consumerId, batchSize: parts.batchSize });
	const intake = createIntake(logger);
	const putAside = createParking({ queue, logger, count: parts.countParked });
	const stopping = new AbortController();

	const park = async (raw: string, reason: unknown, held: HeldBatch): Promise<void> => {
		held.hold();
		await putAside(raw, reason);
		held.release();
	};

	const decodeAll = ({ batch, begin }: BatchSpans, held: HeldBatch): Delivery[] => {
		const deliveries: Delivery[] = [];
		for (const raw of batch.items) {
			try {
				deliveries.push(begin(decode(raw)));
			} catch (error) {
				void park(raw, error, held);
			}
		}
		return deliveries;
	};

	const dispatch = async (batch: QueueBatch): Promise<void> => {
		const spans = createBatchSpans(batch);
		const held = intake.accept(spans.batch);
		parts.taken(batch.items.length);
		const byServer = await routeDeliveries(decodeAll(spans, held), {
			routes,
			logger,
			signal: stopping.signal,
			maxEphemeralAgeMs,
		});
		// Stopped before the directory answered: never released, so the batch goes to another task.
		if (byServer === undefined) return;
		for (const [serverId, deliveries] of byServer) outboxes.of(serverId).add(deliveries, held);
		held.release();
	};

	const take = async (): Promise<QueueBatch | undefined> => {
		while (!stopping.signal.aborted) {
			try {
				return await consumer.take();
			} catch (error) {
				logger.warn({ err: error }, 'the queue gives no batch, trying on');
				await sleep(takePauseMs, undefined, { signal: stopping.signal }).catch(() => {});
			}
		}
		return undefined;
	};

	let dispatching = Promise.resolve();
	const run = async (): Promise<void> => {
		for (let batch = await take(); batch !== undefined && !stopping.signal.aborted; batch = await take()) {
			dispatching = dispatch(batch);
			await dispatching;
			await intake.hasRoom();
		}
	};
	void run();

	return {
		stop: async () => {
			stopping.abort();
			await dispatching;
		},
		release: () => consumer.close(),
	};
};
