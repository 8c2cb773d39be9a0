import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ChatError } from '../../../src/protocol/errors.ts';
import { v1Routes } from '../../../src/protocol/http-v1.ts';
import { startApi } from './support.ts';

let api: Awaited<ReturnType<typeof startApi>>;
const from = { id: 1, name: 'ada' };
const to = { id: 2, name: 'bo' };
const at = Date.UTC(2026, 0, 31, 12, 0, 0, 7);

beforeAll(async () => {
	api = await startApi({
		'logic.history': ({ token, conv }) => {
			if (token !== 'good') throw new ChatError('unauthorized');
			if (conv === 'room:404') throw new ChatError('not-found');
			if (conv === 'room:503') throw new ChatError('unavailable');
			return {
				items: [{ conv, seq: 3, id: '99', from, to, kind: 'text', body: 'hi', at, ref: 'private' }],
				more: true,
			};
		},
	});
});
beforeEach(() => {
	api.calls.length = 0;
});
afterAll(() => api.close());

const get = async (path: string, authorization = 'Bearer good') => {
	const response = await fetch(api.url + path, { headers: { authorization } });
	return { status: response.status, answer: await response.json() };
};
const failure = (status: number, key: string, message: string, retryable = false) => ({
	status,
	answer: { error: { key, message, retryable } },
});

describe('history', () => {
	test('ids are strings, times RFC 3339, and the sender’s ref stays private', async () => {
		const item = {
			conv: 'dm:1:2',
			seq: 3,
			id: '99',
			from: { id: '1', name: 'ada' },
			kind: 'text',
			body: 'hi',
			at: '2026-01-31T12:00:00.007Z',
		};
		const expected = { status: 200, answer: { items: [item], more: true } };
		expect(await get('/v2/conversations/dm:1:2/messages')).toEqual(expected);
		expect(await get('/v2/conversations/dm%3A1%3A2/messages')).toEqual(expected);
	});

	test('the page asked for is the page fetched; 50 when no size is given', async () => {
		await get('/v2/conversations/room:1/messages?before=9&limit=20');
		await get('/v2/conversations/room:1/messages?after=0');
		const asked = { token: 'good', conv: 'room:1' };
		expect(api.calls.map(({ params }) => params)).toEqual([
			{ ...asked, before: 9, limit: 20 },
			{ ...asked, after: 0, limit: 50 },
		]);
	});

	test.each([
		['room:1', '?limit=201', 'limit: must be <= 200'],
		['room:1', '?before=x', 'before: must be integer'],
		['room:1', '?before=1&before=2', 'before: must be integer'],
		['user:1', '', 'conv: room:<id> or dm:<lower user id>:<higher>'],
	])('%s%s is a bad request', async (conv, query, reason) => {
		expect(await get(`/v2/conversations/${conv}/messages${query}`)).toEqual(failure(400, 'bad-request', reason));
	});

	test.each(['', 'good', 'Basic good', 'Bearer bad', `Bearer ${'x'.repeat(257)}`])(
		'without a session (%s) it is 401',
		async (authorization) => {
			const answer = await get('/v2/conversations/room:1/messages', authorization);
			expect(answer).toEqual(failure(401, 'unauthorized', 'Session error'));
		},
	);

	test('logic’s errors keep their key and take the registry’s status', async () => {
		expect(await get('/v2/conversations/room:404/messages')).toEqual(failure(404, 'not-found', 'not found'));
		const unavailable = failure(503, 'unavailable', 'a part of the service does not answer, try again', true);
		expect(await get('/v2/conversations/room:503/messages')).toEqual(unavailable);
	});

	test('an unknown v2 route is 404', async () => {
		expect(await get('/v2/nothing')).toEqual(failure(404, 'not-found', 'not found'));
	});
});

describe('the documentation', () => {
	test('lists every route, and none that is not one', async () => {
		const { paths } = (await (await fetch(`${api.url}/docs/json`)).json()) as { paths: object };
		expect(Object.keys(paths).sort()).toEqual([...Object.keys(v1Routes), '/v2/conversations/{conv}/messages'].sort());
	});

	test('is a page whose scripts and styles load', async () => {
		const response = await fetch(`${api.url}/docs`);
		expect(response.headers.get('content-type')).toMatch('text/html');
		const files = [...(await response.text()).matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)];
		expect(files.length).toBeGreaterThan(2);
		for (const [, file = ''] of files) {
			const loaded = await fetch(new URL(file, `${api.url}/docs`));
			await loaded.arrayBuffer();
			expect(loaded.status).toBe(200);
		}
	});
});
