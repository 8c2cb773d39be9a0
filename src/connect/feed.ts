import type { FeedKey } from '../protocol/logs.ts';
import type { Message, UserRef } from '../protocol/message.ts';
import { Edge } from './edge.ts';
import type { Room } from './room.ts';

/** A room or an inbox that has readers on this server: where it stands, who reads it, what is to be written. */
export class Feed {
	readonly key: FeedKey;
	readonly edge: Edge;
	/** The readers, in one slice a bucket. */
	readonly rooms = new Set<Room>();
	/** Users among the readers, with the number of their channels. */
	readonly users = new Map<number, { readonly user: UserRef; channels: number }>();
	/** False until the route directory knows that this server reads it: until then messages may pass it by. */
	routed = false;

	/** In order, not yet written. */
	unsent: Message[] = [];
	/** Whether it is on the fan-out's list. */
	listed = false;
	/** Slices that the last flush has not reached yet. */
	slicesLeft = 0;
	/** `performance.now()` of the last flush. */
	flushedAt = Number.NEGATIVE_INFINITY;

	constructor(key: FeedKey, head: number) {
		this.key = key;
		this.edge = new Edge(head);
	}
}
