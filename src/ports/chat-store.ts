import type { ConversationKey, FeedKey, RoomKey } from '../protocol/logs.ts';
import type { FeedEntry, FeedPosition, Message, UserRef } from '../protocol/message.ts';

export interface StoredUser extends UserRef {
	/** PHC string; never leaves logic. */
	readonly passwordHash: string;
}

export interface StoredSession {
	/** Public id of the session; reveals nothing of the token. */
	readonly id: string;
	readonly user: UserRef;
	/** What the user calls the program or machine; may be empty. */
	readonly device: string;
	readonly createdAt: number;
	/** When it was last used, to the hour. */
	readonly usedAt: number;
	readonly expiresAt: number;
}

export interface NewSession {
	readonly id: string;
	/** SHA-256 of the token, in hex; the token itself is never stored. */
	readonly tokenHash: string;
	readonly userId: number;
	readonly device: string;
	readonly createdAt: number;
	readonly expiresAt: number;
}

/** Some of a user's sessions. */
export type SessionChoice = readonly string[] | 'all' | { readonly except: string };

/** What may be imposed on a user: a ban ends all sessions and refuses new ones, a mute refuses what the user writes. */
export type SanctionKind = 'ban' | 'mute';

export interface NewSanction {
	readonly userId: number;
	readonly kind: SanctionKind;
	/** Null: for good. */
	readonly until: number | null;
	readonly reason: string;
	/** The administrator; null for the operator at the command line. */
	readonly by: number | null;
	readonly at: number;
}

export interface StoredSanction {
	readonly id: number;
	readonly kind: SanctionKind;
	readonly user: UserRef;
	readonly reason: string;
	/** Null for the operator. */
	readonly by: UserRef | null;
	readonly at: number;
	/** As it was imposed. */
	readonly until: number | null;
	/** When and by whom it was lifted or replaced before its time; null when it was not. */
	readonly lifted: { readonly at: number; readonly by: UserRef | null } | null;
}

/** Which sanctions to list, the newest first: of one user or of all, those in force at a moment or all that ever were. */
export interface SanctionsPage {
	readonly userId?: number | undefined;
	readonly inForceAt?: number | undefined;
	/** Those that are older than this one. */
	readonly before?: number | undefined;
	readonly limit: number;
}

/** A message before it has its place in the conversation. */
export interface NewMessage extends Omit<Message, 'seq'> {
	/** The inboxes it goes to besides its conversation: both users of a direct message (one, when they are the same), none for a room. */
	readonly inboxes: readonly number[];
	/** Whether the sender has read what stands before it: then the sender's mark moves to it, in the same transaction. */
	readonly marksRead?: boolean;
}

export interface Appended {
	readonly message: Message;
	/** Where it stands in the feeds of connect servers: the room, or the inboxes. Empty when `repeated`. */
	readonly feeds: readonly FeedPosition[];
	/** True when the sender had already appended a message with this `ref`: `message` is that first one. */
	readonly repeated: boolean;
	/** True when the sender has read messages of others with it, by `marksRead`, in a conversation that is among the sender's. */
	readonly readOthers: boolean;
}

/** How far a user has got in a conversation, and where that one stands. */
export interface Standing {
	readonly head: number;
	/** 0 when the conversation is not among the user's. */
	readonly read: number;
	readonly delivered: number;
}

/** A user has got so far; what is left out stays. */
export interface Mark {
	readonly userId: number;
	readonly conv: ConversationKey;
	readonly read?: number | undefined;
	readonly delivered?: number | undefined;
}

/** How far a user has got in a conversation that is among the user's. */
export interface Receipt {
	readonly userId: number;
	readonly read: number;
	readonly delivered: number;
}

/** Where a user stands in a conversation after a mark, and whether that one moved anything. */
export interface Marked extends Receipt {
	readonly conv: ConversationKey;
	readonly moved: boolean;
}

/** A room with a name. */
export interface NamedRoom {
	readonly id: number;
	readonly name: string;
}

/** A conversation of a user: a room that was joined, or a direct conversation that has a message. */
export interface InboxLine extends Standing {
	readonly conv: ConversationKey;
	/** Of a room that has one; null otherwise. */
	readonly name: string | null;
	readonly last: Message | null;
	/** The other user of a direct conversation (oneself when there is no other) and how far that one has got; null in a room. */
	readonly peer: { readonly user: UserRef; readonly read: number; readonly delivered: number } | null;
}

