import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
	changePassword,
	endOtherSessions,
	endSession,
	listSessions,
	signOut,
	type TschatError,
} from '../../../src/client/index.ts';
import { startV2, time } from '../api/v2-support.ts';

let server: Awaited<ReturnType<typeof startV2>>;
beforeAll(async () => {
	server = await startV2();
});
beforeEach(() => {
	server.calls.length = 0;
	server.trouble.key = undefined;
});
afterAll(() => server.close());

const token = 'good';
const passwords = { current: 'secret', next: 'better secret' };

/** Each function, as one calls it, and what the server is asked by it. */
const functions = {
	signOut: [signOut, { method: 'logic.logout', params: { token } }],
	listSessions: [listSessions, { method: 'logic.sessions', params: { token } }],
	endSession: [
		(access: { api: string; token: string }) => endSession({ ...access, id: 's2' }),
		{ method: 'logic.endSessions', params: { token, id: 's2' } },
	],
	endOtherSessions: [endOtherSessions, { method: 'logic.endSessions', params: { token } }],
	changePassword: [
		(access: { api: string; token: string }) => changePassword({ ...access, ...passwords }),
		{ method: 'logic.changePassword', params: { token, ...passwords } },
	],
} as const;

const refusalOf = (request: Promise<unknown>): Promise<TschatError> =>
	request.then(
		() => Promise.reject(new Error('it was not refused')),
		(error: TschatError) => error,
	);

describe.each(Object.entries(functions))('%s', (_name, [call, asked]) => {
	test('asks the server for just this', async () => {
		await call({ api: server.url, token });
		expect(server.calls).toMatchObject([asked]);
	});

	test('rejects with unauthorized when the session has ended', async () => {
		const error = await refusalOf(call({ api: server.url, token: 'bad' }));
		expect(error).toMatchObject({ name: 'TschatError', code: 'unauthorized', retryable: false });
	});

	test('rejects with what the server refuses, and whether trying again helps', async () => {
		server.trouble.key = 'unavailable';
		expect(await refusalOf(call({ api: server.url, token }))).toMatchObject({ code: 'unavailable', retryable: true });
	});

	test('rejects with unreachable when nobody answers', async () => {
		const error = await refusalOf(call({ api: 'http://127.0.0.1:1', token }));
		expect(error).toMatchObject({ code: 'unreachable', retryable: true });
	});
});

test('sessions come with the place, the times, and which one asks', async () => {
	expect(await listSessions({ api: `${server.url}/`, token })).toEqual([
		{
			id: 's1',
			device: 'laptop',
			createdAt: time,
			usedAt: '2026-01-31T12:00:00.507Z',
			expiresAt: '2026-01-31T12:00:01.007Z',
			current: true,
		},
	]);
});

test('what answers nothing gives nothing', async () => {
	expect(await signOut({ api: server.url, token })).toBeUndefined();
});

test('a session that does not exist is refused, and an id cannot name another route', async () => {
	server.trouble.key = 'not-found';
	const error = await refusalOf(endSession({ api: server.url, token, id: '../sessions?x=/' }));
	expect(error).toMatchObject({ code: 'not-found' });
	expect(server.calls).toMatchObject([{ method: 'logic.endSessions', params: { token, id: '../sessions?x=/' } }]);
});
