import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ChatError } from '../../../src/protocol/errors.ts';
import { v1Routes } from '../../../src/protocol/http-v1.ts';
import { maxBodyBytes, startApi } from './support.ts';

const user = { id: 7, name: 'ada' };
const session = { id: 's1', expiresAt: 1 };
const accepted = { conv: 'room:1', seq: 1, id: '1', at: 1 } as const;

/** Only the token `good` is valid. */
const checked = <P extends { token: string }, R>(answer: (params: P) => R) => {
	return (params: P): R => {
		if (params.token !== 'good') throw new ChatError('unauthorized');
		return answer(params);
	};
};

let api: Awaited<ReturnType<typeof startApi>>;

beforeAll(async () => {
	api = await startApi({
		'logic.register': ({ name }) => {
			if (name === 'taken') throw new ChatError('name-taken');
			return { token: 'new', user };
		},
		'logic.login': ({ password }) => {
			if (password !== 'secret') throw new ChatError('wrong-credentials');
			return { token: 'again', user };
		},
		'logic.checkAuth': checked(() => ({ user, session })),
		'logic.logout': checked(() => ({})),
		'logic.send': ({ sender, to }) => {
			if (!('token' in sender) || sender.token !== 'good') throw new ChatError('unauthorized');
			if ('userId' in to && to.userId === 404) throw new ChatError('user-unknown');
			return accepted;
		},
		'logic.count': checked(() => ({ count: 3 })),
		'logic.members': ({ caller, conv }) => {
			if (!('token' in caller) || caller.token !== 'good') throw new ChatError('unauthorized');
			return { at: 1, count: 2, members: conv === 'room:9' ? null : [user, { id: 8, name: 'bo' }] };
		},
	});
});
beforeEach(() => {
	api.calls.length = 0;
});
afterAll(() => api.close());

const success = (message: string, data: unknown) => ({ status: 200, answer: { code: 0, message, data } });
const failure = (message: string) => ({ status: 200, answer: { code: 1, message, data: null } });
const sessionError = { status: 200, answer: { code: 40000, message: 'Session error', data: null } };
const unknownRoute = failure('please check request url !');

const authToken = 'good';
const valid = {
	'/user/register': { userName: 'ada', passWord: 'secret' },
	'/user/login': { userName: 'ada', passWord: 'secret' },
	'/user/checkAuth': { authToken },
	'/user/logout': { authToken },
	'/push/push': { authToken, msg: 'hi', toUserId: '8', roomId: 1 },
	'/push/pushRoom': { authToken, msg: 'hi', roomId: 1 },
	'/push/count': { authToken, roomId: 1 },
	'/push/getRoomInfo': { authToken, roomId: 1 },
};
const paths = Object.keys(v1Routes) as (keyof typeof v1Routes)[];
const sessionPaths = paths.filter((path) => v1Routes[path].session);

describe('each route answers success as gochat does', () => {
	test.each([
		['/user/register', success('register success', 'new')],
		['/user/login', success('login success', 'again')],
		['/user/checkAuth', success('auth success', { userId: 7, userName: 'ada' })],
		['/user/logout', success('logout ok!', null)],
		['/push/push', success('ok', null)],
		['/push/pushRoom', success('ok', '')],
		['/push/count', success('ok', { count: 3 })],
		['/push/getRoomInfo', success('ok', { roomId: 1, count: 2, roomUserInfo: { 7: 'ada', 8: 'bo' } })],
	] as const)('%s', async (path, expected) => {
		expect(await api.post(path, valid[path])).toEqual(expected);
	});

	test('a room too large for a list has a count only', async () => {
		const answer = await api.post('/push/getRoomInfo', { authToken, roomId: 9 });
		expect(answer).toEqual(success('ok', { roomId: 9, count: 2, roomUserInfo: null }));
	});
});

