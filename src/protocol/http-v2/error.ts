import Type, { type Static } from 'typebox';

/** The body of every v2 answer that is not a success; `key` is from the error registry. */
export const ErrorV2 = Type.Object({
	error: Type.Object({ key: Type.String(), message: Type.String(), retryable: Type.Boolean() }),
});
export type ErrorV2 = Static<typeof ErrorV2>;
