import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ErrorKey } from '../../../src/protocol/errors.ts';
import { refusal } from './support.ts';
import { messageV2, type RequestName, requests, startV2, time } from './v2-support.ts';

let api: Awaited<ReturnType<typeof startV2>>;
beforeAll(async () => {
	api = await startV2();
});
beforeEach(() => {
	api.calls.length = 0;
	api.trouble.key = undefined;
});
afterAll(() => api.close());

const user = { id: '1', name: 'ada' };
const bo = { id: '2', name: 'bo' };
const token = 'good';
const credentials = { name: 'ada', password: 'secret', device: 'laptop' };
const patient = { deadlineMs: 25_000 };

/** Each route: its status and answer, and the one call that it makes. */
const routes = {
	'POST /v2/users': [201, { token: 'new', user }, { method: 'logic.register', params: credentials, ...patient }],
	'POST /v2/sessions': [201, { token: 'again', user }, { method: 'logic.login', params: credentials, ...patient }],
	'GET /v2/sessions': [
		200,
		{
			items: [
				{
					id: 's1',
					device: 'laptop',
					createdAt: time,
					usedAt: '2026-01-31T12:00:00.507Z',
					expiresAt: '2026-01-31T12:00:01.007Z',
					current: true,
				},
			],
		},
		{ method: 'logic.sessions', params: { token } },
	],
	'DELETE /v2/sessions/s2': [204, null, { method: 'logic.endSessions', params: { token, id: 's2' } }],
	'DELETE /v2/sessions/current': [204, null, { method: 'logic.logout', params: { token } }],
	'DELETE /v2/sessions': [204, null, { method: 'logic.endSessions', params: { token } }],
	'PUT /v2/password': [
		204,
		null,
		{ method: 'logic.changePassword', params: { token, current: 'secret', next: 'better secret' }, ...patient },
	],
	'GET /v2/me': [200, { ...user, admin: true }, { method: 'logic.me', params: { token } }],
	'GET /v2/users?name=Bo': [
		200,
		{ id: '2', name: 'bo' },
		{ method: 'logic.userByName', params: { caller: { token }, name: 'Bo' } },
	],
	'POST /v2/rooms': [
		200,
		{ conv: 'room:1000000000000', name: 'General' },
		{ method: 'logic.openRoom', params: { caller: { token }, name: 'General' } },
	],
	'GET /v2/conversations': [
		200,
		{
			items: [
				{
					conv: 'dm:1:2',
					name: null,
					head: 3,
					read: 1,
					unread: 2,
					last: messageV2,
					peer: { id: '2', name: 'bo', read: 2, delivered: 3 },
				},
				{ conv: 'room:1000000000000', name: 'General', head: 0, read: 0, unread: 0, last: null, peer: null },
			],
			next: 'further',
		},
		{ method: 'logic.conversations', params: { caller: { token }, limit: 100 } },
	],
	'GET /v2/conversations/dm:1:2/messages': [
		200,
		{ items: [messageV2], more: true },
		{ method: 'logic.history', params: { caller: { token }, conv: 'dm:1:2', limit: 50 } },
	],
	'PUT /v2/conversations/room:1/membership': [
		200,
		{ head: 5, read: 4, name: 'General' },
		{ method: 'logic.join', params: { caller: { token }, roomId: 1 } },
	],
	'DELETE /v2/conversations/room:1/membership': [
		204,
		null,
		{ method: 'logic.leave', params: { caller: { token }, roomId: 1 } },
	],
	'POST /v2/conversations/dm:1:2/messages': [
		201,
		{ ref: 'mine', conv: 'dm:1:2', id: '99', seq: 3, at: time },
		{ method: 'logic.send', params: { sender: { token }, to: { conv: 'dm:1:2' }, body: 'hi', ref: 'mine' } },
	],
	'PUT /v2/conversations/dm:1:2/read': [
		204,
		null,
		{ method: 'logic.markRead', params: { token, conv: 'dm:1:2', seq: 3 } },
	],
	'GET /v2/conversations/room:1/receipts': [
		200,
		{ items: [{ user: '2', delivered: 3, read: 1 }] },
		{ method: 'logic.receipts', params: { caller: { token }, conv: 'room:1' } },
	],
	'GET /v2/conversations/room:1/members': [
		200,
		{ items: [user, { id: '2', name: 'bo' }], count: 2 },
		{ method: 'logic.members', params: { caller: { token }, conv: 'room:1', announce: false } },
	],
	'PUT /v2/users/2/ban': [
		204,
		null,
		{
			method: 'logic.impose',
			params: { token, userId: 2, kind: 'ban', until: Date.UTC(2026, 0, 31, 12, 0, 0, 7), reason: 'spam' },
		},
	],
	'PUT /v2/users/2/mute': [
		204,
		null,
		{ method: 'logic.impose', params: { token, userId: 2, kind: 'mute', until: null, reason: '' } },
	],
	'DELETE /v2/users/2/ban': [204, null, { method: 'logic.lift', params: { token, userId: 2, kind: 'ban' } }],
	'DELETE /v2/users/2/mute': [204, null, { method: 'logic.lift', params: { token, userId: 2, kind: 'mute' } }],
	'DELETE /v2/users/2/sessions': [204, null, { method: 'logic.endSessionsOf', params: { token, userId: 2 } }],
	'GET /v2/sanctions?user=2&all=true&before=9': [
		200,
		{
			items: [
				{ id: '8', kind: 'ban', user: bo, reason: 'spam', by: null, at: time, until: time, lifted: null },
				{
					id: '7',
					kind: 'mute',
					user: bo,
					reason: '',
					by: user,
					at: time,
					until: null,
					lifted: { at: time, by: user },
				},
			],
			next: '7',
		},
		{ method: 'logic.sanctions', params: { token, userId: 2, all: true, before: 9, limit: 100 } },
	],
	'GET /v2/status': [
		200,
		{
			at: time,
			modules: [
				{
					service: 'connect-ws',
					serverId: 'ws-1',
					version: '1.2.3',
					startedAt: time,
					publicUrl: 'ws://127.0.0.1:7000/ws',
					answers: true,
					connections: 2,
					rooms: 1,
				},
				{
					service: 'task',
					serverId: 'task-1',
					version: '1.2.3',
					startedAt: time,
					publicUrl: null,
					answers: null,
					connections: null,
					rooms: null,
				},
			],
			queue: null,
			intervalMs: 5000,
			samples: [{ at: time, connections: 2, rooms: 1, accepted: 3, delivered: 4, queue: 5 }],
		},
		{ method: 'logic.clusterStatus', params: { token } },
	],
} as const satisfies Record<RequestName, unknown>;

