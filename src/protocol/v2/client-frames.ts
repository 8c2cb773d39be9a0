import Type, { type Static, type TProperties } from 'typebox';
import { Body, maxConversationsPage, maxCursors, maxHistoryPage, maxOnlineQuery, Ref, Token } from '../limits.ts';
import { conversationPattern, type RoomKey, roomPattern } from '../logs.ts';
import { ConversationKeySchema, NonNegativeInt, PositiveInt } from '../message.ts';
import { UserV2 } from './values.ts';

/** What a client of v2 sends: one JSON object a frame, told apart by `type`. Fields that are not named here are ignored. */

const frame = <const T extends string, P extends TProperties>(type: T, description: string, fields: P) =>
	Type.Object(
		{
			type: Type.Literal(type),
			ref: Type.Optional(
				Type.With(Ref, { description: "The client's own name for the request; the answer carries it back." }),
			),
			...fields,
		},
		{ description },
	);

export const RoomKeySchema = Type.Unsafe<RoomKey>(Type.String({ pattern: roomPattern, maxLength: 64 }));

const HelloFrame = frame('hello', 'Signs the connection in. Must be the first frame, within 10 s.', {
	token: Token,
	device: Type.Optional(Type.String({ maxLength: 64, description: 'What the client calls itself.' })),
	cursors: Type.Optional(
		Type.Record(Type.String({ pattern: conversationPattern }), NonNegativeInt, {
			maxProperties: maxCursors,
			additionalProperties: false,
			description: 'The last `seq` that the client has of each conversation: what came after it follows.',
		}),
	),
	inbox: Type.Optional(
		Type.With(NonNegativeInt, {
			description:
				'The last inbox position that the client has: direct messages after it follow, of conversations new to it too.',
		}),
	),
});
const JoinFrame = frame('join', "Follows a room on this connection, and puts it into the user's conversations.", {
	conv: RoomKeySchema,
	cursor: Type.Optional(
		Type.With(NonNegativeInt, {
			description: 'What came after this `seq` follows; without it, what comes from now on.',
		}),
	),
});
const LeaveFrame = frame('leave', "Ceases to follow a room, and takes it out of the user's conversations.", {
	conv: RoomKeySchema,
	here: Type.Optional(
		Type.Boolean({ description: "Only this connection ceases to follow it: it stays among the user's conversations." }),
	),
});
const SendFrame = Type.Object(
	{
		type: Type.Literal('send'),
		ref: Ref,
		conv: ConversationKeySchema,
		kind: Type.Literal('text'),
		body: Body,
	},
	{ description: 'A message. The same `ref` again, from any device of the user, is the same message.' },
);
const AckFrame = frame('ack', 'Delivered to this device up to here.', {
	conv: ConversationKeySchema,
	seq: PositiveInt,
});
const ReadFrame = frame('read', 'Read up to here. Positions never go back.', {
	conv: ConversationKeySchema,
	seq: PositiveInt,
});
const HistoryFrame = frame(
	'history',
	'A page of a conversation. `before` and `after` exclude their own `seq`; with neither, the newest page.',
	{
		conv: ConversationKeySchema,
		before: Type.Optional(PositiveInt),
		after: Type.Optional(NonNegativeInt),
		limit: Type.Optional(Type.Integer({ minimum: 1, maximum: maxHistoryPage, default: 50 })),
	},
);
const TypingFrame = frame('typing', 'The user is typing. At most one a second goes out.', {
	conv: ConversationKeySchema,
});
const ReceiptsFrame = frame('receipts', 'Asks how far everybody has got.', { conv: ConversationKeySchema });
const MembersFrame = frame('members', 'Asks who is here now.', { conv: ConversationKeySchema });
const OnlineFrame = frame('online', 'Asks which of these users are connected now.', {
	users: Type.Array(UserV2.properties.id, { maxItems: maxOnlineQuery }),
});
const ConversationsFrame = frame('conversations', 'Asks for the inbox, the newest activity first.', {
	after: Type.Optional(Type.String({ maxLength: 128, description: 'The `next` of the page before.' })),
	limit: Type.Optional(Type.Integer({ minimum: 1, maximum: maxConversationsPage, default: 100 })),
});
const PingFrame = frame('ping', 'Heartbeat.', {
	heads: Type.Optional(
		Type.Boolean({
			description: 'Whether the answer should tell how far this connection has been given each conversation.',
		}),
	),
});

export const clientFrames = {
	hello: HelloFrame,
	join: JoinFrame,
	leave: LeaveFrame,
	send: SendFrame,
	ack: AckFrame,
	read: ReadFrame,
	history: HistoryFrame,
	typing: TypingFrame,
	receipts: ReceiptsFrame,
	members: MembersFrame,
	online: OnlineFrame,
	conversations: ConversationsFrame,
	ping: PingFrame,
} as const;

export type ClientFrameType = keyof typeof clientFrames;
/** A frame by its type. */
export type ClientFrameOf<T extends ClientFrameType> = Static<(typeof clientFrames)[T]>;
export type ClientFrameV2 = { [T in ClientFrameType]: ClientFrameOf<T> }[ClientFrameType];
