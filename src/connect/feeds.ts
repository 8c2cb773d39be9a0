import type { FeedKey } from '../protocol/logs.ts';
import type { UserRef } from '../protocol/message.ts';
import { Bucket, bucketOf } from './bucket.ts';
import type { Channel } from './channel.ts';
import { Feed } from './feed.ts';

/** The feeds that this server follows, and who reads them: server ▶ bucket ▶ room ▶ channel. */
export class Feeds {
	readonly #feeds = new Map<FeedKey, Feed>();
	readonly #buckets: readonly Bucket[];
	readonly #onUser: (key: FeedKey, user: UserRef) => void;

	/** `onUser` is told when a user begins to read a feed on this server, with any device, and when the last one has ceased to. */
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

	/** Makes a channel read a feed. `head` is where a feed that is new to this server starts. */
	follow(key: FeedKey, head: number, channel: Channel, user: UserRef): void {
		if (channel.feeds.has(key)) return;
		let feed = this.#feeds.get(key);
		if (feed === undefined) {
			feed = new Feed(key, head);
			this.#feeds.set(key, feed);
		}
		channel.feeds.add(key);
		feed.rooms.add(bucketOf(this.#buckets, user.id).join(key, channel));
		const present = feed.users.get(user.id);
		if (present === undefined) feed.users.set(user.id, { user, channels: 1 });
		else present.channels += 1;
		this.#onUser(key, user);
	}

	unfollow(key: FeedKey, channel: Channel, user: UserRef): void {
		const feed = this.#feeds.get(key);
		if (feed === undefined || !channel.feeds.delete(key)) return;
		const emptied = bucketOf(this.#buckets, user.id).leave(key, channel);
		if (emptied !== undefined) feed.rooms.delete(emptied);
		const present = feed.users.get(user.id);
		if (present !== undefined && present.channels > 1) {
			present.channels -= 1;
			return;
		}
		feed.users.delete(user.id);
		if (feed.users.size === 0) this.#feeds.delete(key);
		this.#onUser(key, user);
	}
}
