import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../../src/protocol/validate.ts';
import { Config } from '../../../src/runtime/config-schema.ts';
import type { StartedModule } from '../../../src/runtime/module.ts';
import { ask, builtPage, startSite } from './support.ts';

let folder: string;
const running: StartedModule[] = [];

beforeAll(async () => {
	const page = await builtPage();
	folder = page.path;
	return page.remove;
});
afterEach(async () => {
	for (const site of running.splice(0)) await site.stop();
});

/** What /config.json tells a browser that comes with these headers. */
const told = async (headers: Record<string, string>, site: Partial<Config['site']> = {}) => {
	const started = await startSite(folder, { site });
	running.push(started);
	const answer = await ask(started.url, '/config.json', headers);
	expect(answer.headers['cache-control']).toBe('no-store');
	expect(answer.headers['content-type']).toContain('application/json');
	return JSON.parse(answer.text);
};
const https = { 'x-forwarded-proto': 'https' };

describe('/config.json', () => {
	test.each([
		['chat.example', 'chat.example'],
		['chat.example:8080', 'chat.example'],
		['192.168.1.5:8080', '192.168.1.5'],
		['[::1]:8080', '[::1]'],
	])('names the host by which the browser came, and leaves the servers to the API: %s', async (host, name) => {
		expect(await told({ host })).toEqual({ apiUrl: `http://${name}:7070`, wsUrl: null });
	});

	test('is for TLS when the browser came by TLS', async () => {
		expect(await told({ host: 'chat.example', ...https })).toEqual({
			apiUrl: 'https://chat.example:7070',
			wsUrl: null,
		});
	});

	test('names the host that a proxy forwards', async () => {
		const headers = { host: '10.0.0.9:8080', 'x-forwarded-host': 'chat.example', ...https };
		expect(await told(headers)).toEqual({ apiUrl: 'https://chat.example:7070', wsUrl: null });
	});

	test('tells configured URLs as they are', async () => {
		const site = { api_url: 'https://api.example/chat', ws_url: 'wss://live.example/ws' };
		expect(await told({ host: 'other.example' }, site)).toEqual({ apiUrl: site.api_url, wsUrl: site.ws_url });
	});

	test.each([
		[{ host: 'chat.example:8443', ...https }, 'https://chat.example:8443', 'wss://chat.example:8443/ws'],
		[
			{ host: '10.0.0.9', 'x-forwarded-host': 'chat.example', ...https },
			'https://chat.example',
			'wss://chat.example/ws',
		],
		[{ host: 'localhost:8080' }, 'http://localhost:8080', 'ws://localhost:8080/ws'],
		[{ host: '[::1]:8080' }, 'http://[::1]:8080', 'ws://[::1]:8080/ws'],
	])('takes configured paths for those of the page’s own origin: %j', async (headers, apiUrl, wsUrl) => {
		expect(await told(headers, { api_url: '/', ws_url: '/ws' })).toEqual({ apiUrl, wsUrl });
	});

	test('takes longer paths too', async () => {
		expect(await told({ host: 'chat.example' }, { api_url: '/chat/api', ws_url: '/chat/ws' })).toEqual({
			apiUrl: 'http://chat.example/chat/api',
			wsUrl: 'ws://chat.example/chat/ws',
		});
	});

	const hostile = [
		...['a b', '"><script>', "x'; script-src *", '.', 'a/b', 'x'.repeat(300), 'a;b', 'a,b', 'user@x', 'x:99999'],
		...['256.256.256.256', '[::::]', '1.2.3.4.5'],
	];
	test.each(hostile)('does not repeat what is no host: "%s"', async (host) => {
		expect(await told({ host }, { ws_url: '/ws' })).toEqual({
			apiUrl: 'http://127.0.0.1:7070',
			wsUrl: 'ws://127.0.0.1/ws',
		});
	});
	test.each(hostile)('nor what a proxy forwards as one: "%s"', async (host) => {
		const { apiUrl } = await told({ host: 'chat.example', 'x-forwarded-host': host });
		expect(apiUrl).toMatch(/^http:\/\/(127\.0\.0\.1|b):7070$/);
	});
});

describe('the settings of these URLs', () => {
	const accepts = (key: 'api_url' | 'ws_url', value: string): boolean => {
		try {
			compile(Config.properties.site.properties[key])(value);
			return true;
		} catch {
			return false;
		}
	};

	test.each([
		['api_url', 'http'],
		['ws_url', 'ws'],
	] as const)('%s is empty, a path or a URL, and nothing that a policy could not name', (key, scheme) => {
		const good = ['', '/', '/ws', '/chat/ws', `${scheme}://a.example`, `${scheme}s://a.example:8443/x`];
		for (const value of [...good, `${scheme}://[::1]:7000/ws`]) expect(accepts(key, value), value).toBe(true);
		const bad = ['ws', 'chat.example', '//evil.example', '/a b', '/a?b', '/a#b', `${scheme}://`, 'ftp://a.example'];
		const names = ['a;b', "a'b", 'a b', 'a:x', 'a:65536', 'user@a', 'a,b'].map((host) => `${scheme}://${host}/`);
		for (const value of [...bad, ...names]) expect(accepts(key, value), value).toBe(false);
		expect(accepts(key, scheme === 'ws' ? 'http://a.example' : 'ws://a.example')).toBe(false);
	});
});