/** A place in the inbox: lines after it are older. */
export interface InboxPlace {
	/** When something last happened there: the newest message, or joining; ms since 1970. */
	readonly activeAt: number;
	readonly conv: ConversationKey;
}

/** Exclusive bounds; with neither, the newest page. */
export interface HistoryPage {
	readonly conv: ConversationKey;
	readonly after?: number | undefined;
	readonly before?: number | undefined;
	readonly limit: number;
}

/** How often something was tried that is limited. Times are milliseconds since 1970. */
export interface AttemptCount {
	readonly failures: number;
	/** From when on they are being forgotten. */
	readonly since: number;
	/** Until when everything is refused. */
	readonly lockedUntil: number;
	/** From when on it says nothing any more, and may be removed. */
	readonly expiresAt: number;
}

/**
 * The only truth: users, sessions and logs, and what counts against whom.
 *
 * Guarantees of every adapter:
 * - `append` is one transaction: all entries or none, also when the process is killed in it. What was appended survives kill -9.
 * - Positions of each log are gapless from 1 under concurrent appends from several processes, and become visible in order:
 *   a reader that sees position n sees every position before it.
 * - (`from.id`, `ref`) is unique: appending it again, in the same batch, later, or at once from another process, returns the first message.
 * - A direct conversation is among both users' from its first message on, in the same transaction.
 * - Marks only grow, never beyond the head that the conversation had, whatever the order in which they come and from how many processes.
 * - Errors are `ChatError('unavailable')` when the database does not answer or is busy for too long; the same call may then be tried again.
 *   A value that the database refuses is any other error, and leaves nothing behind.
 */
export interface ChatStore {
	/** Undefined when the name is taken, compared by `nameKey`. Atomic: of two at once one gets undefined. */
	createUser(user: {
		name: string;
		nameKey: string;
		passwordHash: string;
		createdAt: number;
	}): Promise<UserRef | undefined>;
	userByNameKey(nameKey: string): Promise<StoredUser | undefined>;
	/** Replaces the password hash if it is still `previous`; whether it was. Of several at once, one gets true. */
	setPasswordHash(userId: number, next: string, previous: string): Promise<boolean>;
	/**
	 * The same for a new password: ends all other sessions of the user in the same transaction, and then those that were being
	 * created meanwhile; the ids of all that it ended. Undefined when the hash was not `previous` any more.
	 */
	changePassword(change: {
		readonly userId: number;
		readonly next: string;
		readonly previous: string;
		/** The session that stays. */
		readonly keep: string;
		readonly at: number;
	}): Promise<string[] | undefined>;
	/** The users that exist among these ids, in any order. */
	usersById(ids: readonly number[]): Promise<UserRef[]>;

	/** Whether a user is an administrator; false for one that does not exist. */
	isAdmin(userId: number): Promise<boolean>;
	/** Makes a user an administrator, or no more. False when nobody has the name. */
	setAdmin(nameKey: string, admin: boolean): Promise<boolean>;

	/** The room of a name, compared by `nameKey`; made if there is none. Atomic: several at once get the same one. Its number is `firstNamedRoom` or more. */
	openRoom(room: { name: string; nameKey: string; createdBy: number; createdAt: number }): Promise<NamedRoom>;
	/** Those of these rooms that have a name, in any order. */
	namedRooms(ids: readonly number[]): Promise<NamedRoom[]>;

	/** It has been used when it was created. */
	createSession(session: NewSession): Promise<void>;
	/** The session of a token, expired or not; undefined when it has been ended. */
	sessionByTokenHash(tokenHash: string): Promise<StoredSession | undefined>;
	/** The sessions among these ids that have not been ended, in any order. */
	sessionsById(ids: readonly string[]): Promise<StoredSession[]>;
	/** The sessions of a user that have not been ended, the newest first. */
	sessionsOfUser(userId: number): Promise<StoredSession[]>;
	/** These sessions are used now: moves `usedAt` to `at`, and `expiresAt` to `idleMs` after that, but no further than `absoluteMs` after `createdAt`. Leaves ended ones. */
	touchSessions(ids: readonly string[], use: { at: number; idleMs: number; absoluteMs: number }): Promise<void>;
	/** Ends those of these sessions that belong to the user; their ids. Each is told once, to one of several callers at once. */
	endSessionsOfUser(userId: number, which: SessionChoice, at: number): Promise<string[]>;
	/** Ends it; the session that it was, or undefined if there was none. */
	endSession(tokenHash: string, at: number): Promise<StoredSession | undefined>;
	/** Those that were ended after a moment, by the clock of whoever ended them, for as long as they are kept. */
	sessionsEndedSince(at: number, limit: number): Promise<string[]>;
	/** Removes sessions that expired at or before `now`, but of those that were ended only the ones ended at or before `endedBy`; how many. */
	deleteOldSessions(now: number, endedBy: number): Promise<number>;

