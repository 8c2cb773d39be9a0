import Type, { type Static } from 'typebox';
import { NonNegativeInt } from '../message.ts';
import { Time } from '../v2/values.ts';

/** The body of every v2 answer that is not a success; `key` is from the error registry. */
export const ErrorV2 = Type.Object({
	error: Type.Object({
		key: Type.String(),
		message: Type.String(),
		retryable: Type.Boolean(),
		retryAfter: Type.Optional(Type.With(NonNegativeInt, { description: 'Milliseconds, as Retry-After in seconds' })),
		until: Type.Optional(
			Type.With(Time, { description: 'When a ban or a mute is over; not there when it has no end' }),
		),
	}),
});
export type ErrorV2 = Static<typeof ErrorV2>;
