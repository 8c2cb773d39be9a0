import Type from 'typebox';
import { Body, maxConversationsPage, maxHistoryPage, maxReceiptMembers, Ref, RoomName } from '../limits.ts';
import { type ConversationKey, type RoomKey, roomPattern } from '../logs.ts';
import { ConversationKeySchema, NonNegativeInt, PositiveInt } from '../message.ts';
import { ConversationV2, MessageV2, ReceiptV2, Time, UserV2 } from '../v2/values.ts';

/** What the routes below /v2/conversations take and give. */

export const ConversationParams = Type.Object({
	conv: Type.Unsafe<ConversationKey>({
		...ConversationKeySchema,
		description: 'room:<id> or dm:<lower user id>:<higher>',
		examples: ['room:1'],
	}),
});

export const RoomParams = Type.Object({
	conv: Type.Unsafe<RoomKey>(
		Type.String({ pattern: roomPattern, maxLength: 64, description: 'room:<id>', examples: ['room:1'] }),
	),
});
/** Where a room stands, and how far one has read in it. */
export const JoinedV2 = Type.Object({
	head: NonNegativeInt,
	read: NonNegativeInt,
	name: Type.Union([Type.String(), Type.Null()], { description: 'Of a room that has one' }),
});

export const OpenRoomV2 = Type.Object({ name: Type.Unsafe<string>({ ...RoomName, examples: ['general'] }) });
export const RoomV2 = Type.Object({
	conv: Type.Unsafe<RoomKey>(Type.String({ pattern: roomPattern, examples: ['room:1000000000000'] })),
	name: Type.String({ examples: ['general'] }),
});

export const InboxQuery = Type.Object({
	after: Type.Optional(Type.String({ maxLength: 128, description: 'The `next` of the page before' })),
	limit: Type.Optional(Type.Integer({ minimum: 1, maximum: maxConversationsPage, default: 100 })),
});
export const InboxPage = Type.Object({
	items: Type.Array(ConversationV2, { description: 'The newest activity first' }),
	next: Type.Union([Type.String(), Type.Null()], { description: 'Asks for the following page; null on the last' }),
});

/** `before` and `after` exclude their own `seq`; with neither, the newest page. */
export const HistoryQuery = Type.Object({
	before: Type.Optional(PositiveInt),
	after: Type.Optional(NonNegativeInt),
	limit: Type.Optional(Type.Integer({ minimum: 1, maximum: maxHistoryPage, default: 50 })),
});
export const HistoryPage = Type.Object({
	items: Type.Array(MessageV2, { description: 'Oldest first' }),
	more: Type.Boolean({ description: 'Whether the conversation goes on in the direction asked' }),
});

const RefV2 = Type.Unsafe<string>({
	...Ref,
	description: '1 to 64 characters: your own id for this message, never used for another one',
	examples: ['7f9c2b1e4a'],
});

export const SendV2 = Type.Object({
	ref: Type.Optional(RefV2),
	kind: Type.Optional(Type.Literal('text', { default: 'text' })),
	body: Type.Unsafe<string>({ ...Body, description: '1 to 8192 bytes of text', examples: ['hello'] }),
});
/** Accepted: the message is in the conversation, at `seq`. */
export const SentV2 = Type.Object({
	ref: RefV2,
	conv: ConversationKeySchema,
	id: Type.String({ examples: ['7215544061001728'] }),
	seq: PositiveInt,
	at: Time,
});

export const ReadV2 = Type.Object({
	seq: Type.Unsafe<number>({ ...PositiveInt, description: 'The last message that was read, from 1', examples: [17] }),
});

export const ReceiptsV2 = Type.Object({
	items: Type.Union([Type.Array(ReceiptV2), Type.Null()], {
		description: `null in a conversation that is among those of more than ${maxReceiptMembers} users`,
	}),
});

export const MembersV2 = Type.Object({
	items: Type.Union([Type.Array(UserV2), Type.Null()], { description: 'null in a room too large for a list' }),
	count: NonNegativeInt,
});
