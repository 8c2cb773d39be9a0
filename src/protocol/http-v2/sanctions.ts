import Type from 'typebox';
import { maxSanctionsPage, Reason } from '../limits.ts';
import { SanctionKind } from '../rpc-values.ts';
import { Time, UserV2 } from '../v2/values.ts';

/** What the routes take and give by which administrators ban and mute users. */

export const UserParams = Type.Object({ id: UserV2.properties.id });

/** For how long; for good with neither. */
export const ImposeV2 = Type.Object({
	until: Type.Optional(Time),
	seconds: Type.Optional(
		Type.Integer({
			minimum: 1,
			maximum: 3_153_600_000,
			description: 'How long from now, from 1 second to 100 years; in place of `until`',
			examples: [86_400],
		}),
	),
	reason: Type.Optional(
		Type.Unsafe<string>({ ...Reason, description: 'At most 500 characters, for administrators only' }),
	),
});

const By = Type.Union([UserV2, Type.Null()], { description: 'null: the operator at the command line' });
const SanctionV2 = Type.Object({
	id: Type.String({ examples: ['7'] }),
	kind: SanctionKind,
	user: UserV2,
	reason: Type.String({ examples: ['advertising'] }),
	by: By,
	at: Time,
	until: Type.Union([Time, Type.Null()], { description: 'null: for good' }),
	lifted: Type.Union([Type.Object({ at: Time, by: By }), Type.Null()], {
		description: 'When it was lifted, or replaced by another, before its time',
	}),
});

export const SanctionsQuery = Type.Object({
	user: Type.Optional(UserV2.properties.id),
	all: Type.Optional(Type.Boolean({ default: false, description: 'Also those that are over' })),
	before: Type.Optional(Type.Unsafe<string>({ ...UserV2.properties.id, description: 'The `next` of the page before' })),
	limit: Type.Optional(Type.Integer({ minimum: 1, maximum: maxSanctionsPage, default: 100 })),
});
export const SanctionsV2 = Type.Object({
	items: Type.Array(SanctionV2, { description: 'The newest first' }),
	next: Type.Union([Type.String(), Type.Null()], { description: 'Asks for the following page; null on the last' }),
});
