import { afterEach, describe, expect, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { askFrom, openFrom, refusalsIn } from '../../support/raw-http.ts';
import { maxBodyBytes, startApi } from './support.ts';

type Api = Awaited<ReturnType<typeof startApi>>;
const running: Api[] = [];
afterEach(async () => {
	for (const api of running.splice(0)) await api.close();
});

/** Nobody is trusted, so that addresses of this machine are those of clients. */
const start = async (...limits: string[]): Promise<Api & { refusals(limit: string): Promise<number> }> => {
	const user = { id: 1, name: 'ada' };
	const settings = ['proxy.trusted=', ...limits.map((limit) => `limits.${limit}`)];
	const api = await startApi(
		{ 'logic.me': () => ({ user, admin: false }), 'logic.login': () => ({ token: 'new', user }) },
		{ settings },
	);
	running.push(api);
	return { ...api, refusals: async (limit) => refusalsIn(await api.metrics.text(), limit) };
};

const [ann, bob] = ['127.0.0.2', '127.0.0.3'];
const headers = { authorization: 'Bearer good' };

describe('requests of an address', () => {
	test('beyond the burst are refused with the time to wait, and served after it; another address is served all the time', async () => {
		const { url, refusals } = await start('http_requests_per_second=5', 'http_request_burst=2');
		const me = (address = ann) => askFrom(address, `${url}/v2/me`, { headers });
		expect([(await me()).status, (await me()).status]).toEqual([200, 200]);
		const refused = await me();
		expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '1', 'access-control-allow-origin': '*' } });
		expect(refused.headers['access-control-expose-headers']).toBe('retry-after');
		const { error } = JSON.parse(refused.text) as { error: { retryAfter: number } };
		expect(error).toMatchObject({
			key: 'too-many-requests',
			message: 'too many requests, try again in 1 s',
			retryable: true,
		});
		expect(error.retryAfter).toBeGreaterThan(0);
		expect(error.retryAfter).toBeLessThanOrEqual(200);
		expect((await me(bob)).status).toBe(200);
		expect(await refusals('http_requests')).toBe(1);
		await new Promise((resolve) => setTimeout(resolve, error.retryAfter));
		expect((await me()).status).toBe(200);
	});

	test('are refused in gochat’s form on gochat’s routes', async () => {
		const { url, calls } = await start('http_requests_per_second=1', 'http_request_burst=1');
		const logIn = () =>
			askFrom(ann, `${url}/user/login`, { method: 'POST', body: '{"userName":"ada","passWord":"secret"}' });
		await logIn();
		const { status, headers: told, text } = await logIn();
		expect([status, told['retry-after']]).toEqual([200, '1']);
		expect(JSON.parse(text)).toEqual({ code: 1, message: 'too many requests, try again in 1 s', data: null });
		expect(calls).toHaveLength(1);
	});

	test('count whatever they ask for', async () => {
		const { url } = await start('http_requests_per_second=1', 'http_request_burst=3');
		for (const path of ['/nothing', '/v2/nothing', '/docs/json']) await askFrom(ann, url + path);
		expect((await askFrom(ann, `${url}/docs/json`)).status).toBe(200);
		expect((await askFrom(ann, `${url}/v2/nothing`)).status).toBe(429);
	});
});

test('calls beyond the limit are refused with the time to come back, until one has ended', async () => {
	let finish = () => {};
	const api = await startApi(
		{ 'logic.me': () => new Promise<never>((_, reject) => (finish = () => reject(new Error('done')))) as never },
		{ settings: ['limits.http_calls=1'] },
	);
	running.push(api);
	const first = api.ask('GET', '/v2/me', { token: 'good' });
	await eventually(() => expect(api.calls).toHaveLength(1));
	const refused = await fetch(`${api.url}/v2/me`, { headers });
	expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
	expect(await refused.json()).toMatchObject({ error: { key: 'overloaded', retryAfter: 1000 } });
	expect(refusalsIn(await api.metrics.text(), 'http_calls')).toBe(1);
	finish();
	await first;
	const next = api.ask('GET', '/v2/me', { token: 'good' });
	await eventually(() => expect(api.calls).toHaveLength(2));
	finish();
	await next;
});

