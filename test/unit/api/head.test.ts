import { afterEach, describe, expect, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { askFrom, openFrom, refusalsIn } from '../../support/raw-http.ts';
import { startApi } from './support.ts';
import { requests, startV2 } from './v2-support.ts';

type Api = Awaited<ReturnType<typeof startApi>>;
const running: Pick<Api, 'close'>[] = [];
const kept = <A extends Pick<Api, 'close'>>(api: A): A => {
	running.push(api);
	return api;
};
afterEach(async () => {
	for (const api of running.splice(0)) await api.close();
});

const address = '127.0.0.2';
const headers = { authorization: 'Bearer good' };

/** What both methods answer of a path, without what differs from second to second. */
const both = async (url: string, path: string, asked: Record<string, string>) => {
	const [get, head] = await Promise.all(
		['GET', 'HEAD'].map((method) => askFrom(address, url + path, { method, headers: asked })),
	);
	if (get === undefined || head === undefined) throw new Error('not answered');
	for (const { headers } of [get, head]) delete headers.date;
	return { get, head };
};

describe('HEAD', () => {
	test('tells what GET would of every route, without the content', async () => {
		const { url } = kept(await startV2());
		const gets = Object.keys(requests).flatMap((name) => (name.startsWith('GET ') ? [name.slice(4)] : []));
		for (const path of [...gets, '/v2/endpoints', '/docs', '/docs/json']) {
			const { get, head } = await both(url, path, headers);
			expect(get.status, path).toBe(200);
			expect(head, path).toEqual({ ...get, text: '' });
		}
	});

	test('is refused as GET is', async () => {
		const { url } = kept(await startV2());
		for (const [path, asked, status] of [
			['/v2/me', {}, 401],
			['/v2/users?name=', headers, 400],
			['/v2/nothing', headers, 404],
			['/docs/nothing', headers, 404],
		] as const) {
			const { get, head } = await both(url, path, asked);
			expect([path, get.status]).toEqual([path, status]);
			expect(head, path).toEqual({ ...get, text: '' });
		}
	});

	test('counts as a request, by its own method and the pattern of the route', async () => {
		const limits = ['limits.http_requests_per_second=1', 'limits.http_request_burst=1'];
		const api = kept(await startApi({}, { settings: ['proxy.trusted=', ...limits] }));
		const ask = () => askFrom(address, `${api.url}/v2/endpoints`, { method: 'HEAD' });
		const [answered, refused] = [await ask(), await ask()];
		expect([answered.status, refused.status, refused.headers['retry-after']]).toEqual([200, 429, '1']);
		const labels = { module: 'api', route: '/v2/endpoints', method: 'HEAD' };
		for (const status of ['200', '429']) {
			expect(await api.metric('tschat_http_request_duration_seconds_count', { ...labels, status })).toBe(1);
		}
		expect(refusalsIn(await api.metricsText(), 'http_requests')).toBe(1);
	});

	test('of one who went away before it was answered is no failure', async () => {
		let answer = () => {};
		const wait = new Promise<void>((resolve) => {
			answer = resolve;
		});
		const me = { user: { id: 1, name: 'ada' }, admin: false };
		const api = kept(await startApi({ 'logic.me': () => wait.then(() => me) as never }));
		const { socket, ended } = await openFrom(address, api.url);
		socket.write('HEAD /v2/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n\r\n');
		await eventually(() => expect(api.calls).toHaveLength(1));
		socket.resetAndDestroy();
		await ended;
		answer();
		await new Promise((resolve) => setImmediate(resolve));
		expect(api.logged).toEqual([]);
	});
});
