import Type, { type Static } from 'typebox';
import { ChatError } from '../../protocol/errors.ts';
import { ImposeV2, SanctionsQuery, SanctionsV2, UserParams } from '../../protocol/http-v2/sanctions.ts';
import { toTime, toUserV2 } from '../../protocol/v2/values.ts';
import { route } from './route.ts';

const tag = 'operators (v2)';
const defaultPage = 100;

/** When it ends, in ms since 1970; null for good. */
const endOf = ({ until, seconds }: Static<typeof ImposeV2>): number | null => {
	if (until !== undefined && seconds !== undefined) throw new ChatError('bad-request', 'until or seconds, not both');
	if (seconds !== undefined) return Date.now() + seconds * 1000;
	if (until === undefined) return null;
	const at = Date.parse(until);
	if (!(at > 0)) throw new ChatError('bad-request', 'until: must be a time, as in RFC 3339');
	return at;
};

/** Nobody has a number beyond those that can be told. */
const userNumber = (id: string): number => {
	const number = Number(id);
	if (!Number.isSafeInteger(number)) throw new ChatError('user-unknown');
	return number;
};

const summaries = {
	ban: {
		impose: 'Ban a user',
		effect: 'All sessions of the user end, their sockets close within a second, and nobody signs in as the user.',
		lift: 'Lift a ban',
	},
	mute: {
		impose: 'Mute a user',
		effect: 'Within a second what the user writes is refused, in rooms and direct conversations. The user still reads.',
		lift: 'Lift a mute',
	},
} as const;

const routesOf = (kind: keyof typeof summaries) => [
	route({
		method: 'PUT',
		path: `/v2/users/:id/${kind}`,
		tag,
		summary: summaries[kind].impose,
		description: `For administrators, and not against one. ${summaries[kind].effect} It takes the place of one that is in force.`,
		params: UserParams,
		body: ImposeV2,
		status: 204,
		answer: Type.Null(),
		errors: ['forbidden', 'user-unknown'],
		call: async ({ rpc }, { token, params, body }) => {
			const { reason = '' } = body;
			await rpc.call('logic.impose', { token, userId: userNumber(params.id), kind, until: endOf(body), reason });
			return null;
		},
	}),
	route({
		method: 'DELETE',
		path: `/v2/users/:id/${kind}`,
		tag,
		summary: summaries[kind].lift,
		description: 'For administrators.',
		params: UserParams,
		status: 204,
		answer: Type.Null(),
		errors: ['forbidden', 'user-unknown', 'not-found'],
		call: async ({ rpc }, { token, params }) => {
			await rpc.call('logic.lift', { token, userId: userNumber(params.id), kind });
			return null;
		},
	}),
];

export const sanctionRoutes = [
	...routesOf('ban'),
	...routesOf('mute'),
	route({
		method: 'DELETE',
		path: '/v2/users/:id/sessions',
		tag,
		summary: 'End all sessions of a user',
		description:
			'For administrators, and not against one. Their sockets close within a second; the user may sign in again.',
		params: UserParams,
		status: 204,
		answer: Type.Null(),
		errors: ['forbidden', 'user-unknown'],
		call: async ({ rpc }, { token, params }) => {
			await rpc.call('logic.endSessionsOf', { token, userId: userNumber(params.id) });
			return null;
		},
	}),
	route({
		method: 'GET',
		path: '/v2/sanctions',
		tag,
		summary: 'List bans and mutes',
		description: 'For administrators. Those in force, or all that ever were; of one user, or of all.',
		query: SanctionsQuery,
		status: 200,
		answer: SanctionsV2,
		errors: ['forbidden'],
		call: async ({ rpc }, { token, query: { user, all = false, before, limit = defaultPage } }) => {
			const asked = {
				...(user !== undefined && { userId: userNumber(user) }),
				...(before !== undefined && { before: userNumber(before) }),
			};
			const { items, next } = await rpc.call('logic.sanctions', { token, all, limit, ...asked });
			const by = (one: (typeof items)[number]['by']) => one && toUserV2(one);
			return {
				items: items.map(({ id, kind, user: subject, reason, lifted, ...item }) => ({
					id: String(id),
					kind,
					user: toUserV2(subject),
					reason,
					by: by(item.by),
					at: toTime(item.at),
					until: item.until === null ? null : toTime(item.until),
					lifted: lifted && { at: toTime(lifted.at), by: by(lifted.by) },
				})),
				next: next === null ? null : String(next),
			};
		},
	}),
];
