import type { Generated } from 'kysely';
import type { ConversationKey, LogKey } from '../../protocol/logs.ts';

/** The tables as TypeScript sees them; `migrations/` makes them. Times are milliseconds since 1970 UTC. */
export interface Tables {
	readonly users: {
		id: Generated<number>;
		name: string;
		name_key: string;
		password_hash: string;
		created_at: number;
		/** 1 for an administrator. */
		admin: Generated<0 | 1>;
	};
	/** Rooms that were opened by a name. `id` counts from 1; what the room is called elsewhere is `roomNumber` of it. */
	readonly rooms: { id: Generated<number>; name: string; name_key: string; created_by: number; created_at: number };
	readonly sessions: {
		token_hash: string;
		id: string;
		user_id: number;
		device: string;
		created_at: number;
		/** To the hour: see `ChatStore.touchSessions`. */
		used_at: number;
		expires_at: number;
		/** Null for as long as it has not been ended; the row is kept for a while after that. */
		ended_at: number | null;
	};
	/** Bans and mutes, those that are over too. */
	readonly sanctions: {
		id: Generated<number>;
		user_id: number;
		kind: 'ban' | 'mute';
		reason: string;
		/** Null: the operator, at the command line. */
		by_id: number | null;
		at: number;
		/** As it was imposed; null: for good. */
		until: number | null;
		/** When it is over in fact, so that what is in force is found by one comparison; `forever` when it has no end. */
		ends_at: number;
		/** Set when it was lifted, or replaced, before its time: who did so, 0 for the operator. */
		lifted_by: number | null;
	};
	/** See `AttemptCount`. */
	readonly attempts: { key: string; failures: number; since: number; locked_until: number; expires_at: number };
	/**
	 * The last position given out in each log, conversations and inboxes, and `at` of the message there; no row for an empty log.
	 * The row is the lock that orders appends.
	 */
	readonly logs: { key: LogKey; head: number; last_at: number };
	readonly messages: MessageRow;
	/** The direct messages that concern a user, at their positions in the log `user:<id>`. */
	readonly inbox: { user_id: number; pos: number; conv: ConversationKey; seq: number };
	/** The conversations of each user: rooms that were joined, and direct ones from their first message on. */
	readonly memberships: {
		user_id: number;
		conv: ConversationKey;
		joined_at: number;
		/** How far the user has read; never beyond `delivered_seq`, as that one is never beyond the head. */
		read_seq: number;
		delivered_seq: number;
	};
}

/** Names are kept as they were when the message was accepted. */
export interface MessageRow {
	conv: ConversationKey;
	seq: number;
	id: string;
	sender_id: number;
	sender_name: string;
	to_id: number | null;
	to_name: string | null;
	kind: 'text';
	body: string;
	ref: string;
	at: number;
}
