import type { FeedKey } from '../protocol/logs.ts';
import type { UserRef } from '../protocol/message.ts';

/** "This server has a reader of this feed": a user in a room, or (feed `user:<id>`) a user who is connected. */
export interface RouteEntry {
	readonly key: FeedKey;
	readonly user: UserRef;
}

export interface RouteChange extends RouteEntry {
	readonly present: boolean;
}

/** The entries of one connect server, which is their only owner. */
export interface RoutePublisher {
	/**
	 * Writes changes, in order. Resolves when readers of the directory see them; rejects with `ChatError('unavailable')`
	 * when the server does not answer: the publisher then writes the whole of `snapshot()` as soon as it does.
	 */
	apply(changes: readonly RouteChange[]): Promise<void>;
	/** Removes all entries of this server and stops its heartbeat. */
	close(): Promise<void>;
}

export interface RoomMembers {
	/** Users, each counted once however many devices and servers. */
	readonly count: number;
	/** Null when there are more than the limit asked for. */
	readonly members: UserRef[] | null;
}

/**
 * Who is connected where. A cache of what the connect servers know, never the truth: each server publishes its own entries under a lease.
 *
 * Guarantees of every adapter:
 * - entries of a server whose lease has ended (killed, hung) are not returned, and are removed in time;
 * - a directory that lost everything is filled again by the publishers, without a restart, within a lease;
 * - an outage rejects calls quickly with `ChatError('unavailable')`, and heals by itself.
 */
export interface RouteDirectory {
	/** Starts to publish for a server. `snapshot` gives all its entries at the moment of the call, to be written after a loss. */
	publish(serverId: string, snapshot: () => Iterable<RouteEntry>): Promise<RoutePublisher>;
	/** For each feed, the ids of the servers that hold readers. */
	serversOf(keys: readonly FeedKey[]): Promise<string[][]>;
	/** Who is in a room; members only when there are at most `limit`. */
	room(roomId: number, limit: number): Promise<RoomMembers>;
	close(): Promise<void>;
}
