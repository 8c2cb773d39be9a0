import { maxReceiptMembers } from '../protocol/limits.ts';
import { type FeedKey, roomKey, roomOf } from '../protocol/logs.ts';
import type { Message, UserRef } from '../protocol/message.ts';
import type { ServerFrameV2 } from '../protocol/v2/server-frames.ts';
import { type Bucket, bucketOf } from './bucket.ts';
import type { Channel } from './channel.ts';
import { Edge } from './edge.ts';
import type { Room } from './room.ts';
import { Roster } from './roster.ts';

/** A room or an inbox that has followers on this server: where it stands, who reads it, what is to be written. */
export class Feed {
	readonly key: FeedKey;
	readonly edge: Edge;
	/** The readers, in one slice a bucket. */
	readonly rooms = new Set<Room>();
	/** Readers that have had some of what is still to be written: with the position up to which they have it. */
	readonly joining = new Map<Channel, number>();
	/** Users among the followers, with the number of their channels. */
	readonly users = new Map<number, { readonly user: UserRef; channels: number }>();
	/** What the readers of a room were told of who is in it. */
	readonly roster = new Roster();
	/** How often the log was replaced: positions of another era mean nothing. */
	era = 0;
	/** False until the route directory knows that this server follows it: until then messages may pass it by. */
	routed = false;

	/** In order, not yet written; the last one is at the edge's position. */
	unsent: Message[] = [];
	/** Whether it is on the fan-out's list. */
	listed = false;
	/** Slices that the last flush has not reached yet. */
	slicesLeft = 0;
	/** The position before the last flush, which all readers have been written. */
	written = 0;
	/** `performance.now()` of the last flush. */
	flushedAt = Number.NEGATIVE_INFINITY;
	readonly #buckets: readonly Bucket[];

	constructor(key: FeedKey, head: number, buckets: readonly Bucket[]) {
		this.key = key;
		this.edge = new Edge(head);
		this.#buckets = buckets;
	}

	/** The position of the first message that is not written yet. */
	get firstUnsent(): number {
		return this.edge.position - this.unsent.length + 1;
	}

	/** The position up to which every reader has been written. */
	get delivered(): number {
		return this.slicesLeft > 0 ? this.written : this.firstUnsent - 1;
	}

	/** Whether it is a room with too many users for everybody to hear of everybody. */
	get large(): boolean {
		return this.roster.count > maxReceiptMembers;
	}

	/** From now on the channel gets every message after this position. */
	read(channel: Channel, userId: number, after: number): void {
		this.joining.set(channel, after);
		this.#admit(userId, channel, after);
	}

	/** Makes readers of those who have nothing any more of what comes next. To be called before a flush. */
	admitAll(): void {
		for (const [channel, after] of this.joining) {
			if (channel.identity !== undefined) this.#admit(channel.identity.user.id, channel, after);
		}
	}

	/** The log itself was replaced: whoever can be told is told to start again too. */
	startAgain(head: number): void {
		this.edge.reset(head);
		this.unsent = [];
		for (const channel of this.joining.keys()) this.joining.set(channel, head);
		this.era += 1;
		for (const channel of this.readers()) channel.answer(this.resetFrame());
		this.admitAll();
	}

	/** Tells a client of v2 to go on from here. */
	resetFrame(): ServerFrameV2 {
		const room = roomOf(this.key);
		return { type: 'reset', conv: room === undefined ? 'inbox' : roomKey(room), head: this.edge.position };
	}

	remove(channel: Channel, userId: number): void {
		if (this.joining.delete(channel)) return;
		const emptied = bucketOf(this.#buckets, userId).leave(this.key, channel);
		if (emptied !== undefined) this.rooms.delete(emptied);
	}

	/** All that read it, of each codec. */
	*readers(): Iterable<Channel> {
		for (const room of this.rooms) for (const channels of room.channels.values()) yield* channels;
		yield* this.joining.keys();
	}

	/** Not while a flush is under way: it would be written to the new reader too. */
	#admit(userId: number, channel: Channel, after: number): void {
		if (this.slicesLeft > 0 || after >= this.firstUnsent) return;
		this.joining.delete(channel);
		this.rooms.add(bucketOf(this.#buckets, userId).join(this.key, channel));
	}
}
