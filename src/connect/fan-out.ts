import type { Message } from '../protocol/message.ts';
import type { Channel } from './channel.ts';
import type { Feed } from './feed.ts';
import { Flush } from './flush.ts';
import type { Room } from './room.ts';

/** One slice of a flush: what a bucket's readers of a feed get. */
interface Slice {
	readonly room: Room;
	readonly flush: Flush;
}

/** Socket writes after which the event loop gets its turn, so that a huge room does not starve pings and other rooms. */
const writesPerTurn = 512;

/** How often it is looked whether the event loop has time left, in ms, and how far the time between two flushes may grow then. */
const lookMs = 100;
const longestMs = 500;

/**
 * Writes feeds to their readers. What a feed gets within one flush is encoded once per codec into one buffer and costs
 * one write a socket. An idle feed is flushed at once (after the batch that brought it), a busy one every `flushMs`,
 * and not before its last flush has reached all readers: so the more there is to do, the more one write carries.
 * While the event loop has no time left the interval of rooms doubles, up to `longestMs`: what else waits there, clients that come back above all,
 * is more urgent than many small writes.
 */
export class FanOut {
	readonly #flushMs: number;
	readonly #onBehind: (feed: Feed, channel: Channel, position: number) => void;
	readonly #onWritten: (flush: Flush) => void;
	#listed: Feed[] = [];
	readonly #slices: Slice[] = [];
	#next = 0;
	#flushPlanned = false;
	#writing = false;
	#delivered = 0;
	#timer: NodeJS.Timeout | undefined;
	#intervalMs: number;
	#loop = performance.eventLoopUtilization();
	#lookedAt = 0;

	/**
	 * `onBehind` is told who takes no more for now, and up to which position it has the feed; `onWritten` of each flush
	 * that all other readers have been written.
	 */
	constructor(options: {
		flushMs: number;
		onBehind: (feed: Feed, channel: Channel, position: number) => void;
		onWritten: (flush: Flush) => void;
	}) {
		this.#flushMs = options.flushMs;
		this.#intervalMs = options.flushMs;
		this.#onBehind = options.onBehind;
		this.#onWritten = options.onWritten;
	}

	/**
	 * Messages written so far, each reader counted. Whole writes are counted, which costs next to nothing: where a client of gochat's
	 * protocol gets no copy of its own direct message, but others in the same write, that copy is counted too.
	 */
	get delivered(): number {
		return this.#delivered;
	}

	/** Takes a message that is next in its feed. */
	offer(feed: Feed, message: Message): void {
		feed.unsent.push(message);
		this.#list(feed);
	}

	/** Writes everything that was offered, without waiting. */
	drain(): void {
		this.stop();
		for (const feed of this.#listed) this.#flush(feed);
		this.#listed = [];
		while (this.#next < this.#slices.length) this.#writeNext();
	}

	stop(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
	}

	#list(feed: Feed): void {
		if (!feed.listed) {
			feed.listed = true;
			this.#listed.push(feed);
		}
		if (this.#flushPlanned) return;
		this.#flushPlanned = true;
		queueMicrotask(() => {
			this.#flushPlanned = false;
			this.#flushDue();
		});
	}

	#flushDue(): void {
		const now = performance.now();
		this.#adapt(now);
		const later: Feed[] = [];
		for (const feed of this.#listed) {
			// What one user alone reads would save next to nothing by waiting.
			const intervalMs = feed.users.size > 1 ? this.#intervalMs : this.#flushMs;
			if (feed.slicesLeft === 0 && feed.flushedAt <= now - intervalMs) this.#flush(feed);
			else later.push(feed);
		}
		this.#listed = later;
		if (later.length > 0 && this.#timer === undefined) {
			this.#timer = setTimeout(() => {
				this.#timer = undefined;
				this.#flushDue();
			}, this.#flushMs);
		}
		this.#write();
	}

	#adapt(now: number): void {
		const sinceMs = now - this.#lookedAt;
		if (sinceMs < lookMs) return;
		const loop = performance.eventLoopUtilization();
		const { utilization } = performance.eventLoopUtilization(loop, this.#loop);
		this.#loop = loop;
		this.#lookedAt = now;
		if (utilization > 0.95) this.#intervalMs = Math.min(longestMs, this.#intervalMs * 2);
		// A long quiet time is many looks: nobody waits today for yesterday's rush.
		else if (utilization < 0.8) this.#intervalMs = Math.max(this.#flushMs, this.#intervalMs / 2 ** (sinceMs / lookMs));
	}

	#flush(feed: Feed): void {
		feed.admitAll();
		const flush = new Flush(feed, feed.unsent, feed.firstUnsent);
		feed.written = flush.first - 1;
		feed.unsent = [];
		feed.listed = false;
		feed.flushedAt = performance.now();
		feed.slicesLeft += feed.rooms.size;
		for (const room of feed.rooms) this.#slices.push({ room, flush });
		for (const [channel, after] of [...feed.joining]) {
			const had = Math.max(after, flush.first - 1);
			const bytes = flush.bytesAfter(channel, after);
			if (!channel.offer(bytes)) this.#onBehind(feed, channel, had);
			else if (bytes.length > 0) this.#delivered += flush.first + flush.size - 1 - had;
		}
		if (feed.slicesLeft === 0) this.#onWritten(flush);
	}

	/** Slices are written in the order of their flushes, so that each reader's order is the feed's. */
	#write(): void {
		if (this.#writing) return;
		let writes = 0;
		while (this.#next < this.#slices.length && writes < writesPerTurn) writes += this.#writeNext();
		if (this.#next < this.#slices.length) {
			this.#writing = true;
			setImmediate(() => {
				this.#writing = false;
				this.#write();
			});
		} else {
			this.#slices.length = 0;
			this.#next = 0;
		}
	}

	#writeNext(): number {
		const slice = this.#slices[this.#next];
		this.#next += 1;
		if (slice === undefined) return 0;
		const { flush } = slice;
		flush.feed.slicesLeft -= 1;
		let writes = 0;
		let written = 0;
		const behind: Channel[] = [];
		for (const [codec, channels] of slice.room.channels) {
			writes += channels.size;
			const shared = flush.differs(codec) ? undefined : flush.bytes(codec);
			for (const channel of channels) {
				const bytes = shared ?? flush.bytesFor(channel);
				if (!channel.offer(bytes)) behind.push(channel);
				else if (bytes.length > 0) written += 1;
			}
		}
		this.#delivered += written * flush.size;
		for (const channel of behind) this.#onBehind(flush.feed, channel, flush.first - 1);
		if (flush.feed.slicesLeft === 0) this.#onWritten(flush);
		return writes;
	}
}
