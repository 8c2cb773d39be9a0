import Type, { type Static, type TProperties } from 'typebox';
import { Ref } from '../limits.ts';
import { ConversationKeySchema, NonNegativeInt, PositiveInt } from '../message.ts';
import { RoomKeySchema } from './client-frames.ts';
import { ConversationV2, MessageV2, ReceiptV2, Time, UserV2 } from './values.ts';

/** What a server of v2 sends: one JSON object a frame, told apart by `type`. Clients ignore types and fields that they do not know. */

const frame = <const T extends string, P extends TProperties>(type: T, description: string, fields: P) =>
	Type.Object({ type: Type.Literal(type), ...fields }, { description });
/** Carries the request's `ref`, if it had one. */
const answer = <const T extends string, P extends TProperties>(type: T, description: string, fields: P) =>
	Type.Object({ type: Type.Literal(type), ref: Type.Optional(Ref), ...fields }, { description });

const Listed = Type.Union([Type.Array(UserV2), Type.Null()]);

export const serverFrames = {
	welcome: answer('welcome', 'The answer to hello. What was missed comes after it, then resumed.', {
		user: UserV2,
		serverId: Type.String(),
		limits: Type.Object({
			bodyBytes: PositiveInt,
			rooms: PositiveInt,
			historyPage: PositiveInt,
			frameBytes: PositiveInt,
		}),
		heartbeat: Type.With(PositiveInt, {
			description:
				'Milliseconds: a client that has been silent so long sends a ping; one that is silent for longer is closed.',
		}),
		inbox: Type.With(NonNegativeInt, { description: 'Head of the inbox.' }),
		conversations: Type.Array(
			Type.Object({ conv: ConversationKeySchema, head: NonNegativeInt, read: NonNegativeInt }),
			{ description: 'The conversations that hello named.' },
		),
	}),
	resumed: frame('resumed', 'Everything that hello asked to resume has been sent.', {}),
	reset: frame(
		'reset',
		'Too much is missing, or the log was replaced: go on from `head` and page the history. `conv` is "inbox" for all direct conversations.',
		{
			conv: Type.Union([ConversationKeySchema, Type.Literal('inbox')]),
			head: NonNegativeInt,
		},
	),
	joined: answer(
		'joined',
		'The answer to join. `members` is null in a large room; it and `count` are null while they cannot be told.',
		{
			conv: RoomKeySchema,
			name: Type.Union([Type.String(), Type.Null()], { description: 'Of a room that has one.' }),
			head: NonNegativeInt,
			read: NonNegativeInt,
			members: Listed,
			count: Type.Union([NonNegativeInt, Type.Null()]),
		},
	),
	left: answer('left', 'The answer to leave.', { conv: RoomKeySchema }),
	sent: Type.Object(
		{
			type: Type.Literal('sent'),
			ref: Ref,
			conv: ConversationKeySchema,
			id: Type.String(),
			seq: PositiveInt,
			at: Time,
		},
		{ description: 'The answer to send: accepted.' },
	),
	message: frame('message', 'A message of a conversation that this connection follows.', MessageV2.properties),
	messages: answer('messages', 'The answer to history: oldest first.', {
		conv: ConversationKeySchema,
		items: Type.Array(MessageV2),
		more: Type.Boolean({ description: 'Whether the conversation goes on in the direction that was asked.' }),
	}),
	receipt: frame('receipt', "How far a user has got. One's own come to all one's devices, the one that moved it too.", {
		conv: ConversationKeySchema,
		...ReceiptV2.properties,
	}),
	receipts: answer(
		'receipts',
		'The answer to receipts: those among whose conversations it is, oneself too. `items` is null when they are many.',
		{ conv: ConversationKeySchema, items: Type.Union([Type.Array(ReceiptV2), Type.Null()]) },
	),
	membership: frame(
		'membership',
		"A room has come among the user's conversations, or has gone from them. It comes to all the user's devices, and may be lost.",
		{ conv: RoomKeySchema, joined: Type.Boolean() },
	),
	presence: frame('presence', 'Who came and went since the last one. In a large room the lists are empty.', {
		conv: RoomKeySchema,
		joined: Type.Array(UserV2),
		left: Type.Array(UserV2),
		count: NonNegativeInt,
	}),
	typing: frame('typing', 'Somebody is typing.', { conv: ConversationKeySchema, user: UserV2 }),
	members: answer(
		'members',
		'The answer to members; without `ref` everybody who is there, in place of what was told before. `items` is null in a large room.',
		{
			conv: ConversationKeySchema,
			items: Listed,
			count: NonNegativeInt,
		},
	),
	online: answer('online', 'The answer to online: those who are connected.', {
		users: Type.Array(UserV2.properties.id),
	}),
	conversations: answer('conversations', 'The answer to conversations.', {
		items: Type.Array(ConversationV2),
		next: Type.Union([Type.String(), Type.Null()], {
			description: '`after` of the request for the following page; null on the last.',
		}),
	}),
	pong: answer('pong', 'The answer to ping.', {
		inbox: Type.Optional(NonNegativeInt),
		heads: Type.Optional(Type.Record(Type.String(), NonNegativeInt)),
	}),
	revoked: frame('revoked', 'The session has ended: the token is of no use any more. The socket closes with 4501.', {}),
	closing: frame('closing', 'The last frame before the server closes.', {
		code: Type.With(PositiveInt, { description: 'As in the table of close codes.' }),
		reason: Type.String(),
		delay: Type.Optional(
			Type.With(NonNegativeInt, { description: 'Milliseconds to wait before coming back, when `code` is below 4500.' }),
		),
	}),
	error: answer('error', 'A request was refused.', {
		code: Type.String({ description: 'A key of the error registry.' }),
		message: Type.String(),
		retryable: Type.Boolean(),
		retryAfter: Type.Optional(Type.With(NonNegativeInt, { description: 'Milliseconds.' })),
		until: Type.Optional(Type.With(Time, { description: 'When a mute is over; not there when it has no end.' })),
	}),
} as const;

export type ServerFrameType = keyof typeof serverFrames;
/** A frame by its type. */
export type ServerFrameOf<T extends ServerFrameType> = Static<(typeof serverFrames)[T]>;
export type ServerFrameV2 = { [T in ServerFrameType]: ServerFrameOf<T> }[ServerFrameType];
