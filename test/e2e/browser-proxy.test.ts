import { afterEach, beforeAll, expect, test } from 'vitest';
import { type ChatPage, soon, startBrowser, type TestBrowser } from '../support/browser.ts';
import { type Embedded, startEmbedded } from '../support/cluster.ts';
import { startTlsProxy, type TlsProxy } from '../support/tls-proxy.ts';

const host = 'chat.localhost';

let browser: TestBrowser;
let chat: Embedded;
let proxy: TlsProxy;
beforeAll(async () => {
	browser = await startBrowser();
	return () => browser.close();
});
beforeAll(async () => {
	chat = await startEmbedded({ 'site.api_url': '/', 'site.ws_url': '/ws' });
	proxy = await startTlsProxy(host, (path) => {
		if (path === '/ws') return chat.wsUrl.replace(/^ws/, 'http');
		return path.startsWith('/v2/') ? chat.apiUrl : chat.siteUrl;
	});
	return async () => {
		await proxy.close();
		await chat.stop();
	};
});
afterEach(async () => {
	expect(await browser.closePages()).toEqual([]);
});

test('the page works behind a proxy that ends TLS, under another name and port, on nothing but these', async () => {
	const origin = `https://${host}:${proxy.port}`;
	const enter = (name: string): Promise<ChatPage> => browser.enter(origin, name, { ignoreHTTPSErrors: true });
	const pages = await Promise.all([enter('ann'), enter('bob')]);
	const [ann, bob] = pages;
	const requests: string[] = [];
	ann.page.on('request', (request) => requests.push(new URL(request.url()).origin));
	await Promise.all(pages.map((page) => page.joinRoom('behind a proxy')));
	await ann.say('hello');
	await bob.say('hello ann');
	for (const page of pages) await soon(async () => (await page.messages()).length).toBe(2);
	await ann.page.reload();
	await ann.online();
	await soon(async () => (await ann.messages()).length).toBe(2);
	expect([...new Set(requests)]).toEqual([origin]);
	expect(ann.sockets).toEqual(Array(2).fill(`wss://${host}:${proxy.port}/ws`));
	expect(await ann.page.evaluate('isSecureContext')).toBe(true);
}, 60_000);
