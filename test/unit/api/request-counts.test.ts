import { afterAll, beforeAll, expect, test } from 'vitest';
import { ChatError } from '../../../src/protocol/errors.ts';
import { startApi } from './support.ts';

let api: Awaited<ReturnType<typeof startApi>>;
beforeAll(async () => {
	api = await startApi({
		'logic.endSessions': () => ({}),
		'logic.me': () => {
			throw new ChatError('unavailable');
		},
	});
});
afterAll(() => api.close());

test('requests are counted by the pattern of their route, never by what was asked', async () => {
	const ask = (method: string, path: string) =>
		fetch(api.url + path, { method, headers: { authorization: 'Bearer token' } }).then((response) => response.text());
	await ask('DELETE', '/v2/sessions/secret-1');
	await ask('DELETE', '/v2/sessions/secret-2');
	await ask('GET', '/v2/me');
	await ask('GET', '/v2/nothing/secret-3?token=secret-4');
	await ask('PROPFIND', '/secret-5');
	const requests = (route: string, method: string, status: string) =>
		api.metric('tschat_http_request_duration_seconds_count', { module: 'api', route, method, status });
	expect(await requests('/v2/sessions/:id', 'DELETE', '204')).toBe(2);
	expect(await requests('/v2/me', 'GET', '503')).toBe(1);
	expect(await requests('none', 'GET', '404')).toBe(1);
	expect(await api.metricsText()).not.toContain('secret');
});
