import Type, { type Static } from 'typebox';
import { maxHistoryPage } from './limits.ts';
import type { ConversationKey } from './logs.ts';
import { ConversationKeySchema, NonNegativeInt, PositiveInt } from './message.ts';

/** A message as clients of v2 see it: ids are strings, times RFC 3339 in UTC with milliseconds. */
export const MessageV2 = Type.Object({
	conv: ConversationKeySchema,
	seq: PositiveInt,
	id: Type.String({ examples: ['7215544061001728'] }),
	from: Type.Object({ id: Type.String({ examples: ['1'] }), name: Type.String({ examples: ['demo'] }) }),
	kind: Type.Literal('text'),
	body: Type.String({ examples: ['hello'] }),
	at: Type.String({ format: 'date-time', examples: ['2026-01-31T12:00:00.000Z'] }),
});
export type MessageV2 = Static<typeof MessageV2>;

export const HistoryParams = Type.Object({
	conv: Type.Unsafe<ConversationKey>({
		...ConversationKeySchema,
		description: 'room:<id> or dm:<lower user id>:<higher>',
		examples: ['room:1'],
	}),
});
export type HistoryParams = Static<typeof HistoryParams>;

/** `before` and `after` exclude their own `seq`; with neither, the newest page. */
export const HistoryQuery = Type.Object({
	before: Type.Optional(PositiveInt),
	after: Type.Optional(NonNegativeInt),
	limit: Type.Optional(Type.Integer({ minimum: 1, maximum: maxHistoryPage, default: 50 })),
});
export type HistoryQuery = Static<typeof HistoryQuery>;

/** Oldest first; `more` says whether the conversation goes on in the direction asked. */
export const HistoryPage = Type.Object({ items: Type.Array(MessageV2), more: Type.Boolean() });
export type HistoryPage = Static<typeof HistoryPage>;

/** The body of every v2 answer that is not a success; `key` is from the error registry. */
export const ErrorV2 = Type.Object({
	error: Type.Object({ key: Type.String(), message: Type.String(), retryable: Type.Boolean() }),
});
export type ErrorV2 = Static<typeof ErrorV2>;
