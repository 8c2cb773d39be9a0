import Type, { type Static } from 'typebox';
import { NonNegativeInt } from '../message.ts';

/** The body of every v2 answer that is not a success; `key` is from the error registry. */
export const ErrorV2 = Type.Object({
	error: Type.Object({
		key: Type.String(),
		message: Type.String(),
		retryable: Type.Boolean(),
		retryAfter: Type.Optional(Type.With(NonNegativeInt, { description: 'Milliseconds, as Retry-After in seconds' })),
	}),
});
export type ErrorV2 = Static<typeof ErrorV2>;
