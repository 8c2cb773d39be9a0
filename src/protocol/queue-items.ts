import Type, { type Static } from 'typebox';
import type { FeedKey } from './logs.ts';
import {
	ConversationKeySchema,
	FeedKeySchema,
	FeedPosition,
	Message,
	NonNegativeInt,
	PositiveInt,
	UserRef,
} from './message.ts';

/** A message on its way to the connect servers that hold its readers. */
const MessageItem = Type.Object({
	type: Type.Literal('message'),
	/** The feeds that it was appended to: the room, or the inboxes of both users. */
	feeds: Type.Array(FeedPosition, { minItems: 1, maxItems: 2 }),
	message: Message,
	/** W3C `traceparent` of the sending, when it is traced. */
	traceparent: Type.Optional(Type.String({ maxLength: 64 })),
});
export type MessageItem = Static<typeof MessageItem>;

/** Who is in a room, at a moment: ephemeral, the newest wins. `members` is null in a large room or where only the count was asked. */
const RoomItem = Type.Object({
	type: Type.Literal('room'),
	roomId: PositiveInt,
	at: NonNegativeInt,
	count: NonNegativeInt,
	members: Type.Union([Type.Record(Type.String(), Type.String()), Type.Null()]),
});
export type RoomItem = Static<typeof RoomItem>;

/**
 * How far a user has got in a conversation: ephemeral, the furthest wins. For that user's inbox, and those who may see it.
 *
 * With `joined` it tells the user's inbox alone that a room has come among the user's conversations, or has gone from them. It
 * has no type of its own because task parks an item of a type that it does not know, and a connect server refuses all that came
 * in one call with it; those of earlier versions take this one for a receipt that says nothing new.
 */
const ReceiptItem = Type.Object({
	type: Type.Literal('receipt'),
	feeds: Type.Array(FeedKeySchema, { minItems: 1, maxItems: 2 }),
	conv: ConversationKeySchema,
	userId: PositiveInt,
	delivered: NonNegativeInt,
	read: NonNegativeInt,
	joined: Type.Optional(Type.Boolean()),
});
export type ReceiptItem = Static<typeof ReceiptItem>;

/** Somebody is typing: ephemeral. For the room, or the inbox of the other user. */
const TypingItem = Type.Object({
	type: Type.Literal('typing'),
	feeds: Type.Array(FeedKeySchema, { minItems: 1, maxItems: 1 }),
	conv: ConversationKeySchema,
	user: UserRef,
});
export type TypingItem = Static<typeof TypingItem>;

/** What logic puts into the queue, and task hands to the connect servers. */
export const QueueItem = Type.Union([MessageItem, RoomItem, ReceiptItem, TypingItem]);
export type QueueItem = Static<typeof QueueItem>;

/** The feeds whose readers an item is for. */
export const feedsOf = (item: QueueItem): readonly FeedKey[] => {
	switch (item.type) {
		case 'message':
			return item.feeds.map((feed) => feed.key);
		case 'room':
			return [`room:${item.roomId}`];
		case 'receipt':
		case 'typing':
			return item.feeds;
	}
};
