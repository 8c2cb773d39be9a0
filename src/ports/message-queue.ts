/** A batch that a consumer holds until it says that it is done with it. */
export interface QueueBatch {
	/** Items in the order in which each producer pushed them, as the strings that were pushed. */
	readonly items: readonly string[];
	/** The batch is dealt with and will not be given out again. Safe to call more than once, and after the connection was lost. */
	done(): Promise<void>;
}

export interface QueueConsumer {
	/**
	 * The next batch, of at least one item; waits for it. Several batches may be held at a time.
	 * While the server is unreachable it waits and connects again by itself. Resolves undefined once the consumer is closed.
	 */
	take(): Promise<QueueBatch | undefined>;
	/** Stops taking; batches that are not done go to other consumers. */
	close(): Promise<void>;
}

/**
 * The way from logic to task: makes delivery fast, is not the truth. It may lose everything (a Redis that comes back empty),
 * or the oldest items when very many wait because no consumer runs, or give an item twice (a consumer that died after it delivered).
 *
 * Guarantees of every adapter:
 * - items of one producer are taken in the order pushed, as long as one consumer takes them and nobody dies;
 * - an item is held by one consumer at a time; when that one dies (its heartbeat stops) another gets the batch, before newer items;
 * - an outage of the server fails pushes quickly (`ChatError('unavailable')`), and heals by itself.
 */
export interface MessageQueue {
	/** Appends the items in order, atomically. Rejects with `ChatError('unavailable')` when the server does not take them. */
	push(items: readonly string[]): Promise<void>;
	/** Starts a consumer. `batchSize` is the most items in a batch. */
	consume(options: { consumerId: string; batchSize: number }): QueueConsumer;
	/** Items that wait, without those that consumers hold. */
	size(): Promise<number>;
	/** The oldest items that wait, at most so many, oldest first. They stay there. */
	oldest(count: number): Promise<string[]>;
	/** Puts an item that cannot be decoded aside, for a person to look at: the newest thousand are kept, up to 65,536 characters of each. */
	park(item: string): Promise<void>;
	close(): Promise<void>;
}
