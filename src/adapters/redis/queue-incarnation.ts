import { randomUUID } from 'node:crypto';
import type { Cluster, Redis } from 'ioredis';
import type { QueueBatch } from '../../ports/message-queue.ts';
import type { BlockingConnection, RedisLink } from './link.ts';
import type { QueueKeys } from './queue-keys.ts';
import { loadScript } from './script.ts';

const leaseScript = loadScript(new URL('./queue-lease.lua', import.meta.url), 1);
const takeScript = loadScript(new URL('./queue-take.lua', import.meta.url), 3);
const takeOverScript = loadScript(new URL('./queue-take-over.lua', import.meta.url), 2);

/** What a consumer holds goes to others this long after its last sign of life. */
const LEASE_MS = 5000;
const ENDED_STAYS_LISTED_MS = 30_000;
const BLOCK_MS = 1000;
/** A blocking call that takes longer than this beyond its block time hangs (seen with ioredis after a reconnect). */
const WATCHDOG_MS = 2000;

interface Held {
	readonly items: readonly string[];
	done: boolean;
}

/** Gives back what ended consumers hold; `leaving` names one that ends now. */
export const takeOver = (redis: Redis | Cluster, keys: QueueKeys, leaving = ''): Promise<unknown> =>
	takeOverScript(redis, keys.items, keys.consumers, keys.processingBase, ENDED_STAYS_LISTED_MS, leaving);

/**
 * A consumer for as long as one connection lives. It has a processing list and a lease of its own, so that whatever
 * happened on a connection that was lost, the next incarnation starts from nothing, and the old list is given back.
 */
export class QueueIncarnation {
	readonly #id: string;
	/** Blocks, so nothing that must be quick goes here. */
	readonly #redis: Redis;
	readonly #connection: BlockingConnection;
	/** The connection of the whole queue. */
	readonly #shared: Redis | Cluster;
	readonly #keys: QueueKeys;
	readonly #processing: string;
	/** Batches from the oldest that is not done. */
	readonly #held: Held[] = [];
	#leaving = false;
	#lost = false;

	private constructor(id: string, connection: BlockingConnection, link: RedisLink, keys: QueueKeys) {
		this.#id = id;
		this.#connection = connection;
		this.#redis = connection.redis;
		this.#shared = link.commands;
		this.#keys = keys;
		this.#processing = keys.processingBase + id;
		this.#redis.once('end', () => this.lose());
	}

	/** Connects, starts the lease, and takes over what the dead left. Rejects when the server does not answer. */
	static async start(link: RedisLink, keys: QueueKeys, consumerId: string): Promise<QueueIncarnation> {
		const id = `${consumerId}:${randomUUID()}`;
		const connection = await link.openBlocking(keys.items, BLOCK_MS + WATCHDOG_MS);
		try {
			await Promise.all([
				leaseScript(connection.redis, keys.consumers, id, LEASE_MS, 'start'),
				takeOver(connection.redis, keys),
			]);
			return new QueueIncarnation(id, connection, link, keys);
		} catch (error) {
			connection.redis.disconnect();
			throw error;
		}
	}

	/** Whether it is of no more use: its connection or its lease is gone. */
	get lost(): boolean {
		return this.#lost;
	}

	/** A batch; undefined if nothing came within the block time. Rejects when the incarnation is lost. */
	async take(batchSize: number): Promise<QueueBatch | undefined> {
		if (this.#leaving) return undefined;
		// Both at once: the server runs the second when the first has stopped blocking, so the rest costs no way to it and back.
		const [first, rest] = await Promise.all([
			this.#redis.blmove(this.#keys.items, this.#processing, 'RIGHT', 'LEFT', BLOCK_MS / 1000),
			batchSize > 1 ? this.#takeWaiting(batchSize - 1) : [],
		]);
		const items = first === null ? rest : [first, ...rest];
		return items.length === 0 ? undefined : this.#hold(items);
	}

	async renewLease(): Promise<void> {
		try {
			const renewed = await leaseScript(this.#redis, this.#keys.consumers, this.#id, LEASE_MS, 'renew');
			if (renewed !== 1) this.lose();
		} catch {
			this.lose();
		}
	}

	/** Lets a blocked `take` return, and no other block. */
	async unblock(): Promise<void> {
		this.#leaving = true;
		await this.#connection.unblock();
	}

	/** Gives back at once what is not done. Call it when no `take` is under way. */
	async leave(): Promise<void> {
		if (this.#lost) return;
		try {
			const done = this.#held.filter((batch) => batch.done).flatMap((batch) => batch.items);
			await Promise.all(done.map((item) => this.#redis.lrem(this.#processing, 1, item)));
			await takeOver(this.#redis, this.#keys, this.#id);
		} catch {
			// The lease ends by itself.
		}
		this.#lost = true;
		this.#redis.disconnect();
	}

	/** Gives up the connection and what is held. */
	lose(): void {
		if (this.#lost) return;
		this.#lost = true;
		this.#redis.disconnect();
		takeOver(this.#shared, this.#keys, this.#id).catch(() => {});
	}

	async #takeWaiting(count: number): Promise<string[]> {
		const { items, consumers } = this.#keys;
		const taken = await takeScript(this.#redis, items, this.#processing, consumers, this.#id, count);
		if (taken === null) throw new Error('the lease of the queue consumer has ended');
		return taken as string[];
	}

	#hold(items: readonly string[]): QueueBatch {
		const held: Held = { items, done: false };
		this.#held.push(held);
		return { items, done: () => this.#done(held) };
	}

	/** The list has no holes: a batch leaves it once all older ones are done too. */
	async #done(batch: Held): Promise<void> {
		if (batch.done || this.#lost) return;
		batch.done = true;
		let finished = 0;
		while (this.#held[0]?.done) finished += this.#held.shift()?.items.length ?? 0;
		if (finished === 0) return;
		try {
			await this.#shared.ltrim(this.#processing, 0, -1 - finished);
		} catch {
			// It may have been trimmed or not: where the list stands is no longer known.
			this.lose();
		}
	}
}
