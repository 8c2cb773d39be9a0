import Type, { type Static, type TProperties } from 'typebox';
import { Ref } from '../limits.ts';
import { ConversationKeySchema, NonNegativeInt, PositiveInt } from '../message.ts';
import { RoomKeySchema } from './client-frames.ts';
import { ConversationV2, MessageV2, Standing, Time, UserV2 } from './values.ts';

/** What a server of v2 sends: one JSON object a frame, told apart by `type`. Clients ignore types and fields that they do not know. */

const frame = <const T extends string, P extends TProperties>(type: T, fields: P) =>
	Type.Object({ type: Type.Literal(type), ...fields });
/** An answer: carries the request's `ref`, if it had one. */
const answer = <const T extends string, P extends TProperties>(type: T, fields: P) =>
	Type.Object({ type: Type.Literal(type), ref: Type.Optional(Ref), ...fields });

const Listed = Type.Union([Type.Array(UserV2), Type.Null()]);

export const serverFrames = {
	/** The answer to hello. What was missed comes after it, then `resumed`. */
	welcome: answer('welcome', {
		user: UserV2,
		serverId: Type.String(),
		limits: Type.Object({
			bodyBytes: PositiveInt,
			rooms: PositiveInt,
			historyPage: PositiveInt,
			frameBytes: PositiveInt,
		}),
		/** Milliseconds: a client that has been silent so long sends a ping; one that is silent for longer is closed. */
		heartbeat: PositiveInt,
		/** Head of the inbox. */
		inbox: NonNegativeInt,
		/** The conversations that hello named. */
		conversations: Type.Array(Type.Object({ conv: ConversationKeySchema, head: NonNegativeInt, read: NonNegativeInt })),
	}),
	/** Everything that hello asked to resume has been sent. */
	resumed: frame('resumed', {}),
	/** Too much is missing, or the log was replaced: go on from `head` and page the history. `conv` is "inbox" for all direct conversations. */
	reset: frame('reset', {
		conv: Type.Union([ConversationKeySchema, Type.Literal('inbox')]),
		head: NonNegativeInt,
	}),
	/** The answer to join. `members` is null in a large room; both are null while it cannot be told. */
	joined: answer('joined', {
		conv: RoomKeySchema,
		head: NonNegativeInt,
		read: NonNegativeInt,
		members: Listed,
		count: Type.Union([NonNegativeInt, Type.Null()]),
	}),
	/** The answer to leave. */
	left: answer('left', { conv: RoomKeySchema }),
	/** The answer to send: accepted. */
	sent: Type.Object({
		type: Type.Literal('sent'),
		ref: Ref,
		conv: ConversationKeySchema,
		id: Type.String(),
		seq: PositiveInt,
		at: Time,
	}),
	message: frame('message', MessageV2.properties),
	/** The answer to history: oldest first; `more` in the direction that was asked. */
	messages: answer('messages', { conv: ConversationKeySchema, items: Type.Array(MessageV2), more: Type.Boolean() }),
	/** How far a user has got; of oneself, it comes from another device. */
	receipt: frame('receipt', { conv: ConversationKeySchema, user: Type.String(), ...Standing.properties }),
	/** Who came and went since the last one. In a large room the lists are empty. */
	presence: frame('presence', {
		conv: RoomKeySchema,
		joined: Type.Array(UserV2),
		left: Type.Array(UserV2),
		count: NonNegativeInt,
	}),
	typing: frame('typing', { conv: ConversationKeySchema, user: UserV2 }),
	/** The answer to members. `items` is null in a large room. */
	members: answer('members', { conv: ConversationKeySchema, items: Listed, count: NonNegativeInt }),
	/** The answer to conversations; `next` asks for the following page, null on the last. */
	conversations: answer('conversations', {
		items: Type.Array(ConversationV2),
		next: Type.Union([Type.String(), Type.Null()]),
	}),
	/** The answer to ping. */
	pong: answer('pong', {
		inbox: Type.Optional(NonNegativeInt),
		heads: Type.Optional(Type.Record(Type.String(), NonNegativeInt)),
	}),
	/** The session has ended: the token is of no use any more. The socket closes with 4501. */
	revoked: frame('revoked', {}),
	/** The last frame before the server closes. */
	closing: frame('closing', {
		/** As in the table of close codes: below 4500 come back, after `delay` milliseconds. */
		code: PositiveInt,
		reason: Type.String(),
		delay: Type.Optional(NonNegativeInt),
	}),
	/** A request was refused. `code` is a key of the error registry. */
	error: answer('error', {
		code: Type.String(),
		message: Type.String(),
		retryable: Type.Boolean(),
		/** Milliseconds. */
		retryAfter: Type.Optional(NonNegativeInt),
	}),
} as const;

export type ServerFrameType = keyof typeof serverFrames;
/** A frame by its type. */
export type ServerFrameOf<T extends ServerFrameType> = Static<(typeof serverFrames)[T]>;
export type ServerFrameV2 = { [T in ServerFrameType]: ServerFrameOf<T> }[ServerFrameType];
