import { type RoomKey, roomOf } from '../protocol/logs.ts';
import type { ReceiptItem, TypingItem } from '../protocol/queue-items.ts';
import type { Codec } from './codec.ts';
import type { Feed } from './feed.ts';
import { Pace } from './pace.ts';

/** The furthest of each user and conversation. */
type Waiting = Map<string, ReceiptItem>;

/**
 * Receipts, memberships and typing on their way to sockets of protocol v2. Receipts of a feed go out at most once an interval,
 * with all that came in it. A user's own go out over the user's inbox, so in a room they are for the others.
 */
export class Ephemeral {
	readonly #waiting = new WeakMap<Feed, Waiting>();
	readonly #pace: Pace<Feed>;

	constructor(options: { intervalMs: number }) {
		this.#pace = new Pace(options.intervalMs, (feed) => {
			const items = [...(this.#waiting.get(feed)?.values() ?? [])];
			this.#waiting.delete(feed);
			sendReceipts(feed, items);
		});
	}

	receipt(feed: Feed, item: ReceiptItem): void {
		if (item.joined !== undefined) {
			tellMembership(feed, item.conv as RoomKey, item.joined);
			return;
		}
		if (feed.large) return;
		const waiting = this.#waiting.get(feed) ?? new Map<string, ReceiptItem>();
		const name = `${item.userId} ${item.conv}`;
		const known = waiting.get(name);
		const delivered = Math.max(item.delivered, known?.delivered ?? 0);
		const read = Math.max(item.read, known?.read ?? 0);
		this.#waiting.set(feed, waiting.set(name, { ...item, delivered, read }));
		this.#pace.due(feed);
	}

	typing(feed: Feed, item: TypingItem): void {
		if (feed.large) return;
		const encoded = new Map<Codec, Buffer>();
		for (const channel of feed.readers()) {
			const { codec } = channel;
			if (codec.v2 === null || channel.identity?.user.id === item.user.id) continue;
			const bytes = encoded.get(codec) ?? codec.v2.typing(item);
			encoded.set(codec, bytes);
			channel.sendEphemeral(bytes);
		}
	}

	stop(): void {
		this.#pace.stop();
	}
}

const sendReceipts = (feed: Feed, items: readonly ReceiptItem[]): void => {
	const isRoom = roomOf(feed.key) !== undefined;
	const encoded = new Map<Codec, Buffer>();
	for (const channel of feed.readers()) {
		const { v2 } = channel.codec;
		if (v2 === null) continue;
		const encode = (some: readonly ReceiptItem[]) => Buffer.concat(some.map((item) => v2.receipt(item)));
		const userId = channel.identity?.user.id;
		if (isRoom && items.some((item) => item.userId === userId)) {
			channel.sendEphemeral(encode(items.filter((item) => item.userId !== userId)));
			continue;
		}
		const bytes = encoded.get(channel.codec) ?? encode(items);
		encoded.set(channel.codec, bytes);
		channel.sendEphemeral(bytes);
	}
};

/** To the user's devices, at once: people join and leave rarely. */
const tellMembership = (feed: Feed, conv: RoomKey, joined: boolean): void => {
	for (const channel of feed.readers()) {
		const { v2 } = channel.codec;
		if (v2 !== null) channel.sendEphemeral(v2.frame({ type: 'membership', conv, joined }));
	}
};
