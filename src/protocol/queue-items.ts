import Type, { type Static } from 'typebox';
import { FeedPosition, Message, NonNegativeInt, PositiveInt } from './message.ts';

/** A message on its way to the connect servers that hold its readers. */
const MessageItem = Type.Object({
	type: Type.Literal('message'),
	/** The feeds that it was appended to: the room, or the inboxes of both users. */
	feeds: Type.Array(FeedPosition, { minItems: 1, maxItems: 2 }),
	message: Message,
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

/** What logic puts into the queue, and task hands to the connect servers. */
export const QueueItem = Type.Union([MessageItem, RoomItem]);
export type QueueItem = Static<typeof QueueItem>;

/** The feeds whose readers an item is for. */
export const feedsOf = (item: QueueItem): string[] =>
	item.type === 'message' ? item.feeds.map((feed) => feed.key) : [`room:${item.roomId}`];
