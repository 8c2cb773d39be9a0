import Type, { type Static } from 'typebox';
import { Token } from './limits.ts';
import { ConversationKeySchema, Message, NonNegativeInt, PositiveInt, UserRef } from './message.ts';

/** What several methods of logic have in common. */

/** Who asks: a token that logic checks, or a user whom a connect server has authenticated on a socket. */
export const Caller = Type.Union([Type.Object({ token: Token }), Type.Object({ user: UserRef })]);
export type Caller = Static<typeof Caller>;

export const Session = Type.Object({
	id: Type.String(),
	/** Milliseconds since 1970 UTC. */
	expiresAt: NonNegativeInt,
});

/** A session as its owner sees it in a list. */
export const ListedSession = Type.Object({
	id: Type.String(),
	device: Type.String(),
	createdAt: NonNegativeInt,
	/** To the hour. */
	usedAt: NonNegativeInt,
	expiresAt: NonNegativeInt,
	/** Whether it is the one that asks. */
	current: Type.Boolean(),
});

export const SanctionKind = Type.Union([Type.Literal('ban'), Type.Literal('mute')]);
const Until = Type.Union([NonNegativeInt, Type.Null()]);
const By = Type.Union([UserRef, Type.Null()]);

/** A ban or a mute; `until` null is for good, `by` null the operator at the command line. */
export const Sanction = Type.Object({
	id: PositiveInt,
	kind: SanctionKind,
	user: UserRef,
	reason: Type.String(),
	by: By,
	at: NonNegativeInt,
	until: Until,
	/** Set when it was lifted or replaced before its time. */
	lifted: Type.Union([Type.Object({ at: NonNegativeInt, by: By }), Type.Null()]),
});

/** Where a conversation stands, and how far a user has got in it (0 in a room that is not among the user's conversations). */
export const Standing = Type.Object({ head: NonNegativeInt, read: NonNegativeInt, delivered: NonNegativeInt });

/** A room with a name. */
export const Room = Type.Object({ id: PositiveInt, name: Type.String() });

/** A line of a user's inbox. */
export const Conversation = Type.Object({
	conv: ConversationKeySchema,
	/** Of a room that has one; null otherwise. */
	name: Type.Union([Type.String(), Type.Null()]),
	...Standing.properties,
	last: Type.Union([Message, Type.Null()]),
	/** The other user of a direct conversation and how far that one has got; oneself in a conversation with oneself; null in a room. */
	peer: Type.Union([Type.Object({ user: UserRef, read: NonNegativeInt, delivered: NonNegativeInt }), Type.Null()]),
});
export type Conversation = Static<typeof Conversation>;

/** A user has got so far; a position that is left out stays. */
export const Mark = Type.Object({
	userId: PositiveInt,
	conv: ConversationKeySchema,
	delivered: Type.Optional(NonNegativeInt),
	read: Type.Optional(NonNegativeInt),
	/** Only the user's own devices are told, as in a large room. */
	quiet: Type.Optional(Type.Boolean()),
});
export type Mark = Static<typeof Mark>;

/** How far a user has got in a conversation that is among the user's. */
export const Receipt = Type.Object({ userId: PositiveInt, delivered: NonNegativeInt, read: NonNegativeInt });
export type Receipt = Static<typeof Receipt>;

export const Members = Type.Object({
	/** When the look was taken, in milliseconds: of two the later is right. */
	at: NonNegativeInt,
	count: NonNegativeInt,
	/** Null when the room is too large for a list. */
	members: Type.Union([Type.Array(UserRef), Type.Null()]),
});
export type Members = Static<typeof Members>;
