import Type, { type Static, type TProperties } from 'typebox';
import { Body, maxConversationsPage, maxCursors, maxHistoryPage, Ref, Token } from '../limits.ts';
import { conversationPattern, type RoomKey, roomPattern } from '../logs.ts';
import { ConversationKeySchema, NonNegativeInt, PositiveInt } from '../message.ts';

/** What a client of v2 sends: one JSON object a frame, told apart by `type`. Fields that are not named here are ignored. */

const frame = <const T extends string, P extends TProperties>(type: T, fields: P) =>
	Type.Object({
		type: Type.Literal(type),
		/** The client's own name for the request; the answer carries it back. */
		ref: Type.Optional(Ref),
		...fields,
	});

export const RoomKeySchema = Type.Unsafe<RoomKey>(Type.String({ pattern: roomPattern, maxLength: 64 }));

/** First frame, within 10 s. `cursors` (the last `seq` of each conversation) and `inbox` (of all direct ones) resume. */
export const HelloFrame = frame('hello', {
	token: Token,
	device: Type.Optional(Type.String({ maxLength: 64 })),
	cursors: Type.Optional(
		Type.Record(Type.String({ pattern: conversationPattern }), NonNegativeInt, {
			maxProperties: maxCursors,
			additionalProperties: false,
		}),
	),
	/** The last inbox position that the client has: direct messages after it follow, of conversations new to it too. */
	inbox: Type.Optional(NonNegativeInt),
});
/** Follows a room on this connection, and puts it into the user's conversations. With `cursor`, what came after it follows. */
export const JoinFrame = frame('join', { conv: RoomKeySchema, cursor: Type.Optional(NonNegativeInt) });
/** Ceases to follow a room, and takes it out of the user's conversations. */
export const LeaveFrame = frame('leave', { conv: RoomKeySchema });
/** A message. The same `ref` again, from any device, is the same message. */
export const SendFrame = Type.Object({
	type: Type.Literal('send'),
	ref: Ref,
	conv: ConversationKeySchema,
	kind: Type.Literal('text'),
	body: Body,
});
/** Delivered to this device up to here. */
export const AckFrame = frame('ack', { conv: ConversationKeySchema, seq: PositiveInt });
/** Read up to here. */
export const ReadFrame = frame('read', { conv: ConversationKeySchema, seq: PositiveInt });
/** A page of a conversation; `before` and `after` exclude their own `seq`; with neither, the newest page. */
export const HistoryFrame = frame('history', {
	conv: ConversationKeySchema,
	before: Type.Optional(PositiveInt),
	after: Type.Optional(NonNegativeInt),
	limit: Type.Optional(Type.Integer({ minimum: 1, maximum: maxHistoryPage, default: 50 })),
});
/** The user is typing. At most one a second goes out. */
export const TypingFrame = frame('typing', { conv: ConversationKeySchema });
/** Who is here now. */
export const MembersFrame = frame('members', { conv: ConversationKeySchema });
/** The inbox, the newest activity first; `after` is the `next` of the page before. */
export const ConversationsFrame = frame('conversations', {
	after: Type.Optional(Type.String({ maxLength: 128 })),
	limit: Type.Optional(Type.Integer({ minimum: 1, maximum: maxConversationsPage, default: 100 })),
});
/** Heartbeat. With `heads` the answer tells how far this connection has been given each conversation. */
export const PingFrame = frame('ping', { heads: Type.Optional(Type.Boolean()) });

export const clientFrames = {
	hello: HelloFrame,
	join: JoinFrame,
	leave: LeaveFrame,
	send: SendFrame,
	ack: AckFrame,
	read: ReadFrame,
	history: HistoryFrame,
	typing: TypingFrame,
	members: MembersFrame,
	conversations: ConversationsFrame,
	ping: PingFrame,
} as const;

export type ClientFrameType = keyof typeof clientFrames;
/** A frame by its type. */
export type ClientFrameOf<T extends ClientFrameType> = Static<(typeof clientFrames)[T]>;
export type ClientFrameV2 = { [T in ClientFrameType]: ClientFrameOf<T> }[ClientFrameType];
