import { afterAll, beforeAll, expect, test } from 'vitest';
import { clusterStatus } from '../../../src/client/index.ts';
import { ChatError } from '../../../src/protocol/errors.ts';
import { startApi } from '../api/support.ts';

const at = Date.UTC(2026, 0, 31, 12);
const time = new Date(at).toISOString();
const connect = {
	service: 'connect-ws',
	serverId: 'connect-ws-1',
	version: '1.2.3',
	publicUrl: 'ws://chat.example/ws',
	answers: true,
	connections: 3,
	rooms: 1,
};
const sample = { connections: 3, rooms: 1, accepted: 10, delivered: 30, queue: null };

let api: Awaited<ReturnType<typeof startApi>>;
beforeAll(async () => {
	api = await startApi({
		'logic.clusterStatus': ({ token }) => {
			if (token !== 'admin') throw new ChatError(token === 'old' ? 'unauthorized' : 'forbidden');
			return { at, modules: [{ ...connect, startedAt: at }], queue: 4, samples: [{ ...sample, at }] };
		},
	});
});
afterAll(() => api.close());

test('an administrator gets modules, queue and samples, with times in UTC', async () => {
	expect(await clusterStatus({ api: `${api.url}/`, token: 'admin' })).toEqual({
		at: time,
		modules: [{ ...connect, startedAt: time }],
		queue: 4,
		intervalMs: 5000,
		samples: [{ ...sample, at: time }],
	});
});

test.each([
	['forbidden', 'anybody', false],
	['unauthorized', 'old', false],
] as const)('others are refused: %s', async (code, token, retryable) => {
	await expect(clusterStatus({ api: api.url, token })).rejects.toMatchObject({ name: 'TschatError', code, retryable });
});

test('nobody answers: unreachable, and so is a question that is given up', async () => {
	const unreachable = { code: 'unreachable', retryable: true };
	await expect(clusterStatus({ api: 'http://127.0.0.1:1', token: 'admin' })).rejects.toMatchObject(unreachable);
	const signal = AbortSignal.abort();
	await expect(clusterStatus({ api: api.url, token: 'admin', signal })).rejects.toMatchObject(unreachable);
	expect(api.calls.length).toBe(3);
});
