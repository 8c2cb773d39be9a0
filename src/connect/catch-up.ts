import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { RpcClient } from '../ports/rpc.ts';
import type { FeedKey } from '../protocol/logs.ts';
import type { Message, UserRef } from '../protocol/message.ts';
import type { Logger } from '../runtime/logger.ts';
import { type Channel, type Following, pieceBytes } from './channel.ts';
import type { Feeds } from './feeds.ts';
import { createLimiter } from './limiter.ts';
import { LogPage } from './log-page.ts';

interface Options {
	readonly rpc: RpcClient;
	readonly feeds: Feeds;
	readonly logger: Logger;
}

interface From {
	/** The last position that the client has. */
	readonly after: number;
	/** It is given everything up to here, and to where the feed stands. */
	readonly head: number;
	/** Leaves out what the client has had in another way. */
	readonly wanted?: (message: Message) => boolean;
}

/** Entries in a page, for a client that takes all of it; for one that takes less there is no use in more than it takes. */
const pageSize = 100;
const smallestPage = 8;
/** Reads under way at once: when thousands of clients return together, logic must still have room for messages. */
const maxReads = 16;
const firstPauseMs = 100;
const longestPauseMs = 2000;

/**
 * Gives a channel what it missed of a feed, straight from the log, and makes it a reader from exactly there. Nothing live has
 * to be held meanwhile: it is in the log as well. A client is given one feed after the other, and no more than it takes: what of
 * a page it does not take at once is not kept for it, but read again.
 */
export class CatchUp {
	readonly #options: Options;
	readonly #limit = createLimiter(maxReads);
	/** Reads under way: after an outage many clients ask for the same. */
	readonly #reads = new Map<string, Promise<LogPage>>();
	readonly #turns = new WeakMap<Channel, Promise<void>>();

	constructor(options: Options) {
		this.#options = options;
	}

	/** Resolves when the channel reads the feed, or has left it. */
	run(channel: Channel, user: UserRef, following: Following, from: From): Promise<void> {
		const { feed } = following;
		if (from.after >= Math.max(from.head, feed.edge.position)) {
			this.#options.feeds.read(following, channel, user, from.after);
			return Promise.resolve();
		}
		const before = this.#turns.get(channel) ?? Promise.resolve();
		const turn = before.then(() => this.#run(channel, user, following, from));
		this.#turns.set(channel, turn);
		return turn;
	}

	async #run(channel: Channel, user: UserRef, following: Following, { after, head, wanted }: From): Promise<void> {
		const { feed } = following;
		const isCurrent = () => channel.feeds.get(feed.key) === following;
		let limit = pageSize;
		let position = after;
		while (isCurrent() && position < Math.max(head, feed.edge.position)) {
			await channel.untilTaken();
			const page = await this.#page(isCurrent, feed.key, position, limit);
			if (page.entries.length === 0 || !isCurrent()) break;
			const given = this.#give(page, channel, wanted);
			position = page.entries[given - 1]?.pos ?? position;
			limit = Math.min(pageSize, Math.max(smallestPage, given * 2));
			// Clients that are caught up share the process with those who chat.
			await nextTurn();
		}
		if (isCurrent()) this.#options.feeds.read(following, channel, user, position);
	}

	/** Writes entries until the client is behind; how many. */
	#give(page: LogPage, channel: Channel, wanted: From['wanted']): number {
		let parts: Buffer[] = [];
		let bytes = 0;
		let given = 0;
		const write = () => {
			channel.send(Buffer.concat(parts));
			parts = [];
			bytes = 0;
		};
		for (const [index, entry] of page.entries.entries()) {
			given += 1;
			if (!page.concerns(entry, channel) || wanted?.(entry.message) === false) continue;
			const part = page.bytes(index, entry, channel);
			parts.push(part);
			bytes += part.length;
			if (bytes < pieceBytes) continue;
			write();
			if (channel.behind) break;
		}
		write();
		return given;
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
