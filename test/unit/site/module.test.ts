import { rmSync } from 'node:fs';
import { rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StartedModule } from '../../../src/runtime/module.ts';
import { temporaryFolder } from '../../support/processes.ts';
import { type Answer, ask, builtPage, html, script, startSite } from './support.ts';

let page: { path: string; remove(): void };
let site: StartedModule;
let url: string;

beforeAll(async () => {
	page = await builtPage();
	const started = await startSite(page.path);
	site = started;
	url = started.url;
});
afterAll(async () => {
	await site.stop();
	page.remove();
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> => ask(url, path, headers);
const scriptPath = '/assets/index-Ab_12-cD.js';

describe('the page', () => {
	test.each(['/', '/status', '/status?since=5', '/index.html'])('is at %s', async (path) => {
		const { status, headers, text } = await get(path);
		expect(status).toBe(200);
		expect(headers['content-type']).toBe('text/html; charset=utf-8');
		expect(text).toBe(html);
	});

	test.each([
		[scriptPath, 'application/javascript; charset=utf-8'],
		['/assets/index-Zz0099xx.css', 'text/css; charset=utf-8'],
		['/favicon.svg', 'image/svg+xml'],
	])('has %s as %s', async (path, type) => {
		const { status, headers } = await get(path);
		expect(status).toBe(200);
		expect(headers['content-type']).toBe(type);
	});

	test('what has its content’s hash in its name is kept; everything else is asked for again each time', async () => {
		const forever = 'public, max-age=31536000, immutable';
		for (const encoding of ['identity', 'br', 'gzip']) {
			const cacheControl = async (path: string) =>
				(await get(path, { 'accept-encoding': encoding })).headers['cache-control'];
			expect(await cacheControl(scriptPath)).toBe(forever);
			expect(await cacheControl('/assets/index-Zz0099xx.css')).toBe(forever);
			for (const path of ['/', '/status', '/favicon.svg', '/assets/plain.js']) {
				expect(await cacheControl(path), path).toBe('no-cache');
			}
		}
	});

	test.each(['/', '/status', '/favicon.svg', scriptPath])('%s is not sent again when it is the same', async (path) => {
		const { etag = '' } = (await get(path)).headers;
		const again = await get(path, { 'if-none-match': etag });
		expect(again).toMatchObject({ status: 304, text: '' });
		expect(again.headers['content-security-policy']).toBeDefined();
		expect(await get(path, { 'if-none-match': '"another"' })).toMatchObject({ status: 200 });
	});

	test('HEAD tells what GET would, without the content', async () => {
		for (const path of ['/', '/status', scriptPath, '/config.json']) {
			const [told, sent] = [await ask(url, path, {}, 'HEAD'), await get(path)];
			expect(told).toMatchObject({ status: 200, text: '' });
			for (const header of ['content-length', 'content-type', 'cache-control', 'etag', 'content-security-policy']) {
				expect(told.headers[header], `${path} ${header}`).toBe(sent.headers[header]);
			}
		}
	});
});

describe('what is worth compressing', () => {
	const decoders = { br: brotliDecompressSync, gzip: gunzipSync };

	test.each([
		['gzip, deflate, br, zstd', 'br'],
		['br', 'br'],
		['gzip, deflate', 'gzip'],
		['gzip;q=1.0, br;q=0.5', 'gzip'],
		['br;q=0, gzip', 'gzip'],
	] as const)('comes to one who accepts "%s" as %s', async (accepted, encoding) => {
		const { headers, body } = await get(scriptPath, { 'accept-encoding': accepted });
		expect(headers['content-encoding']).toBe(encoding);
		expect(headers.vary).toBe('accept-encoding');
		expect(headers['content-type']).toBe('application/javascript; charset=utf-8');
		expect(Number(headers['content-length'])).toBe(body.length);
		expect(body.length).toBeLessThan(script.length / 10);
		expect(decoders[encoding](body).toString()).toBe(script);
	});

	test.each(['', 'identity', 'deflate', 'zstd', 'br;q=0'])(
		'comes as it is to one who accepts "%s"',
		async (accepted) => {
			const { headers, text } = await get(scriptPath, { 'accept-encoding': accepted });
			expect(headers['content-encoding']).toBeUndefined();
			expect(headers.vary).toBe('accept-encoding');
			expect(text).toBe(script);
		},
	);

	test('small files come as they are', async () => {
		const { headers, text } = await get('/', { 'accept-encoding': 'br, gzip' });
		expect(headers['content-encoding']).toBeUndefined();
		expect(text).toBe(html);
	});

	test('its versions have different tags, and each is not sent again when it is the same', async () => {
		const versions = ['br', 'gzip', 'identity'].map((encoding) => ({ 'accept-encoding': encoding }));
		const tags = await Promise.all(
			versions.map(async (accepts) => (await get(scriptPath, accepts)).headers.etag ?? ''),
		);
		expect(new Set(tags).size).toBe(3);
		for (const [index, accepts] of versions.entries()) {
			const { status } = await get(scriptPath, { ...accepts, 'if-none-match': tags[index] ?? '' });
			expect(status).toBe(304);
		}
	});
});

describe('what is not there', () => {
	test.each([
		...['/nothing', '/status/', '/status/x', '/assets/', '/assets', '/assets/index-00000000.js', `${scriptPath}.br`],
		...[`${scriptPath}.gz`, '/../package.json', '/..%2fpackage.json', '/%2e%2e/package.json', '/assets/../../x'],
		...['/assets/..%5c..%5cx', '/.git/config', '/%00', '//example.org', '/config.json/x'],
	])('%s is a plain 404 with the same headers as all', async (path) => {
		const { status, headers, text } = await get(path);
		expect({ status, text }).toEqual({ status: 404, text: 'not found' });
		expect(headers['content-type']).toBe('text/plain; charset=utf-8');
		expect(headers['content-security-policy']).toContain("default-src 'none'");
		expect(headers['x-content-type-options']).toBe('nosniff');
	});

	test('a path that is none is a plain 400 with the same headers as all', async () => {
		const { status, headers, text } = await get('/%zz');
		expect({ status, text }).toEqual({ status: 400, text: 'bad request' });
		expect(headers['content-security-policy']).toContain("default-src 'none'");
	});

	test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is answered with 404', async (method) => {
		expect(await ask(url, '/', {}, method)).toMatchObject({ status: 404, text: 'not found' });
	});

	test('a file that came after the start is not served, and one that went is a 404', async () => {
		await writeFile(join(page.path, 'secret.txt'), 'secret');
		expect(await get('/secret.txt')).toMatchObject({ status: 404 });
		await unlink(join(page.path, 'secret.txt'));
		await rename(join(page.path, 'favicon.svg'), join(page.path, 'away'));
		expect(await get('/favicon.svg')).toMatchObject({ status: 404, text: 'not found' });
		await rename(join(page.path, 'away'), join(page.path, 'favicon.svg'));
	});
});

test('without a built page it does not start, and says in one line what builds it', async () => {
	const empty = temporaryFolder('page');
	const missing = join(empty.path, 'none');
	for (const folder of [empty.path, missing]) {
		await expect(startSite(folder)).rejects.toMatchObject({
			name: 'StartError',
			message: `there is no page in ${folder}: run npm run build`,
		});
	}
	rmSync(empty.path, { recursive: true });
});
