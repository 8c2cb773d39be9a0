import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { maxBodyBytes, refusal } from './support.ts';
import { type RequestName, requests, startV2 } from './v2-support.ts';

let api: Awaited<ReturnType<typeof startV2>>;
beforeAll(async () => {
	api = await startV2();
});
beforeEach(() => {
	api.calls.length = 0;
});
afterAll(() => api.close());

const badRequest = (reason: string) => refusal('bad-request', reason);
const open: readonly string[] = ['POST /v2/users', 'POST /v2/sessions'];
const protectedNames = (Object.keys(requests) as RequestName[]).filter((name) => !open.includes(name));
const send = 'POST /v2/conversations/dm:1:2/messages';
const read = 'PUT /v2/conversations/dm:1:2/read';
const conv = 'conv: room:<id> or dm:<lower user id>:<higher>';
const rules = {
	name: 'name: 1 to 20 letters, digits, "_", "-" or "."',
	room: 'name: 1 to 50 letters, digits, spaces, "_", "-" or ".", not digits alone',
	text: '1 to 256 characters',
	password: '6 to 128 characters',
	device: 'device: What you call the program or machine, at most 64 characters; the User-Agent header if you do not',
	ref: 'ref: 1 to 64 characters: your own id for this message, never used for another one',
	body: 'body: 1 to 8192 bytes of text',
	seq: 'seq: The last message that was read, from 1',
};

describe('a faulty request names its fault, and logic is not asked', () => {
	test.each([
		['POST /v2/users', { name: undefined }, 'name: required'],
		['POST /v2/users', { name: 'a b' }, rules.name],
		['POST /v2/users', { password: undefined }, 'password: required'],
		['POST /v2/users', { password: '12345' }, `password: ${rules.password}`],
		['POST /v2/users', { password: 123456 }, 'password: must be string'],
		['POST /v2/users', { device: 'x'.repeat(65) }, rules.device],
		['POST /v2/sessions', { name: '' }, `name: ${rules.text}`],
		['POST /v2/sessions', { password: 'x'.repeat(257) }, `password: ${rules.text}`],
		['POST /v2/sessions', { device: 7 }, 'device: must be string'],
		['PUT /v2/password', { current: undefined }, 'current: required'],
		['PUT /v2/password', { next: '12345' }, `next: ${rules.password}`],
		['POST /v2/rooms', { name: undefined }, 'name: required'],
		['POST /v2/rooms', { name: '7' }, rules.room],
		['POST /v2/rooms', { name: ' general' }, rules.room],
		['POST /v2/rooms', { name: 'general ' }, rules.room],
		['POST /v2/rooms', { name: 'x'.repeat(51) }, rules.room],
		['POST /v2/rooms', { name: 'a/b' }, rules.room],
		[send, { body: undefined }, 'body: required'],
		[send, { body: '' }, rules.body],
		[send, { ref: '' }, rules.ref],
		[send, { ref: 'x'.repeat(65) }, rules.ref],
		[send, { kind: 'image' }, 'kind: must be equal to constant'],
		[read, { seq: undefined }, 'seq: required'],
		[read, { seq: 0 }, rules.seq],
		[read, { seq: '1' }, 'seq: must be integer'],
		[read, { seq: 1.5 }, 'seq: must be integer'],
	] as const)('%s with %j', async (name, change, reason) => {
		expect(await api.request(name, { body: { ...requests[name].body, ...change } })).toEqual(badRequest(reason));
		expect(api.calls).toEqual([]);
	});

	test.each([
		[`DELETE /v2/sessions/${'x'.repeat(65)}`, 'id: The id of one of your sessions, or "current"'],
		['GET /v2/users', 'name: required'],
		['GET /v2/users?name=', `name: ${rules.text}`],
		[`GET /v2/users?name=${'x'.repeat(257)}`, `name: ${rules.text}`],
		['GET /v2/conversations?limit=501', 'limit: must be <= 500'],
		['GET /v2/conversations?limit=0', 'limit: must be >= 1'],
		[`GET /v2/conversations?after=${'x'.repeat(129)}`, 'after: The `next` of the page before'],
		['GET /v2/conversations/room:1/messages?limit=201', 'limit: must be <= 200'],
		['GET /v2/conversations/room:1/messages?before=x', 'before: must be integer'],
		['GET /v2/conversations/room:1/messages?before=1&before=2', 'before: must be integer'],
		['GET /v2/conversations/user:1/messages', conv],
		['GET /v2/conversations/room:0/members', conv],
	])('%s', async (name, reason) => {
		expect(await api.request(name)).toEqual(badRequest(reason));
		expect(api.calls).toEqual([]);
	});

	test.each([
		['POST /v2/conversations/room:x/messages', send],
		['PUT /v2/conversations/dm:1/read', read],
	] as const)('%s', async (name, valid) => {
		expect(await api.request(name, { body: requests[valid].body })).toEqual(badRequest(conv));
	});

	test.each([
		['{', 'the body is not valid JSON'],
		['', 'the body must be a JSON object'],
		['[]', 'the body must be a JSON object'],
		['{"name":"ada","password":"secret","__proto__":{"admin":true}}', 'the body is not valid JSON'],
		[`"${'x'.repeat(maxBodyBytes)}"`, `the body is larger than ${maxBodyBytes} bytes`],
	])('the body %s', async (body, reason) => {
		for (const name of open) expect(await api.request(name, { body })).toEqual(badRequest(reason));
		expect(api.calls).toEqual([]);
	});
});