describe('connections', () => {
	test('of an address beyond the limit are told so and closed, those before stay, and other addresses get in', async () => {
		const { url, refusals } = await start('http_connections_per_address=2');
		const kept = [await openFrom(ann, url), await openFrom(ann, url)];
		const refused = await askFrom(ann, `${url}/v2/me`, { headers });
		expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '5', connection: 'close' } });
		expect((await askFrom(bob, `${url}/v2/me`, { headers })).status).toBe(200);
		kept[0]?.socket.destroy();
		await eventually(async () => expect((await askFrom(ann, `${url}/v2/me`, { headers })).status).toBe(200));
		expect(await refusals('http_connections_per_address')).toBeGreaterThanOrEqual(1);
		kept[1]?.socket.destroy();
	});

	test('of one address, more than twice as many, just end', async () => {
		const { url } = await start('http_connections_per_address=2');
		const opened = await Promise.all([1, 2, 3, 4, 5].map(() => openFrom(ann, url)));
		const first = await Promise.race(opened.map(({ ended }) => ended));
		expect(first).toBe('');
		for (const { socket } of opened) socket.destroy();
	});

	test('of all beyond the limit are told to come back, and as many again are not even taken', async () => {
		const { url, refusals } = await start('http_connections=1');
		const kept = await openFrom(ann, url);
		expect(await askFrom(bob, `${url}/v2/me`, { headers })).toMatchObject({
			status: 503,
			headers: { 'retry-after': '5', connection: 'close' },
			text: expect.stringContaining('"overloaded"'),
		});
		const second = await openFrom(bob, url);
		await (await openFrom(bob, url)).ended;
		expect(await refusals('http_connections')).toBe(3);
		kept.socket.destroy();
		second.socket.destroy();
	});
});

