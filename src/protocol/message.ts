import Type, { type Static } from 'typebox';
import { type ConversationKey, conversationPattern, type FeedKey, feedPattern } from './logs.ts';

/** A positive integer that JavaScript holds exactly: user ids, room ids, positions. */
export const PositiveInt = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
export const NonNegativeInt = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
/** Milliseconds since 1970 UTC, up to the last that a `Date` can hold: a later one has no text, and making it throws. */
export const Moment = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 });

export const ConversationKeySchema = Type.Unsafe<ConversationKey>(
	Type.String({ pattern: conversationPattern, maxLength: 64 }),
);
export const FeedKeySchema = Type.Unsafe<FeedKey>(Type.String({ pattern: feedPattern, maxLength: 64 }));

/** A user as others see one. */
export const UserRef = Type.Object({ id: PositiveInt, name: Type.String({ maxLength: 80 }) });
export type UserRef = Static<typeof UserRef>;

/** A message as it stands in its conversation: accepted, numbered, never changed. */
export const Message = Type.Object({
	conv: ConversationKeySchema,
	/** Position in the conversation, gapless from 1. */
	seq: PositiveInt,
	/** Snowflake id in decimal: sorts by time, unique in the cluster. */
	id: Type.String({ pattern: '^[0-9]{1,20}$' }),
	from: UserRef,
	/** The receiver of a direct message; null in a room. */
	to: Type.Union([UserRef, Type.Null()]),
	kind: Type.Literal('text'),
	body: Type.String({ maxLength: 8192 }),
	/** When it was accepted. */
	at: Moment,
	/** The sender's own name for it, unique per sender. */
	ref: Type.String({ maxLength: 64 }),
});
export type Message = Static<typeof Message>;

/** Where a message stands in a feed that connect servers follow. For a room this is its `seq`. */
export const FeedPosition = Type.Object({ key: FeedKeySchema, pos: PositiveInt });
export type FeedPosition = Static<typeof FeedPosition>;

/** A message at its position in one feed. */
export const FeedEntry = Type.Object({ pos: PositiveInt, message: Message });
export type FeedEntry = Static<typeof FeedEntry>;