describe('without a session', () => {
	test.each(protectedNames)('%s is 401 before anything else is looked at', async (name) => {
		const [method = '', path = ''] = name.split(' ');
		for (const authorization of ['', 'good', 'Basic good', `Bearer ${'x'.repeat(257)}`, 'Bearer a b']) {
			expect(await api.ask(method, path, { headers: { authorization } })).toEqual(refusal('unauthorized'));
		}
		if (method !== 'GET') expect(await api.ask(method, path, { body: '{' })).toEqual(refusal('unauthorized'));
		expect(api.calls).toEqual([]);
		expect(await api.request(name, { token: 'bad' })).toEqual(refusal('unauthorized'));
	});

	test.each(open)('%s needs none', async (name) => {
		const [method = '', path = ''] = name.split(' ');
		expect((await api.ask(method, path, requests[name as RequestName])).status).toBe(201);
	});

	test('a 401 says how to authenticate', async () => {
		const response = await fetch(`${api.url}/v2/me`);
		await response.arrayBuffer();
		expect(response.headers.get('www-authenticate')).toBe('Bearer');
	});
});

describe('what v2 does not have is 404', () => {
	test.each(['GET /v2/nothing', 'GET /v2/', 'PATCH /v2/me', 'POST /v2/endpoints', 'GET /v2/users/1'])(
		'%s',
		async (name) => {
			expect(await api.request(name)).toEqual(refusal('not-found'));
		},
	);

	test('a path that is none is a bad request', async () => {
		expect(await api.request('GET /v2/users/%zz')).toEqual(refusal('bad-request'));
	});
});

test('pages of other origins may use every method and the Authorization header', async () => {
	const response = await fetch(`${api.url}/v2/sessions`, {
		method: 'OPTIONS',
		headers: {
			origin: 'http://chat.example:8080',
			'access-control-request-method': 'DELETE',
			'access-control-request-headers': 'authorization',
		},
	});
	const allowed = response.headers
		.get('access-control-allow-methods')
		?.split(',')
		.map((method) => method.trim());
	expect(allowed).toEqual(expect.arrayContaining(['GET', 'POST', 'PUT', 'DELETE']));
	expect(response.headers.get('access-control-allow-headers')).toBe('authorization');
});
