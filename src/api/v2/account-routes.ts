import Type from 'typebox';
import {
	MeV2,
	PasswordChange,
	SessionParams,
	Sessions,
	SignedIn,
	SignIn,
	SignUp,
	UserQuery,
} from '../../protocol/http-v2/accounts.ts';
import { toTime, toUserV2, UserV2 } from '../../protocol/v2/values.ts';
import { passwordDeadline } from '../password-deadline.ts';
import { route } from './route.ts';

const tag = 'accounts (v2)';
/** As long as a device's name may be. */
const deviceOf = (userAgent: string): string => userAgent.slice(0, 64);

export const accountRoutes = [
	route({
		method: 'POST',
		path: '/v2/users',
		tag,
		summary: 'Make a user and a first session',
		open: true,
		body: SignUp,
		status: 201,
		answer: SignedIn,
		errors: ['name-taken', 'too-many-attempts'],
		call: async ({ rpc }, { body: { name, password, device }, userAgent, counted }) => {
			// Not the whole body: what else it holds may be nested deeper than can be written again, or name another client.
			const asked = { name, password, device: device ?? deviceOf(userAgent), ...counted };
			const { token, user } = await rpc.call('logic.register', asked, passwordDeadline);
			return { token, user: toUserV2(user) };
		},
	}),
	route({
		method: 'POST',
		path: '/v2/sessions',
		tag,
		summary: 'Start a session',
		description: 'Other sessions of the user stay.',
		open: true,
		body: SignIn,
		status: 201,
		answer: SignedIn,
		errors: ['wrong-credentials', 'banned', 'too-many-attempts'],
		call: async ({ rpc }, { body: { name, password, device }, userAgent, counted }) => {
			// Not the whole body: what else it holds may be nested deeper than can be written again, or name another client.
			const asked = { name, password, device: device ?? deviceOf(userAgent), ...counted };
			const { token, user } = await rpc.call('logic.login', asked, passwordDeadline);
			return { token, user: toUserV2(user) };
		},
	}),
	route({
		method: 'GET',
		path: '/v2/sessions',
		tag,
		summary: 'List your sessions',
		status: 200,
		answer: Sessions,
		errors: [],
		call: async ({ rpc }, { token }) => {
			const { items } = await rpc.call('logic.sessions', { token });
			return {
				items: items.map(({ id, device, createdAt, usedAt, expiresAt, current }) => ({
					id,
					device,
					createdAt: toTime(createdAt),
					usedAt: toTime(usedAt),
					expiresAt: toTime(expiresAt),
					current,
				})),
			};
		},
	}),
	route({
		method: 'DELETE',
		path: '/v2/sessions/:id',
		tag,
		summary: 'End a session',
		description: 'Its sockets close within a second. `current` is the session that asks.',
		params: SessionParams,
		status: 204,
		answer: Type.Null(),
		errors: ['not-found'],
		call: async ({ rpc }, { token, params: { id } }) => {
			if (id === 'current') await rpc.call('logic.logout', { token });
			else await rpc.call('logic.endSessions', { token, id });
			return null;
		},
	}),
	route({
		method: 'DELETE',
		path: '/v2/sessions',
		tag,
		summary: 'End all your other sessions',
		description: 'Their sockets close within a second. The session that asks stays.',
		status: 204,
		answer: Type.Null(),
		errors: [],
		call: async ({ rpc }, { token }) => {
			await rpc.call('logic.endSessions', { token });
			return null;
		},
	}),
	route({
		method: 'PUT',
		path: '/v2/password',
		tag,
		summary: 'Change your password',
		description: 'All your other sessions end, and their sockets close within a second.',
		body: PasswordChange,
		status: 204,
		answer: Type.Null(),
		errors: ['wrong-credentials', 'too-many-attempts'],
		call: async ({ rpc }, { token, body: { current, next } }) => {
			await rpc.call('logic.changePassword', { token, current, next }, passwordDeadline);
			return null;
		},
	}),
	route({
		method: 'GET',
		path: '/v2/me',
		tag,
		summary: 'Whose token it is',
		status: 200,
		answer: MeV2,
		errors: [],
		call: async ({ rpc }, { token }) => {
			const { user, admin } = await rpc.call('logic.me', { token });
			return { ...toUserV2(user), admin };
		},
	}),
	route({
		method: 'GET',
		path: '/v2/users',
		tag,
		summary: 'Find a user by name',
		description: 'The whole name, compared without regard to case.',
		query: UserQuery,
		status: 200,
		answer: UserV2,
		errors: ['user-unknown'],
		call: async ({ rpc }, { token, query: { name } }) =>
			toUserV2(await rpc.call('logic.userByName', { caller: { token }, name })),
	}),
];
