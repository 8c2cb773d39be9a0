import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StartedModule } from '../../../src/runtime/module.ts';
import { createSiteModule } from '../../../src/site/module.ts';
import { moduleContext } from './module-context.ts';

let site: StartedModule;
let url: string;

beforeAll(async () => {
	site = await (await createSiteModule(await moduleContext({ advertiseHost: '127.0.0.1', port: 7070 }))).start();
	url = site.publicUrl ?? '';
});
afterAll(() => site.stop());

/** The answer to a path that is sent as it is, with any Host header. */
const get = (path: string, headers: Record<string, string> = {}) =>
	new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
		const { hostname, port } = new URL(url);
		const asked = request({ hostname, port, path, headers, agent: false }, (response) => {
			let body = '';
			response.setEncoding('utf8');
			response.on('data', (part: string) => {
				body += part;
			});
			response.on('end', () => resolve({ status: response.statusCode, body }));
		});
		asked.on('error', reject).end();
	});

describe('the page', () => {
	test('every file of the folder is served with a type that browsers take', async () => {
		const types = { html: 'text/html', css: 'text/css', js: 'javascript', svg: 'image/svg+xml' };
		for (const name of await readdir('site')) {
			const response = await fetch(`${url}/${name}`);
			await response.arrayBuffer();
			expect(response.status, name).toBe(200);
			expect(response.headers.get('content-type')).toContain(types[name.split('.').at(-1) as keyof typeof types]);
			expect(response.headers.get('x-content-type-options')).toBe('nosniff');
		}
	});

	test('has no script or style of its own, so that the policy needs no exception', async () => {
		const response = await fetch(url);
		const policy = response.headers.get('content-security-policy') ?? '';
		const html = await response.text();
		expect(policy).not.toContain('unsafe');
		expect(html).toContain('id="user-name"');
		expect(html).not.toMatch(/<style|style=|<script(?![^>]* src=)|\son[a-z]+=/);
	});

	test('is asked for again each time, and not sent again when it is the same', async () => {
		const first = await fetch(`${url}/main.js`);
		await first.arrayBuffer();
		expect(first.headers.get('cache-control')).toBe('no-cache');
		const again = await get('/main.js', { 'if-none-match': first.headers.get('etag') ?? '' });
		expect(again).toEqual({ status: 304, body: '' });
	});

	test.each(['/../package.json', '/..%2fpackage.json', '/%2e%2e/package.json', '/nothing', '/%zz', '/.git/config'])(
		'%s is not there, and the answer names no path',
		async (path) => {
			const { status, body } = await get(path);
			expect([400, 403, 404]).toContain(status);
			expect(body).not.toMatch(/tschat"|\/site|at /);
		},
	);
});

describe('/config.json', () => {
	const config = async (headers: Record<string, string>) => JSON.parse((await get('/config.json', headers)).body);

	test.each([
		['chat.example', 'chat.example'],
		['chat.example:8080', 'chat.example'],
		['192.168.1.5:8080', '192.168.1.5'],
		['[::1]:8080', '[::1]'],
	])('names the host by which the browser came: %s', async (host, name) => {
		expect(await config({ host })).toEqual({ apiUrl: `http://${name}:7070`, wsUrl: `ws://${name}:7000/ws` });
	});

	test.each(['a b', '"><script>', "x'; script-src *", '.', 'a/b', 'x'.repeat(300)])(
		'does not repeat what is no host name: %s',
		async (host) => {
			expect(await config({ host })).toEqual({
				apiUrl: 'http://127.0.0.1:7070',
				wsUrl: 'ws://127.0.0.1:7000/ws',
			});
		},
	);

	test('is for TLS when the browser came by TLS', async () => {
		expect(await config({ host: 'chat.example', 'x-forwarded-proto': 'https' })).toEqual({
			apiUrl: 'https://chat.example:7070',
			wsUrl: 'wss://chat.example:7000/ws',
		});
	});
});
