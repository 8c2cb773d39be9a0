import type { RoomItem } from '../protocol/queue-items.ts';
import type { Codec } from './codec.ts';
import type { Feed } from './feed.ts';
import type { RosterChange } from './roster.ts';

interface State {
	/** `at` of the newest that was sent or waits. */
	at: number;
	sentAt: number;
	waiting: RoomItem | undefined;
}

/**
 * Member lists and counts on their way to a room's sockets. The newest wins, and a room gets at most one of each an
 * interval: with n members a list costs n times its length, so unlimited lists would cost more than the chat.
 */
export class RoomEvents {
	readonly #intervalMs: number;
	/** Lists and counts apart, by feed: they vanish with their feed. */
	readonly #states = { list: new WeakMap<Feed, State>(), count: new WeakMap<Feed, State>() };
	readonly #waiting = new Set<{ feed: Feed; state: State }>();
	#timer: NodeJS.Timeout | undefined;

	constructor(options: { intervalMs: number }) {
		this.#intervalMs = options.intervalMs;
	}

	offer(feed: Feed, item: RoomItem): void {
		const states = item.members === null ? this.#states.count : this.#states.list;
		let state = states.get(feed);
		if (state === undefined) {
			state = { at: 0, sentAt: Number.NEGATIVE_INFINITY, waiting: undefined };
			states.set(feed, state);
		}
		if (item.at < state.at) return;
		state.at = item.at;
		if (state.waiting === undefined && performance.now() - state.sentAt >= this.#intervalMs) {
			this.#send(feed, state, item);
			return;
		}
		if (state.waiting === undefined) this.#waiting.add({ feed, state });
		state.waiting = item;
		this.#plan();
	}

	stop(): void {
		clearTimeout(this.#timer);
	}

	#plan(): void {
		if (this.#timer !== undefined || this.#waiting.size === 0) return;
		this.#timer = setTimeout(() => {
			this.#timer = undefined;
			const dueBefore = performance.now() - this.#intervalMs;
			for (const entry of this.#waiting) {
				const { feed, state } = entry;
				if (state.sentAt > dueBefore || state.waiting === undefined) continue;
				this.#waiting.delete(entry);
				const item = state.waiting;
				state.waiting = undefined;
				this.#send(feed, state, item);
			}
			this.#plan();
		}, this.#intervalMs / 10);
	}

	#send(feed: Feed, state: State, item: RoomItem): void {
		state.sentAt = performance.now();
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
	}
}