describe('what is asked of logic', () => {
	test('a push is one call, to the user or the room, with the token as the sender', async () => {
		await api.post('/push/push', { ...valid['/push/push'], roomId: 0 });
		await api.post('/push/pushRoom', valid['/push/pushRoom']);
		const sent = { sender: { token: 'good' }, body: 'hi', ref: expect.stringMatching(/^.{21}$/) };
		expect(api.calls).toEqual([
			{ method: 'logic.send', params: { ...sent, to: { userId: 8 } } },
			{ method: 'logic.send', params: { ...sent, to: { roomId: 1 } } },
		]);
	});

	test('two pushes have different refs, unless the client names its own', async () => {
		for (const extra of [{}, {}, { ref: 'mine' }, { ref: 'mine' }]) {
			await api.post('/push/pushRoom', { ...valid['/push/pushRoom'], ...extra });
		}
		const refs = api.calls.map(({ params }) => 'ref' in params && params.ref);
		expect(new Set(refs).size).toBe(3);
		expect(refs.slice(2)).toEqual(['mine', 'mine']);
	});

	test('count and getRoomInfo tell the room as well', async () => {
		await api.post('/push/count', valid['/push/count']);
		await api.post('/push/getRoomInfo', valid['/push/getRoomInfo']);
		expect(api.calls).toEqual([
			{ method: 'logic.count', params: { token: 'good', roomId: 1, announce: true } },
			{ method: 'logic.members', params: { caller: { token: 'good' }, conv: 'room:1', announce: true } },
		]);
	});
});

describe('the session comes first', () => {
	test.each(sessionPaths)('%s: a bad, empty, overlong or missing token is a session error', async (path) => {
		for (const token of ['bad', '', 'x'.repeat(257), 7, undefined]) {
			expect(await api.post(path, { ...valid[path], authToken: token })).toEqual(sessionError);
		}
		expect(await api.post(path, {})).toEqual(sessionError);
		expect(await api.post(path, '')).toEqual(sessionError);
		expect(await api.post(path, '[]')).toEqual(sessionError);
	});

	test.each([
		['/push/push', { msg: undefined }, 'msg: required'],
		['/push/push', { toUserId: 8 }, 'toUserId: must be string'],
		['/push/push', { toUserId: '8; drop' }, 'toUserId: A user id, in digits'],
		['/push/push', { roomId: undefined }, 'roomId: required'],
		['/push/push', { toUserId: '404' }, 'no such user'],
		['/push/pushRoom', { msg: '' }, 'msg: 1 to 8192 bytes of text'],
		['/push/pushRoom', { roomId: '1' }, 'roomId: must be integer'],
		['/push/pushRoom', { roomId: 0 }, 'roomId: a room number, from 1'],
		['/push/pushRoom', { roomId: 1.5 }, 'roomId: must be integer'],
		['/push/count', { roomId: undefined }, 'roomId: required'],
		['/push/getRoomInfo', { roomId: null }, 'roomId: must be integer'],
	] as const)('%s with %j: told to the session, hidden from others', async (path, change, reason) => {
		expect(await api.post(path, { ...valid[path], ...change })).toEqual(failure(reason));
		expect(await api.post(path, { ...valid[path], ...change, authToken: 'bad' })).toEqual(sessionError);
	});
});

describe('register and login', () => {
	test.each([
		[{ userName: undefined }, 'userName: required'],
		[{ userName: 'a b' }, 'userName: 1 to 20 letters, digits, "_", "-" or "."'],
		[{ userName: 'x'.repeat(21) }, 'userName: 1 to 20 letters, digits, "_", "-" or "."'],
		[{ passWord: '12345' }, 'passWord: 6 to 128 characters'],
		[{ passWord: 123456 }, 'passWord: must be string'],
		[{ userName: 'taken' }, 'this user name is already taken'],
	])('registering with %j says why not', async (change, reason) => {
		expect(await api.post('/user/register', { ...valid['/user/register'], ...change })).toEqual(failure(reason));
	});

	test('a wrong password is told in the words of gochat', async () => {
		const answer = await api.post('/user/login', { userName: 'ada', passWord: 'wrong' });
		expect(answer).toEqual(failure('no this user or password error!'));
	});

	test('a missing field is told', async () => {
		expect(await api.post('/user/login', { userName: 'ada' })).toEqual(failure('passWord: required'));
	});
});

