import { afterEach, describe, expect, test } from 'vitest';
import { askFrom } from '../../support/raw-http.ts';
import { startApi } from './support.ts';

type Api = Awaited<ReturnType<typeof startApi>>;
const running: Api[] = [];
afterEach(async () => {
	for (const api of running.splice(0)) await api.close();
});

const start = async (trusted: string): Promise<Api> => {
	const answer = () => ({ token: 'new', user: { id: 1, name: 'ada' } });
	const settings = [`proxy.trusted=${trusted}`, 'limits.http_requests_per_second=1', 'limits.http_request_burst=2'];
	const api = await startApi({ 'logic.login': answer, 'logic.register': answer }, { settings });
	running.push(api);
	return api;
};

const proxy = '127.0.0.2';
const stranger = '127.0.0.3';
const credentials = JSON.stringify({ name: 'ada', password: 'secret' });
const v1Credentials = JSON.stringify({ userName: 'ada', passWord: 'secret' });

const logIn = (address: string, { url }: Api, forwarded?: string, path = '/v2/sessions') => {
	const body = path.startsWith('/v2') ? credentials : v1Credentials;
	return askFrom(address, url + path, {
		method: 'POST',
		body,
		headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
	});
};
/** For whom logic was to count what it was asked last. */
const counted = ({ calls }: Api) => {
	const params = calls.at(-1)?.params;
	return params !== undefined && 'client' in params ? params.client : undefined;
};

describe('whom limits count a request for', () => {
	test.each([
		['a stranger', stranger, undefined, stranger],
		['a stranger who claims to be another', stranger, '203.0.113.7', stranger],
		['a stranger who claims to come through a proxy', stranger, `203.0.113.7, ${proxy}`, stranger],
		['the client that the proxy names', proxy, '203.0.113.7', '203.0.113.7'],
		['the client that the proxy added, not what that one wrote', proxy, '198.51.100.1, 203.0.113.7', '203.0.113.7'],
		['the network of a client of IPv6', proxy, '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
		['nobody, when the proxy names nobody', proxy, undefined, undefined],
	])('%s', async (_, address, forwarded, client) => {
		const api = await start(proxy);
		for (const path of ['/v2/sessions', '/user/login']) {
			await logIn(address, api, forwarded, path);
			expect(counted(api)).toBe(client);
		}
		api.calls.length = 0;
		for (const path of ['/v2/users', '/user/register']) await logIn(address, api, forwarded, path);
		// The first two used up the burst, where somebody is counted.
		expect(api.calls).toHaveLength(client === undefined ? 2 : 0);
	});

	test('nobody names oneself in the body', async () => {
		const api = await start(proxy);
		for (const [path, body] of [
			['/v2/users', credentials],
			['/v2/sessions', credentials],
			['/user/register', v1Credentials],
			['/user/login', v1Credentials],
		] as const) {
			const named = JSON.stringify({ ...JSON.parse(body), client: '203.0.113.7' });
			await askFrom(proxy, api.url + path, { method: 'POST', body: named });
			expect(api.calls.at(-1)?.params, path).not.toHaveProperty('client');
		}
	});

	test('nobody gets around a limit by claiming to be many', async () => {
		const api = await start(proxy);
		const statuses: (number | undefined)[] = [];
		for (const n of [1, 2, 3, 4]) statuses.push((await logIn(stranger, api, `203.0.113.${n}`)).status);
		expect(statuses).toEqual([201, 201, 429, 429]);
		expect((await logIn(proxy, api, '203.0.113.9')).status).toBe(201);
	});

	test('when nobody is trusted a proxy is a client like others', async () => {
		const api = await start('');
		for (const n of [1, 2]) expect((await logIn(proxy, api, `203.0.113.${n}`)).status).toBe(201);
		expect((await logIn(proxy, api, '203.0.113.3')).status).toBe(429);
	});
});
