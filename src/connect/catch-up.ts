import { setTimeout as sleep } from 'node:timers/promises';
import type { RpcClient } from '../ports/rpc.ts';
import { type FeedKey, inboxOwnerOf } from '../protocol/logs.ts';
import type { FeedEntry, Message, UserRef } from '../protocol/message.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Channel, Following } from './channel.ts';
import type { Feeds } from './feeds.ts';
import { createLimiter } from './limiter.ts';

interface Options {
	readonly rpc: RpcClient;
	readonly feeds: Feeds;
	readonly logger: Logger;
}

const pageSize = 250;
/** Reads under way at once: when thousands of clients return together, logic must still have room for messages. */
const maxReads = 32;
/** Bytes that are written to a client before it is waited for. */
const pieceBytes = 65_536;
const firstPauseMs = 100;
const longestPauseMs = 2000;

/**
 * Gives a channel what it missed of a feed, straight from the log, and makes it a reader from exactly there. Nothing live has
 * to be held meanwhile: it is in the log as well. The client is never given more than it takes.
 */
export class CatchUp {
	readonly #options: Options;
	readonly #limit = createLimiter(maxReads);
	/** Reads under way: after an outage many clients ask for the same. */
	readonly #reads = new Map<string, Promise<FeedEntry[]>>();

	constructor(options: Options) {
		this.#options = options;
	}

	/**
	 * From `after` on, at least up to `head`. `wanted` leaves out what the client has had in another way.
	 * Resolves when the channel reads the feed, or has left it.
	 */
	async run(
		channel: Channel,
		user: UserRef,
		following: Following,
		from: { readonly after: number; readonly head: number; readonly wanted?: (message: Message) => boolean },
	): Promise<void> {
		const { feed } = following;
		let { after } = from;
		while (after < Math.max(from.head, feed.edge.position)) {
			const entries = await this.#page(channel, following, after);
			const last = entries.at(-1);
			if (last === undefined || channel.feeds.get(feed.key) !== following) break;
			await this.#send(
				channel,
				user,
				feed.key,
				from.wanted ? entries.filter((e) => from.wanted?.(e.message)) : entries,
			);
			after = last.pos;
		}
		if (channel.feeds.get(feed.key) === following) this.#options.feeds.read(following, channel, user, after);
	}

	/** The next entries; tries until there is an answer or nobody waits for it. */
	async #page(channel: Channel, following: Following, after: number): Promise<FeedEntry[]> {
		const { key } = following.feed;
		for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
			if (channel.feeds.get(key) !== following) return [];
			try {
				return await this.#read(key, after);
			} catch (error) {
				this.#options.logger.debug({ err: error, feed: key }, 'a client is not caught up yet');
				await sleep(pauseMs);
			}
		}
	}

	#read(key: FeedKey, after: number): Promise<FeedEntry[]> {
		const name = `${key} ${after}`;
		const underWay = this.#reads.get(name);
		if (underWay !== undefined) return underWay;
		const read = this.#limit(() => this.#options.rpc.call('logic.read', { key, after, limit: pageSize }))
			.then(({ entries }) => entries)
			.finally(() => this.#reads.delete(name));
		this.#reads.set(name, read);
		return read;
	}

	async #send(channel: Channel, user: UserRef, key: FeedKey, entries: readonly FeedEntry[]): Promise<void> {
		const isInbox = inboxOwnerOf(key) !== undefined;
		let parts: Buffer[] = [];
		let bytes = 0;
		for (const { pos, message } of entries) {
			const reader = { own: message.from.id === user.id, inbox: isInbox ? pos : undefined };
			const part = channel.codec.message(message, reader);
			parts.push(part);
			bytes += part.length;
			if (bytes < pieceBytes) continue;
			channel.send(Buffer.concat(parts));
			parts = [];
			bytes = 0;
			await channel.drained();
		}
		channel.send(Buffer.concat(parts));
		await channel.drained();
	}
}