const refusals: readonly (readonly [RequestName, readonly ErrorKey[]])[] = [
	['POST /v2/users', ['name-taken', 'too-many-attempts']],
	['POST /v2/sessions', ['wrong-credentials', 'too-many-attempts']],
	['DELETE /v2/sessions/s2', ['not-found']],
	['PUT /v2/password', ['wrong-credentials', 'too-many-attempts']],
	['GET /v2/users?name=Bo', ['user-unknown']],
	['POST /v2/rooms', ['bad-request']],
	['GET /v2/conversations', ['bad-request']],
	['GET /v2/conversations/dm:1:2/messages', ['not-found']],
	['POST /v2/conversations/dm:1:2/messages', ['not-found', 'bad-request', 'ref-taken']],
	['PUT /v2/conversations/dm:1:2/read', ['not-found']],
	['GET /v2/conversations/room:1/receipts', ['not-found']],
	['GET /v2/conversations/room:1/members', ['not-found']],
	['GET /v2/status', ['forbidden']],
];

const names = Object.keys(requests) as RequestName[];
const common = ['unauthorized', 'internal', 'unavailable', 'overloaded', 'timeout'] as const;

describe('each route', () => {
	test.each(names)('%s answers, and asks logic once', async (name) => {
		const [status, answer, call] = routes[name];
		expect(await api.request(name)).toEqual({ status, answer });
		expect(api.calls).toEqual([call]);
	});

	test.each(refusals)('%s tells %j with the registry’s status', async (name, keys) => {
		for (const key of keys) {
			api.trouble.key = key;
			expect(await api.request(name)).toEqual(refusal(key));
		}
	});

	test.each(names)('%s tells what any call may end with', async (name) => {
		for (const key of common) {
			api.trouble.key = key;
			expect(await api.request(name)).toEqual(refusal(key));
		}
	});

	test.each(names)('%s is not kept by caches', async (name) => {
		const [method = '', path = ''] = name.split(' ');
		const { body } = { body: undefined, ...requests[name] };
		const response = await fetch(api.url + path, {
			method,
			headers: { authorization: 'Bearer good' },
			...(body && { body: JSON.stringify(body) }),
		});
		await response.text();
		expect(response.headers.get('cache-control')).toBe('no-store');
	});
});

describe('what a body holds besides', () => {
	test.each(['POST /v2/users', 'POST /v2/sessions'])('%s does not pass it on', async (name) => {
		await api.request(name, { body: { ...credentials, more: [[[]]], constructor: 1 } });
		expect(api.calls.map(({ params }) => params)).toEqual([credentials]);
	});
});

describe('a session without a device', () => {
	test.each(['POST /v2/users', 'POST /v2/sessions'])('%s takes the User-Agent, cut to 64 characters', async (name) => {
		const body = { name: 'ada', password: 'secret' };
		await api.request(name, { body, headers: { 'user-agent': 'x'.repeat(65) } });
		await api.request(name, { body, headers: { 'user-agent': 'curl/8' } });
		await api.request(name, { body: { ...body, device: '' }, headers: { 'user-agent': 'curl/8' } });
		expect(api.calls.map(({ params }) => 'device' in params && params.device)).toEqual(['x'.repeat(64), 'curl/8', '']);
	});
});

describe('pages', () => {
	test('the page asked for is the page fetched', async () => {
		await api.request('GET /v2/conversations/room:1/messages?before=9&limit=20');
		await api.request('GET /v2/conversations/room%3A1/messages?after=0');
		await api.request('GET /v2/conversations?after=12&limit=500');
		const caller = { token };
		expect(api.calls.map(({ params }) => params)).toEqual([
			{ caller, conv: 'room:1', before: 9, limit: 20 },
			{ caller, conv: 'room:1', after: 0, limit: 50 },
			{ caller, after: '12', limit: 500 },
		]);
	});
});

describe('a message without a ref', () => {
	test('gets one of its own, and is told it', async () => {
		const send = () => api.request('POST /v2/conversations/dm:1:2/messages', { body: { body: 'hi' } });
		const answers = [await send(), await send()];
		const told = answers.map(({ answer }) => (answer as { ref: string }).ref);
		expect(api.calls.map(({ params }) => 'ref' in params && params.ref)).toEqual(told);
		expect(new Set(told).size).toBe(2);
	});
});

describe('the status', () => {
	test('tells servers of this machine by the name under which the browser found it', async () => {
		const headers = { 'x-forwarded-host': 'chat.example', 'x-forwarded-proto': 'https' };
		const { answer } = await api.request('GET /v2/status', { headers });
		expect(answer).toMatchObject({ modules: [{ publicUrl: 'wss://chat.example:7000/ws' }, { publicUrl: null }] });
	});
});
