/**
 * Names of logs. A *log* is an append-only sequence with gapless positions 1, 2, 3 …
 *
 * - `room:<id>` and `dm:<lower user id>:<higher>` are conversations: they own their messages, and a position is the message's `seq`.
 * - `user:<id>` is a user's inbox: an index of the direct messages that concern the user. Connect servers follow rooms and inboxes.
 */
export type RoomKey = `room:${number}`;
export type DirectKey = `dm:${number}:${number}`;
export type InboxKey = `user:${number}`;
/** A conversation: what a message is sent to. */
export type ConversationKey = RoomKey | DirectKey;
/** What a connect server follows and delivers from. */
export type FeedKey = RoomKey | InboxKey;
export type LogKey = ConversationKey | InboxKey;

export const roomKey = (roomId: number): RoomKey => `room:${roomId}`;
export const inboxKey = (userId: number): InboxKey => `user:${userId}`;
/** The direct conversation of two users; the order of the arguments does not matter. */
export const directKey = (one: number, other: number): DirectKey =>
	one < other ? `dm:${one}:${other}` : `dm:${other}:${one}`;

/** JSON Schema patterns for the keys, used by every schema that carries one. */
export const roomPattern = '^room:[1-9][0-9]{0,15}$';
export const conversationPattern = '^(room:[1-9][0-9]{0,15}|dm:[1-9][0-9]{0,15}:[1-9][0-9]{0,15})$';
export const feedPattern = '^(room|user):[1-9][0-9]{0,15}$';

/** The room number of a room key, or undefined for any other key. */
export const roomOf = (key: string): number | undefined => (key.startsWith('room:') ? Number(key.slice(5)) : undefined);

/** The user number of an inbox key, or undefined for any other key. */
export const inboxOwnerOf = (key: string): number | undefined =>
	key.startsWith('user:') ? Number(key.slice(5)) : undefined;

/** The two user numbers of a direct conversation (equal when a user writes to oneself), or undefined for any other key. */
export const directUsersOf = (key: string): [number, number] | undefined => {
	if (!key.startsWith('dm:')) return undefined;
	const middle = key.indexOf(':', 3);
	return [Number(key.slice(3, middle)), Number(key.slice(middle + 1))];
};

/**
 * Whether a user may read and write a conversation, if it exists: anyone a room, its two users a direct one.
 * False for a key that is not in the one form that logs are stored under.
 */
export const isOpenTo = (conv: ConversationKey, userId: number): boolean => {
	const room = roomOf(conv);
	if (room !== undefined) return Number.isSafeInteger(room);
	const users = directUsersOf(conv);
	return users?.includes(userId) === true && users.every(Number.isSafeInteger) && directKey(...users) === conv;
};