	/**
	 * Imposes a sanction, in place of one of the same kind that is in force. A ban ends the user's sessions, in the same
	 * transaction, and then those that were being created meanwhile; the ids of all that it ended.
	 */
	impose(sanction: NewSanction): Promise<string[]>;
	/** Lifts what is in force; false when nothing is. */
	lift(sanction: Pick<NewSanction, 'userId' | 'kind' | 'by' | 'at'>): Promise<boolean>;
	/** The sanction that a user is under at a moment. */
	inForce(userId: number, kind: SanctionKind, at: number): Promise<Pick<StoredSanction, 'until'> | undefined>;
	/** All users who are muted at a moment, in any order. */
	mutedUsers(at: number): Promise<{ readonly userId: number; readonly until: number | null }[]>;
	sanctions(page: SanctionsPage): Promise<StoredSanction[]>;

	/** What is counted under each of these keys, in the order asked; undefined where nothing is. */
	attempts(keys: readonly string[]): Promise<(AttemptCount | undefined)[]>;
	/**
	 * Replaces what is counted under a key (up to 128 characters) by what `change` makes of it, undefined for nothing. Atomic: of
	 * many at once, in whatever processes, each sees what the one before left. `change` may be called again; what it throws is
	 * thrown, and leaves everything as it was.
	 */
	changeAttempts(key: string, change: (count: AttemptCount | undefined) => AttemptCount | undefined): Promise<void>;
	/** Removes counts whose `expiresAt` is at or before `now`; how many. */
	deleteExpiredAttempts(now: number): Promise<number>;

	/** Appends in the order given; the results are in the same order. */
	append(messages: readonly NewMessage[]): Promise<Appended[]>;
	/** The message that a sender has appended under a ref. */
	messageByRef(senderId: number, ref: string): Promise<Message | undefined>;
	/** The last position of each log, in the order asked; 0 for one that is empty. */
	heads(keys: readonly (FeedKey | ConversationKey)[]): Promise<number[]>;
	/** Entries of a feed after a position, oldest first. */
	readFeed(key: FeedKey, after: number, limit: number): Promise<FeedEntry[]>;
	/** A page of a conversation, oldest first. With `after`, the page that follows it; with `before` or neither, the newest that fit. */
	history(page: HistoryPage): Promise<Message[]>;

	/**
	 * Puts a room among the user's conversations, read and delivered up to its head. Where it is already, nothing changes, and
	 * `joined` is false: of several calls at once, one is told that it has joined. Undefined where it was not, and the user has
	 * `most` rooms; several processes at once may each add one beyond it.
	 */
	joinRoom(
		userId: number,
		conv: RoomKey,
		at: number,
		most?: number,
	): Promise<(Standing & { readonly joined: boolean }) | undefined>;
	/** Takes a room out of them; it is forgotten how far the user had got. False when it was not among them; of several calls at once, one gets true. */
	leaveRoom(userId: number, conv: RoomKey): Promise<boolean>;
	/** Where these conversations stand for a user, in the order asked. */
	standings(userId: number, convs: readonly ConversationKey[]): Promise<Standing[]>;
	/** How far each user has got among whose conversations this one is, in any order; null when they are more than `limit`. Reads no more than `limit` + 1. */
	receipts(conv: ConversationKey, limit: number): Promise<Receipt[] | null>;
	/** Stores marks, in one transaction; those of conversations that are not among the user's change nothing. Gives the others as they are now, each once. */
	mark(marks: readonly Mark[]): Promise<Marked[]>;
	/** The user's conversations, the last active first; `next` is the place of the last line when there are more. */
	inbox(
		userId: number,
		page: { readonly after?: InboxPlace | undefined; readonly limit: number },
	): Promise<{ readonly lines: InboxLine[]; readonly next: InboxPlace | null }>;

	/** Resolves when the database answers. */
	ping(): Promise<void>;
	close(): Promise<void>;
}
