import { setTimeout as sleep } from 'node:timers/promises';
import { ChatError } from '../protocol/errors.ts';
import type { QueueItem } from '../protocol/queue-items.ts';
import type { Delivery } from './decode.ts';
import type { HeldBatch } from './intake.ts';
import { createParts, type Part } from './parts.ts';

export interface ServerOutboxOptions {
	/** One call to the server; rejects when it does not accept. */
	readonly deliver: (items: QueueItem[]) => Promise<unknown>;
	/** How long a call may be under way before the server counts as stalled. */
	readonly stallMs: number;
	/** Items that waited longer are given up: the server repairs from the log. */
	readonly maxAgeMs: number;
	readonly onStall: (error: unknown) => void;
	/** Told of items that are given up, as they are. */
	readonly onGivenUp?: (items: number) => void;
	readonly onRejection: (error: unknown) => void;
	readonly onRecovery: (givenUp: number) => void;
}

export interface ServerOutbox {
	/** Sends the deliveries, in order, after all earlier ones. Holds the batch until they are accepted, given up, or the server stalls. */
	add(deliveries: readonly Delivery[], batch: HeldBatch): void;
	/** How many items wait. */
	readonly items: number;
	/** Whether anything waits or is under way. */
	readonly busy: boolean;
	/** Resolves when nothing does. */
	idle(): Promise<void>;
	/** Gives up what waits and releases its batches: the server is gone. */
	giveUp(): void;
	/** Sends no more, and releases nothing: the batches go to another task. */
	abort(): void;
}

const firstPauseMs = 50;
const longestPauseMs = 2000;

/**
 * What waits for one connect server. One call is under way at a time, which keeps the order; what waits meanwhile is merged
 * into the next. A server that does not answer is asked again ever more rarely; its items hold no batch of the queue any
 * more, are bounded, and the oldest are given up, so that it delays nobody else.
 */
export const createServerOutbox = (options: ServerOutboxOptions): ServerOutbox => {
	const ended = new AbortController();
	const parts = createParts(options.maxAgeMs, options.onGivenUp);
	let underWay: readonly Part[] = [];
	let running: Promise<void> | undefined;
	let stalled = false;
	let failures = 0;

	const stall = (error: unknown) => {
		if (stalled || ended.signal.aborted) return;
		stalled = true;
		for (const part of underWay) part.release();
		parts.releaseAll();
		options.onStall(error);
	};

	const deliver = async (batch: readonly Part[]): Promise<void> => {
		// The error is made when it is needed: its stack costs as much as a small call.
		const timer = setTimeout(() => stall(new ChatError('timeout')), options.stallMs);
		try {
			await options.deliver(batch.flatMap((part) => part.deliveries.map((delivery) => delivery.item)));
		} finally {
			clearTimeout(timer);
		}
	};

	const accepted = () => {
		failures = 0;
		if (!stalled) return;
		stalled = false;
		options.onRecovery(parts.takeGivenUp());
	};

	/** What the server will never take would only stop what comes after it. */
	const rejected = (error: ChatError) => {
		for (const part of underWay) part.release();
		parts.countGivenUp(underWay);
		options.onRejection(error);
		accepted();
	};

	const failed = async (error: unknown): Promise<void> => {
		stall(error);
		parts.putBack(underWay);
		underWay = [];
		const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** failures);
		failures += 1;
		await sleep(pause, undefined, { signal: ended.signal }).catch(() => {});
	};

	const run = async (): Promise<void> => {
		for (;;) {
			underWay = ended.signal.aborted ? [] : parts.take();
			if (underWay.length === 0) break;
			try {
				await deliver(underWay);
				for (const part of underWay) part.release();
				accepted();
			} catch (error) {
				if (error instanceof ChatError && !error.retryable) rejected(error);
				else await failed(error);
			}
		}
		running = undefined;
	};

	return {
		add: (deliveries, batch) => {
			if (ended.signal.aborted) return;
			parts.add(deliveries, stalled ? undefined : batch);
			// A microtask later, so that all deliveries of one batch share a call.
			running ??= Promise.resolve().then(run);
		},
		get items() {
			return parts.items;
		},
		get busy() {
			return running !== undefined;
		},
		idle: async () => {
			await running;
		},
		giveUp: () => {
			for (const part of underWay) part.release();
			parts.releaseAll();
			options.onGivenUp?.(parts.items);
			ended.abort();
		},
		abort: () => ended.abort(),
	};
};
