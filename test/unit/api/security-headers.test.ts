import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askFrom, openFrom } from '../../support/raw-http.ts';
import { startApi } from './support.ts';
import { startV2 } from './v2-support.ts';

let api: Awaited<ReturnType<typeof startV2>>;
beforeAll(async () => {
	api = await startV2();
});
afterAll(() => api.close());

const common = {
	'x-content-type-options': 'nosniff',
	'referrer-policy': 'no-referrer',
	'x-frame-options': 'DENY',
	'cross-origin-opener-policy': 'same-origin',
	'cross-origin-resource-policy': 'same-origin',
};
const dataPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

describe('every answer tells browsers what to make of it', () => {
	test.each([
		['a success', 'GET', '/v2/me', dataPolicy],
		['a refusal', 'GET', '/v2/sessions', dataPolicy],
		['what there is not', 'GET', '/v2/nothing', dataPolicy],
		['a path that is none', 'GET', '/v2/%zz', dataPolicy],
		['gochat’s routes', 'POST', '/user/login', dataPolicy],
		['what gochat has not', 'GET', '/', dataPolicy],
		['a preflight', 'OPTIONS', '/v2/me', dataPolicy],
		['the description of the routes', 'GET', '/docs/json', expect.stringContaining("default-src 'none'")],
		['the page that shows them', 'GET', '/docs', expect.stringContaining("script-src 'self'")],
	])('%s: %s %s', async (what, method, path, policy) => {
		const headers = what === 'a refusal' ? {} : { authorization: 'Bearer good', origin: 'http://a.example' };
		const answer = await askFrom('127.0.0.1', api.url + path, { method, headers });
		expect(answer.headers).toMatchObject({ ...common, 'content-security-policy': policy });
		expect(answer.headers).not.toHaveProperty('strict-transport-security');
	});

	test.each([
		['what is no request', 'nonsense\r\n\r\n', 400],
		['one without a host', 'GET /v2/me HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
		['a head that is too large', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
	])('%s', async (_what, request, status) => {
		const { socket, ended } = await openFrom('127.0.0.1', api.url);
		socket.write(request);
		const answer = (await ended).toLowerCase();
		expect(answer).toMatch(new RegExp(`^http/1.1 ${status} `));
		for (const [name, value] of Object.entries({ ...common, 'content-security-policy': dataPolicy }))
			expect(answer).toContain(`\r\n${name}: ${value.toLowerCase()}\r\n`);
	});

	test('that goes over TLS keeps them there; nobody but a proxy that is trusted says that it does', async () => {
		const headers = { 'x-forwarded-proto': 'https' };
		for (const path of ['/v2/endpoints', '/docs/json', '/user/login']) {
			const { headers: told } = await askFrom('127.0.0.1', api.url + path, { headers });
			expect(told['strict-transport-security'], path).toBe('max-age=31536000');
		}
		const untrusting = await startApi({}, { settings: ['proxy.trusted='] });
		const { headers: told } = await askFrom('127.0.0.1', `${untrusting.url}/v2/endpoints`, { headers });
		expect(told).not.toHaveProperty('strict-transport-security');
		await untrusting.close();
	});
});

describe('pages of other origins', () => {
	const ask = (url: string, origin: string) => askFrom('127.0.0.1', `${url}/v2/endpoints`, { headers: { origin } });

	test('may all read by default, without credentials that a browser would send by itself', async () => {
		const { headers } = await ask(api.url, 'http://anywhere.example');
		expect(headers['access-control-allow-origin']).toBe('*');
		expect(headers).not.toHaveProperty('access-control-allow-credentials');
		expect(headers).not.toHaveProperty('set-cookie');
	});

	test('may read when they are listed, and no others', async () => {
		const listing = await startApi(
			{},
			{ settings: ['api.allowed_origins=https://chat.example, http://localhost:8080'] },
		);
		for (const origin of ['https://chat.example', 'http://localhost:8080']) {
			const { headers } = await ask(listing.url, origin);
			expect(headers['access-control-allow-origin']).toBe(origin);
			expect(headers.vary).toContain('Origin');
		}
		for (const origin of ['http://chat.example', 'https://chat.example.evil.example', 'null']) {
			expect((await ask(listing.url, origin)).headers).not.toHaveProperty('access-control-allow-origin');
		}
		await listing.close();
	});
});