describe('any request gets an answer of code 1, status 200', () => {
	test.each(['{', 'hello', '{"authToken":"good",}'])('a body that is not JSON: %s', async (body) => {
		expect(await api.post('/user/login', body)).toEqual(failure('the body is not valid JSON'));
	});

	test('a body that is not UTF-8', async () => {
		const body = Buffer.concat([
			Buffer.from('{"userName":"a'),
			Buffer.from([0xff, 0xfe]),
			Buffer.from('","passWord":"secret"}'),
		]);
		expect(await api.postBytes('/user/login', body)).toEqual(failure('the body is not UTF-8'));
		expect(api.calls).toEqual([]);
	});

	test('a body that would poison prototypes', async () => {
		const login = await api.post('/user/login', '{"userName":"a","passWord":"secret","__proto__":{"admin":true}}');
		expect(login).toEqual(failure('the body is not valid JSON'));
		expect(api.calls).toEqual([]);
	});

	test('a body over the limit', async () => {
		const body = { ...valid['/push/pushRoom'], msg: 'x'.repeat(maxBodyBytes) };
		expect(await api.post('/push/pushRoom', body)).toEqual(failure(`the body is larger than ${maxBodyBytes} bytes`));
	});

	test('a failure in logic, of which nothing else is told', async () => {
		const broken = await startApi({});
		expect(await broken.post('/user/login', valid['/user/login'])).toEqual(failure('internal error'));
		await broken.close();
	});

	test.each(['/', '/user', '/user/unknown', '/push/push/', '/user/login%zz', '/__proto__', '/toString'])(
		'the unknown route %s',
		async (path) => {
			expect(await api.post(path, {})).toEqual(unknownRoute);
			expect(await api.post(path, '{')).toEqual(unknownRoute);
		},
	);

	test.each(['GET', 'PUT', 'DELETE', 'PATCH'])('the wrong method %s', async (method) => {
		const response = await fetch(`${api.url}/user/login`, { method });
		expect({ status: response.status, answer: await response.json() }).toEqual(unknownRoute);
	});
});

describe('bodies are JSON whatever the content type', () => {
	test.each(['text/plain', 'application/x-www-form-urlencoded', 'nonsense', 'multipart/form-data'])(
		'%s',
		async (type) => {
			const answer = await api.post('/user/login', valid['/user/login'], { 'content-type': type });
			expect(answer).toEqual(success('login success', 'again'));
		},
	);

	test('none at all', async () => {
		const answer = await new Promise<string>((resolve, reject) => {
			const request = httpRequest(`${api.url}/user/login`, { method: 'POST' }, (response) => {
				response.setEncoding('utf8').on('data', resolve);
			});
			request.on('error', reject).end(JSON.stringify(valid['/user/login']));
		});
		expect(JSON.parse(answer)).toEqual({ code: 0, message: 'login success', data: 'again' });
	});
});

describe('pages of other origins may call', () => {
	test('the preflight allows the method and the headers asked for', async () => {
		const response = await fetch(`${api.url}/push/pushRoom`, {
			method: 'OPTIONS',
			headers: {
				origin: 'http://chat.example:8080',
				'access-control-request-method': 'POST',
				'access-control-request-headers': 'content-type,authorization',
			},
		});
		expect(response.status).toBe(204);
		expect(response.headers.get('access-control-allow-origin')).toBe('*');
		expect(response.headers.get('access-control-allow-methods')).toContain('POST');
		expect(response.headers.get('access-control-allow-headers')).toBe('content-type,authorization');
	});

	test.each(['/user/login', '/nowhere'])('the answer of %s can be read', async (path) => {
		const response = await fetch(api.url + path, {
			method: 'POST',
			headers: { origin: 'http://a.example' },
			body: '{',
		});
		expect(response.headers.get('access-control-allow-origin')).toBe('*');
	});
});
