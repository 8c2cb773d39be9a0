import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMetrics } from '../../../src/runtime/metrics/metrics.ts';
import { askFrom, openFrom, refusalsIn } from '../../support/raw-http.ts';
import { builtPage, startSite } from './support.ts';

let page: Awaited<ReturnType<typeof builtPage>>;
let site: Awaited<ReturnType<typeof startSite>>;
const metrics = createMetrics();
const limits = { http_requests_per_second: 1, http_request_burst: 3, http_header_timeout_ms: 300 };
beforeAll(async () => {
	page = await builtPage();
	site = await startSite(page.path, { trustedProxies: '', limits, metrics: metrics.of('site') });
});
afterAll(async () => {
	await site.stop();
	page.remove();
});

test('an address that asks for too much is told when to come back, in words, and others are served', async () => {
	const statuses: (number | undefined)[] = [];
	for (const path of ['/', '/favicon.svg', '/config.json']) {
		statuses.push((await askFrom('127.0.0.2', site.url + path)).status);
	}
	expect(statuses).toEqual([200, 200, 200]);
	const refused = await askFrom('127.0.0.2', site.url);
	expect(refused).toMatchObject({ status: 429, text: 'too many requests, try again in 1 s' });
	expect(refused.headers).toMatchObject({
		'retry-after': '1',
		'x-content-type-options': 'nosniff',
		'content-security-policy': expect.stringContaining("default-src 'none'"),
	});
	expect((await askFrom('127.0.0.3', site.url)).status).toBe(200);
	expect(refusalsIn(await metrics.text(), 'http_requests')).toBe(1);
});

test('a request that never comes to its end is ended in time', async () => {
	const { socket, ended } = await openFrom('127.0.0.4', site.url);
	socket.write('GET / HTTP/1.1\r\nHost: x\r\n');
	expect(await ended).toMatch(/^HTTP\/1\.1 408 /);
});
