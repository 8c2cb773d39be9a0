import { type FeedKey, roomOf } from '../protocol/logs.ts';
import type { UserRef } from '../protocol/message.ts';
import { Bucket } from './bucket.ts';
import type { Channel, Following } from './channel.ts';
import { Feed } from './feed.ts';

/** The feeds that this server follows, and for whom: server ▶ bucket ▶ room ▶ channel. */
export class Feeds {
	readonly #feeds = new Map<FeedKey, Feed>();
	#rooms = 0;
	readonly #buckets: readonly Bucket[];
	readonly #onUser: (key: FeedKey, user: UserRef) => void;

	/** `onUser` is told when a user begins to follow a feed on this server, with any device, and when the last one has ceased to. */
	constructor(options: { buckets: number; onUser: (key: FeedKey, user: UserRef) => void }) {
		this.#buckets = Array.from({ length: options.buckets }, () => new Bucket());
		this.#onUser = options.onUser;
	}

	get(key: string): Feed | undefined {
		return this.#feeds.get(key as FeedKey);
	}

	all(): IterableIterator<Feed> {
		return this.#feeds.values();
	}

	/** How many of them are rooms. */
	get rooms(): number {
		return this.#rooms;
	}

	/** How many users are connected: each follows the inbox, and nobody else does. */
	get users(): number {
		return this.#feeds.size - this.#rooms;
	}

	/**
	 * Makes a channel follow a feed: the feed is kept up to date here, but the channel gets nothing before `read`.
	 * `head` is where a feed that is new to this server starts. Undefined when the channel follows it already.
	 */
	follow(key: FeedKey, head: number, channel: Channel, user: UserRef): Following | undefined {
		if (channel.feeds.has(key)) return undefined;
		let feed = this.#feeds.get(key);
		if (feed === undefined) {
			feed = new Feed(key, head, this.#buckets);
			this.#feeds.set(key, feed);
			if (roomOf(key) !== undefined) this.#rooms += 1;
		}
		const following: Following = { feed, reading: false };
		channel.feeds.set(key, following);
		const present = feed.users.get(user.id);
		if (present === undefined) feed.users.set(user.id, { user, channels: 1 });
		else present.channels += 1;
		this.#onUser(key, user);
		return following;
	}

	/** From now on the channel gets every message after this position. */
	read(following: Following, channel: Channel, user: UserRef, after: number): void {
		following.reading = true;
		following.feed.read(channel, user.id, after);
	}

	/** The channel follows the feed, but gets nothing of it before the next `read`. */
	pause(following: Following, channel: Channel, user: UserRef): void {
		if (following.reading) following.feed.remove(channel, user.id);
		following.reading = false;
	}

	unfollow(key: FeedKey, channel: Channel, user: UserRef): void {
		const following = channel.feeds.get(key);
		if (following === undefined) return;
		const { feed, reading } = following;
		channel.feeds.delete(key);
		if (reading) feed.remove(channel, user.id);
		const present = feed.users.get(user.id);
		if (present !== undefined && present.channels > 1) {
			present.channels -= 1;
			return;
		}
		feed.users.delete(user.id);
		if (feed.users.size === 0) {
			this.#feeds.delete(key);
			if (roomOf(key) !== undefined) this.#rooms -= 1;
		}
		this.#onUser(key, user);
	}
}
