import type { RoomItem } from '../protocol/queue-items.ts';
import type { Codec } from './codec.ts';
import type { Feed } from './feed.ts';
import { Pace } from './pace.ts';
import type { RosterChange } from './roster.ts';

/** Lists, or counts: the newest of each feed. They vanish with their feed. */
class Newest {
	readonly #items = new WeakMap<Feed, RoomItem>();
	readonly #pace: Pace<Feed>;

	constructor(intervalMs: number) {
		this.#pace = new Pace(intervalMs, (feed) => {
			const item = this.#items.get(feed);
			if (item !== undefined) send(feed, item);
		});
	}

	offer(feed: Feed, item: RoomItem): void {
		if (item.at < (this.#items.get(feed)?.at ?? 0)) return;
		this.#items.set(feed, item);
		this.#pace.due(feed);
	}

	stop(): void {
		this.#pace.stop();
	}
}

/**
 * Member lists and counts on their way to a room's sockets. The newest wins, and a room gets at most one of each an
 * interval: with n members a list costs n times its length, so unlimited lists would cost more than the chat.
 */
export class RoomEvents {
	readonly #lists: Newest;
	readonly #counts: Newest;

	constructor(options: { intervalMs: number }) {
		this.#lists = new Newest(options.intervalMs);
		this.#counts = new Newest(options.intervalMs);
	}

	offer(feed: Feed, item: RoomItem): void {
		(item.members === null ? this.#counts : this.#lists).offer(feed, item);
	}

	stop(): void {
		this.#lists.stop();
		this.#counts.stop();
	}
}

const send = (feed: Feed, item: RoomItem): void => {
	let change: RosterChange | undefined;
	const changed = () => {
		change ??= feed.roster.changeTo(item);
		return change;
	};
	const encoded = new Map<Codec, Buffer>();
	for (const channel of feed.readers()) {
		const { codec } = channel;
		const bytes = encoded.get(codec) ?? codec.room(item, changed);
		encoded.set(codec, bytes);
		channel.sendEphemeral(bytes);
	}
	feed.roster.take(item);
};
