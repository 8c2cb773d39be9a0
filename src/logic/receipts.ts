import type { Marked, Receipt } from '../ports/chat-store.ts';
import { directUsersOf, type FeedKey, inboxKey, type RoomKey, roomKey, roomOf } from '../protocol/logs.ts';
import type { ReceiptItem } from '../protocol/queue-items.ts';

/** Both users of a direct conversation; of a room the user's other devices and the room. */
const feedsFor = ({ userId, conv }: Pick<Marked, 'userId' | 'conv'>, quiet: boolean): FeedKey[] => {
	if (quiet) return [inboxKey(userId)];
	const roomId = roomOf(conv);
	if (roomId !== undefined) return [inboxKey(userId), roomKey(roomId)];
	return [...new Set(directUsersOf(conv))].map(inboxKey);
};

/** What is told of a user who has got so far; `quiet` only to the user's own devices. */
export const receiptOf = ({ userId, conv, delivered, read }: Omit<Marked, 'moved'>, quiet: boolean): ReceiptItem => ({
	type: 'receipt',
	feeds: feedsFor({ userId, conv }, quiet),
	conv,
	userId,
	delivered,
	read,
});

/** What a user's own devices are told of a room that has come among the user's conversations, or has gone from them. */
export const membershipOf = ({ userId, delivered, read }: Receipt, conv: RoomKey, joined: boolean): ReceiptItem => ({
	type: 'receipt',
	feeds: [inboxKey(userId)],
	conv,
	userId,
	delivered,
	read,
	joined,
});
