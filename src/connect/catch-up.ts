import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { RpcClient } from '../ports/rpc.ts';
import type { FeedKey } from '../protocol/logs.ts';
import type { Message, UserRef } from '../protocol/message.ts';
import type { Logger } from '../runtime/logger.ts';
import { type Channel, type Following, pieceBytes } from './channel.ts';
import type { Counts } from './counts.ts';
import type { Feeds } from './feeds.ts';
import type { InboundRate } from './inbound-rate.ts';
import { createLimiter } from './limiter.ts';
import { LogPage } from './log-page.ts';

interface Options {
	readonly rpc: RpcClient;
	readonly feeds: Feeds;
	readonly counts: Pick<Counts, 'caughtUp'>;
	readonly rate: InboundRate;
	readonly logger: Logger;
}

interface From {
	/** The last position that the client has. */
	readonly after: number;
	/** It is given everything up to here, and to where the feed stands. */
	readonly head: number;
	/** Leaves out what the client has had in another way. */
	readonly wanted?: (message: Message) => boolean;
	/** Whether it falls behind what is live; otherwise it came, or came back. */
	readonly slow?: boolean;
}

/** Entries in a page, for a client that takes all of it; for one that takes less there is no use in more than it takes. */
const pageSize = 100;
const smallestPage = 8;
/** Reads under way at once: when thousands of clients return together, logic must still have room for messages. */
const maxReads = 16;
const firstPauseMs = 100;
const longestPauseMs = 2000;

/** A feed that a channel is caught up on. */
interface Task {
	readonly following: Following;
	readonly user: UserRef;
	readonly wanted: From['wanted'];
	readonly slow: boolean;
	/** It is given everything up to here at least. */
	head: number;
	/** What the client has. */
	position: number;
	/** How much it took the last time. */
	limit: number;
	era: number;
	readonly done: () => void;
}

/**
 * Gives a channel what it missed of a feed, straight from the log, and makes it a reader from exactly there. Nothing live has
 * to be held meanwhile: it is in the log as well. A client is given a page of each feed in turn, and no more than it takes: what of
 * a page it does not take at once is not kept for it, but read again.
 */
export class CatchUp {
	readonly #options: Options;
	readonly #limit = createLimiter(maxReads);
	/** Reads under way: after an outage many clients ask for the same. */
	readonly #reads = new Map<string, Promise<LogPage>>();
	readonly #tasks = new WeakMap<Channel, Task[]>();
	#delivered = 0;

	constructor(options: Options) {
		this.#options = options;
	}

	/** Messages written so far, each reader counted. */
	get delivered(): number {
		return this.#delivered;
	}

	/** Resolves when the channel reads the feed, or has left it. */
	run(channel: Channel, user: UserRef, following: Following, from: From): Promise<void> {
		return new Promise((done) => {
			const { feed } = following;
			const { after: position, head, wanted, slow = false } = from;
			const task: Task = { following, user, wanted, slow, head, position, limit: pageSize, era: feed.era, done };
			if (this.#finished(channel, task)) return;
			this.#options.counts.caughtUp[slow ? 'slow' : 'return']();
			const tasks = this.#tasks.get(channel);
			if (tasks !== undefined) tasks.push(task);
			else void this.#work(channel, [task]);
		});
	}

	/** One feed that moves on faster than the client takes it must not hold up the others. */
	async #work(channel: Channel, tasks: Task[]): Promise<void> {
		this.#tasks.set(channel, tasks);
		for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
			await channel.untilTaken();
			await this.#step(channel, task);
			if (!this.#finished(channel, task)) tasks.push(task);
			// Clients that are caught up share the process with those who chat.
			await nextTurn();
		}
		this.#tasks.delete(channel);
	}

	/** Whether the channel has left the feed, or has everything up to where the feed stands: then it reads it from now on. */
	#finished(channel: Channel, { following, user, head, position, era, done }: Task): boolean {
		const { feed } = following;
		if (channel.feeds.get(feed.key) === following) {
			if (era !== feed.era || position < Math.max(head, feed.edge.position)) return false;
			this.#options.feeds.read(following, channel, user, position);
		}
		done();
		return true;
	}

	async #step(channel: Channel, task: Task): Promise<void> {
		const { feed } = task.following;
		const isWanted = () => channel.feeds.get(feed.key) === task.following;
		// A slow reader is given what is live, and not more of it than it takes.
		if (!task.slow) await this.#options.rate.resumable(channel);
		if (!isWanted()) return;
		if (task.era !== feed.era) {
			task.era = feed.era;
			task.position = feed.edge.position;
			task.head = 0;
			channel.answer(feed.resetFrame());
			return;
		}
		const page = await this.#page(isWanted, feed.key, task.position, task.limit);
		if (!isWanted() || task.era !== feed.era) return;
		const { given, bytes } = this.#give(page, channel, task);
		const last = page.entries[given - 1];
		// What the log does not have cannot be waited for.
		task.position = last?.pos ?? Math.max(task.head, feed.edge.position);
		if (!task.slow) this.#options.rate.resumed(channel, bytes);
	}

	/** Writes entries until the client is behind; how many, and their bytes. */
	#give(page: LogPage, channel: Channel, task: Task): { given: number; bytes: number } {
		let parts: Buffer[] = [];
		let piece = 0;
		let bytes = 0;
		let given = 0;
		const write = () => {
			channel.send(Buffer.concat(parts));
			this.#delivered += parts.length;
			parts = [];
			piece = 0;
		};
		for (const [index, entry] of page.entries.entries()) {
			given += 1;
			if (!page.concerns(entry, channel) || task.wanted?.(entry.message) === false) continue;
			const part = page.bytes(index, entry, channel);
			parts.push(part);
			bytes += part.length;
			piece += part.length;
			if (piece < pieceBytes) continue;
			write();
			if (channel.behind) break;
		}
		write();
		task.limit = Math.min(pageSize, Math.max(smallestPage, given * 2));
		return { given, bytes };
	}

	/** The next entries; tries until there is an answer or nobody waits for it. */
	async #page(isWanted: () => boolean, key: FeedKey, after: number, limit: number): Promise<LogPage> {
		for (let pauseMs = firstPauseMs; isWanted(); pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
			try {
				return await this.#read(key, after, limit);
			} catch (error) {
				this.#options.logger.debug({ err: error, feed: key }, 'a client is not caught up yet');
				await sleep(pauseMs);
			}
		}
		return new LogPage(key, []);
	}

	#read(key: FeedKey, after: number, limit: number): Promise<LogPage> {
		const name = `${key} ${after} ${limit}`;
		const underWay = this.#reads.get(name);
		if (underWay !== undefined) return underWay;
		const read = this.#limit(() => this.#options.rpc.call('logic.read', { key, after, limit }))
			.then(({ entries }) => new LogPage(key, entries))
			.finally(() => this.#reads.delete(name));
		this.#reads.set(name, read);
		return read;
	}
}
