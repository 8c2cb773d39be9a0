import { ChatError, type ErrorKey } from '../../../src/protocol/errors.ts';
import type { Message } from '../../../src/protocol/message.ts';
import type { MethodName, ParamsOf, ResultOf } from '../../../src/protocol/rpc.ts';
import { startApi } from './support.ts';

const ada = { id: 1, name: 'ada' };
const bo = { id: 2, name: 'bo' };
const at = Date.UTC(2026, 0, 31, 12, 0, 0, 7);
export const time = '2026-01-31T12:00:00.007Z';

const message: Message = {
	conv: 'dm:1:2',
	seq: 3,
	id: '99',
	from: ada,
	to: bo,
	kind: 'text',
	body: 'hi',
	at,
	ref: 'private',
};
export const messageV2 = {
	conv: 'dm:1:2',
	seq: 3,
	id: '99',
	from: { id: '1', name: 'ada' },
	kind: 'text',
	body: 'hi',
	at: time,
};

/** A valid request for each route. */
export const requests = {
	'POST /v2/users': { body: { name: 'ada', password: 'secret', device: 'laptop' } },
	'POST /v2/sessions': { body: { name: 'ada', password: 'secret', device: 'laptop' } },
	'GET /v2/sessions': {},
	'DELETE /v2/sessions/s2': {},
	'DELETE /v2/sessions/current': {},
	'DELETE /v2/sessions': {},
	'PUT /v2/password': { body: { current: 'secret', next: 'better secret' } },
	'GET /v2/me': {},
	'GET /v2/users?name=Bo': {},
	'POST /v2/rooms': { body: { name: 'General' } },
	'GET /v2/conversations': {},
	'PUT /v2/conversations/room:1/membership': {},
	'DELETE /v2/conversations/room:1/membership': {},
	'GET /v2/conversations/dm:1:2/messages': {},
	'POST /v2/conversations/dm:1:2/messages': { body: { ref: 'mine', kind: 'text', body: 'hi' } },
	'PUT /v2/conversations/dm:1:2/read': { body: { seq: 3 } },
	'GET /v2/conversations/room:1/receipts': {},
	'GET /v2/conversations/room:1/members': {},
	'GET /v2/status': {},
	'PUT /v2/users/2/ban': { body: { until: time, reason: 'spam' } },
	'PUT /v2/users/2/mute': { body: {} },
	'DELETE /v2/users/2/ban': {},
	'DELETE /v2/users/2/mute': {},
	'DELETE /v2/users/2/sessions': {},
	'GET /v2/sanctions?user=2&all=true&before=9': {},
} as const;
export type RequestName = keyof typeof requests;

/** What logic throws, as if each of its methods did. */
interface Trouble {
	key: ErrorKey | undefined;
}

/** The API before a logic that knows the token `good`, and answers every call with the values above unless there is trouble. */
export const startV2 = async () => {
	const trouble: Trouble = { key: undefined };
	const answer = <M extends MethodName>(result: ResultOf<M>) => {
		return (params: ParamsOf<M>): ResultOf<M> => {
			if (trouble.key !== undefined) throw new ChatError(trouble.key);
			if (JSON.stringify(params).includes('"token":"bad"')) throw new ChatError('unauthorized');
			return result;
		};
	};
	const session = { id: 's1', device: 'laptop', createdAt: at, usedAt: at + 500, expiresAt: at + 1000, current: true };
	const api = await startApi({
		'logic.register': answer<'logic.register'>({ token: 'new', user: ada }),
		'logic.login': answer<'logic.login'>({ token: 'again', user: ada }),
		'logic.checkAuth': answer<'logic.checkAuth'>({ user: ada, session }),
		'logic.me': answer<'logic.me'>({ user: ada, admin: true }),
		'logic.logout': answer<'logic.logout'>({}),
		'logic.sessions': answer<'logic.sessions'>({ items: [session] }),
		'logic.endSessions': answer<'logic.endSessions'>({}),
		'logic.changePassword': answer<'logic.changePassword'>({}),
		'logic.userByName': answer<'logic.userByName'>(bo),
		'logic.conversations': answer<'logic.conversations'>({
			items: [
				{
					conv: 'dm:1:2',
					name: null,
					head: 3,
					read: 1,
					delivered: 2,
					last: message,
					peer: { user: bo, read: 2, delivered: 3 },
				},
				{ conv: 'room:1000000000000', name: 'General', head: 0, read: 0, delivered: 0, last: null, peer: null },
			],
			next: 'further',
		}),
		'logic.join': answer<'logic.join'>({ head: 5, read: 4, delivered: 4, name: 'General' }),
		'logic.openRoom': answer<'logic.openRoom'>({ id: 1_000_000_000_000, name: 'General' }),
		'logic.leave': answer<'logic.leave'>({}),
		'logic.history': answer<'logic.history'>({ items: [message], more: true }),
		'logic.send': answer<'logic.send'>({ conv: 'dm:1:2', seq: 3, id: '99', at }),
		'logic.markRead': answer<'logic.markRead'>({}),
		'logic.receipts': answer<'logic.receipts'>({ items: [{ userId: 2, delivered: 3, read: 1 }] }),
		'logic.clusterStatus': answer<'logic.clusterStatus'>({
			at,
			modules: [
				{
					service: 'connect-ws',
					serverId: 'ws-1',
					version: '1.2.3',
					startedAt: at,
					publicUrl: 'ws://127.0.0.1:7000/ws',
					answers: true,
					connections: 2,
					rooms: 1,
				},
				{
					service: 'task',
					serverId: 'task-1',
					version: '1.2.3',
					startedAt: at,
					publicUrl: null,
					answers: null,
					connections: null,
					rooms: null,
				},
			],
			queue: null,
			samples: [{ at, connections: 2, rooms: 1, accepted: 3, delivered: 4, queue: 5 }],
		}),
		'logic.impose': answer<'logic.impose'>({}),
		'logic.lift': answer<'logic.lift'>({}),
		'logic.endSessionsOf': answer<'logic.endSessionsOf'>({}),
		'logic.sanctions': answer<'logic.sanctions'>({
			items: [
				{ id: 8, kind: 'ban', user: bo, reason: 'spam', by: null, at, until: at, lifted: null },
				{ id: 7, kind: 'mute', user: bo, reason: '', by: ada, at, until: null, lifted: { at, by: ada } },
			],
			next: 7,
		}),
		'logic.members': answer<'logic.members'>({ at, count: 2, members: [ada, bo] }),
	});
	/** Asks by "METHOD /path", with the valid body unless another is given. */
	const request = (name: string, change: { token?: string; body?: unknown; headers?: Record<string, string> } = {}) => {
		const [method = '', path = ''] = name.split(' ');
		return api.ask(method, path, { token: 'good', ...requests[name as RequestName], ...change });
	};
	return { ...api, trouble, request };
};
