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
	};
	readonly sessions: {
		token_hash: string;
		id: string;
		user_id: number;
		created_at: number;
		expires_at: number;
	};
	/** The last position given out in each log: conversations and inboxes. Its row is the lock that orders appends. */
	readonly logs: { key: LogKey; head: number };
	readonly messages: MessageRow;
	/** The direct messages that concern a user, at their positions in the log `user:<id>`. */
	readonly inbox: { user_id: number; pos: number; conv: ConversationKey; seq: number };
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