describe('answers that are not read', () => {
	const aMessage = { id: '1', conv: 'room:1', seq: 1, from: { id: 1, name: 'ada' }, kind: 'text', at: 1 } as const;
	/** A megabyte each. */
	const large = { items: Array.from({ length: 128 }, () => ({ ...aMessage, body: 'x'.repeat(8192) })), more: false };
	const path = '/v2/conversations/room:1/messages?limit=200';
	const startLarge = async (...limits: string[]) => {
		const settings = [
			'proxy.trusted=',
			'limits.http_request_burst=100000',
			...limits.map((limit) => `limits.${limit}`),
		];
		const api = await startApi({ 'logic.history': () => large as never }, { settings });
		running.push(api);
		return { ...api, refusals: async (limit: string) => refusalsIn(await api.metrics.text(), limit) };
	};
	const ask = `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n\r\n`;
	/** Asks again and again and reads nothing, until its answers fill what the kernel holds and `full` does not throw any more. */
	const askWithoutReading = async (address: string, url: string, full: () => Promise<void>) => {
		const { socket } = await openFrom(address, url);
		socket.pause();
		await eventually(async () => {
			socket.write(ask.repeat(3));
			await full();
		});
		return socket;
	};

	test('of one address are no more than its share, whatever its connections; others get theirs', async () => {
		const { url, refusals } = await startLarge('http_unread_bytes_per_address=3000000');
		const refused = async () => expect((await askFrom(ann, url + path, { headers })).status).toBe(503);
		const deaf = await askWithoutReading(ann, url, refused);
		await refused();
		expect((await askFrom(bob, url + path, { headers })).status).toBe(200);
		expect(await refusals('http_unread_bytes_per_address')).toBeGreaterThan(1);
		deaf.destroy();
		await eventually(async () => expect((await askFrom(ann, url + path, { headers })).status).toBe(200));
	});

	test('of all are no more than the process holds: who has left most unread is cut, and others get theirs', async () => {
		const { url, refusals } = await startLarge('http_unread_bytes=3000000');
		const { socket } = await openFrom(ann, url);
		socket.pause();
		await eventually(async () => {
			socket.write(ask.repeat(3));
			expect((await askFrom(bob, url + path, { headers })).status).toBe(200);
			expect(socket.destroyed).toBe(true);
		});
		expect(await refusals('http_unread_bytes')).toBeGreaterThan(0);
	});

	test.each([
		['whose client went away before it was made', 1, 0],
		['of a connection that was cut while others were under way on it', 12, 50],
	])('are given back of one %s', async (_, times, afterMs) => {
		let answer = () => {};
		const wait = new Promise<void>((resolve) => {
			answer = resolve;
		});
		const settings = ['proxy.trusted=', 'limits.http_request_burst=100000', 'limits.http_unread_bytes=3000000'];
		const api = await startApi({ 'logic.history': () => wait.then(() => large) as never }, { settings });
		running.push(api);
		for (let round = 0; round < 5; round += 1) {
			const { socket, ended } = await openFrom(ann, api.url);
			socket.pause();
			socket.write(ask.repeat(times));
			await eventually(() => expect(api.calls.length).toBeGreaterThanOrEqual((round + 1) * times));
			if (afterMs > 0) answer();
			await new Promise((resolve) => setTimeout(resolve, afterMs));
			socket.resetAndDestroy();
			await ended;
		}
		answer();
		await eventually(async () => expect((await askFrom(bob, api.url + path, { headers })).status).toBe(200));
	});

	test('cost requests: who asks for many long ones waits', async () => {
		const { url, refusals } = await startLarge('http_request_burst=10');
		expect((await askFrom(ann, url + path, { headers })).status).toBe(200);
		const refused = await askFrom(ann, `${url}/v2/endpoints`);
		expect(refused.status).toBe(429);
		expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
		expect((await askFrom(bob, `${url}/v2/endpoints`)).status).toBe(200);
		expect(await refusals('http_requests')).toBe(1);
	});

	test('count for the pages of the documentation too', async () => {
		const { url, refusals } = await startLarge('http_unread_bytes_per_address=1048576');
		const description = 'GET /docs/json HTTP/1.1\r\nHost: x\r\n\r\n';
		const deaf = await Promise.all([1, 2, 3, 4, 5, 6].map(() => openFrom(ann, url)));
		for (const { socket } of deaf) socket.pause();
		await eventually(async () => {
			for (const { socket } of deaf) socket.write(description.repeat(2));
			expect(await refusals('http_unread_bytes_per_address')).toBeGreaterThan(0);
		});
		for (const { socket } of deaf) socket.destroy();
	});

	test('end a connection on which more requests are under way than anybody needs', async () => {
		const { url, refusals } = await startLarge();
		const { socket, ended } = await openFrom(ann, url);
		socket.write(`GET /v2/endpoints HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(40));
		await ended;
		expect(await refusals('http_pipelined')).toBeGreaterThan(0);
		expect((await askFrom(ann, `${url}/v2/endpoints`)).status).toBe(200);
	});
});

test('preflights of browsers count as requests, and so does what has a path that cannot be read or no host', async () => {
	const { url } = await start('http_requests_per_second=1', 'http_request_burst=2');
	const preflight = () =>
		askFrom(ann, `${url}/v2/me`, {
			method: 'OPTIONS',
			headers: { origin: 'https://chat.example', 'access-control-request-method': 'GET' },
		});
	expect([(await preflight()).status, (await preflight()).status, (await preflight()).status]).toEqual([204, 204, 429]);
	const status = async (path: string) => (await askFrom(bob, url + path)).status;
	expect([await status('/v2/%'), await status('/v2/%'), await status('/v2/%')]).toEqual([400, 400, 429]);
	const { socket, ended } = await openFrom(bob, url);
	socket.write('GET /v2/me HTTP/1.1\r\nConnection: close\r\n\r\n');
	expect(await ended).toMatch(/^HTTP\/1.1 429 /);
});

test('an expectation that nobody knows is passed over, and its request counts', async () => {
	const { url } = await start('http_requests_per_second=1', 'http_request_burst=1');
	const ask = () => askFrom(ann, `${url}/v2/endpoints`, { headers: { expect: 'anything' } });
	expect([(await ask()).status, (await ask()).status]).toEqual([200, 429]);
});

describe('a request', () => {
	test.each([
		['whose head is too large', { 'x-large': 'x'.repeat(2000) }, 431, 'http_header_bytes'],
		[
			'with too many fields',
			Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`x${n}`, '1'])),
			400,
			'http_header_fields',
		],
	])('%s is refused', async (_, fields, status, limit) => {
		const { url, refusals } = await start('http_header_bytes=1024', 'http_header_fields=16');
		const refused = await askFrom(ann, `${url}/v2/me`, { headers: { ...headers, ...fields } });
		expect(refused.status).toBe(status);
		expect(JSON.parse(refused.text)).toMatchObject({ error: { key: 'bad-request' } });
		expect(await refusals(limit)).toBe(1);
		expect((await askFrom(ann, `${url}/v2/me`, { headers })).status).toBe(200);
	});

	test('of which so many fields come that a proxy’s would be lost is refused, not taken for one of nobody', async () => {
		const { url } = await start('http_header_fields=1500');
		const { socket, ended } = await openFrom(ann, url);
		socket.write(`GET /v2/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${'a:\r\n'.repeat(1500)}\r\n`);
		expect(await ended).toMatch(/^HTTP\/1\.1 400 /);
	});

	test('whose body is too large is refused, and counted', async () => {
		const { url, refusals } = await start();
		const body = JSON.stringify({ name: 'ada', password: 'x'.repeat(maxBodyBytes) });
		expect((await askFrom(ann, `${url}/v2/sessions`, { method: 'POST', body })).status).toBe(400);
		expect(await refusals('http_body_bytes')).toBe(1);
	});

	test.each([
		['head', 'GET /v2/me HTTP/1.1\r\nHost: x\r\n', 300],
		['body', 'POST /v2/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{', 600],
		['first byte', '', 300],
	])('whose %s comes a byte at a time is ended in time, while others are served', async (_, begin, afterMs) => {
		const { url, refusals } = await start('http_header_timeout_ms=300', 'http_request_timeout_ms=600');
		const started = performance.now();
		const slow = await Promise.all(Array.from({ length: 50 }, () => openFrom(ann, url)));
		for (const { socket } of slow) socket.write(begin);
		const dripping = setInterval(() => {
			if (begin !== '') for (const { socket } of slow) if (socket.writable) socket.write('x');
		}, 50);
		expect((await askFrom(bob, `${url}/v2/me`, { headers })).status).toBe(200);
		const answers = await Promise.all(slow.map(({ ended }) => ended));
		clearInterval(dripping);
		expect(performance.now() - started).toBeGreaterThan(afterMs - 50);
		expect(performance.now() - started).toBeLessThan(afterMs + 1500);
		expect(answers.filter((answer) => answer.startsWith('HTTP/1.1 408 ')).length).toBeGreaterThan(0);
		expect(await refusals('http_request_timeout')).toBe(50);
	});
});
