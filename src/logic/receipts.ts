import type { Mark } from '../ports/chat-store.ts';
import { directUsersOf, type FeedKey, inboxKey, roomKey, roomOf } from '../protocol/logs.ts';
import type { ReceiptItem } from '../protocol/queue-items.ts';

/** Both users of a direct conversation; of a room the user's other devices and the room. */
const feedsFor = ({ userId, conv }: Pick<Mark, 'userId' | 'conv'>, quiet: boolean): FeedKey[] => {
	if (quiet) return [inboxKey(userId)];
	const roomId = roomOf(conv);
	if (roomId !== undefined) return [inboxKey(userId), roomKey(roomId)];
	return [...new Set(directUsersOf(conv))].map(inboxKey);
};

/** What is told of a user who has got so far; `quiet` only to the user's own devices. */
export const receiptOf = ({ userId, conv, delivered, read }: Required<Mark>, quiet: boolean): ReceiptItem => ({
	type: 'receipt',
	feeds: feedsFor({ userId, conv }, quiet),
	conv,
	userId,
	delivered: delivered ?? 0,
	read: read ?? 0,
});
