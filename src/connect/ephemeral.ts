import { roomOf } from '../protocol/logs.ts';
import type { ReceiptItem, TypingItem } from '../protocol/queue-items.ts';
import type { Codec } from './codec.ts';
import type { Feed } from './feed.ts';

interface State {
	sentAt: number;
	/** The furthest of each user and conversation. */
	readonly waiting: Map<string, ReceiptItem>;
}

/**
 * Receipts and typing on their way to sockets of protocol v2. Receipts of a feed go out at most once an interval, with all that
 * came in it. A user's own go out over the user's inbox, so in a room they are for the others.
 */
export class Ephemeral {
	readonly #intervalMs: number;
	readonly #states = new WeakMap<Feed, State>();
	readonly #waiting = new Map<Feed, State>();
	#timer: NodeJS.Timeout | undefined;

	constructor(options: { intervalMs: number }) {
		this.#intervalMs = options.intervalMs;
	}

	receipt(feed: Feed, item: ReceiptItem): void {
		if (feed.large) return;
		let state = this.#states.get(feed);
		if (state === undefined) {
			state = { sentAt: Number.NEGATIVE_INFINITY, waiting: new Map() };
			this.#states.set(feed, state);
		}
		const name = `${item.userId} ${item.conv}`;
		const known = state.waiting.get(name);
		const delivered = Math.max(item.delivered, known?.delivered ?? 0);
		const read = Math.max(item.read, known?.read ?? 0);
		state.waiting.set(name, { ...item, delivered, read });
		if (performance.now() - state.sentAt >= this.#intervalMs) this.#send(feed, state);
		else this.#waiting.set(feed, state);
		this.#plan();
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
		clearTimeout(this.#timer);
	}

	#plan(): void {
		if (this.#timer !== undefined || this.#waiting.size === 0) return;
		this.#timer = setTimeout(() => {
			this.#timer = undefined;
			const dueBefore = performance.now() - this.#intervalMs;
			for (const [feed, state] of this.#waiting) if (state.sentAt <= dueBefore) this.#send(feed, state);
			this.#plan();
		}, this.#intervalMs / 10);
	}

	#send(feed: Feed, state: State): void {
		const items = [...state.waiting.values()];
		state.waiting.clear();
		state.sentAt = performance.now();
		this.#waiting.delete(feed);
		const isRoom = roomOf(feed.key) !== undefined;
		const encoded = new Map<Codec, Buffer>();
		for (const channel of feed.readers()) {
			const { codec, identity } = channel;
			if (codec.v2 === null) continue;
			const encode = (some: readonly ReceiptItem[]) =>
				Buffer.concat(some.map((item) => codec.v2?.receipt(item) ?? Buffer.alloc(0)));
			const own = isRoom && items.some(({ userId }) => userId === identity?.user.id);
			if (own) {
				channel.sendEphemeral(encode(items.filter(({ userId }) => userId !== identity?.user.id)));
				continue;
			}
			const bytes = encoded.get(codec) ?? encode(items);
			encoded.set(codec, bytes);
			channel.sendEphemeral(bytes);
		}
	}
}
