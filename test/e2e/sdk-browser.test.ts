import { createReadStream } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser, type TestBrowser } from '../support/browser.ts';
import { type Embedded, startEmbedded } from '../support/cluster.ts';

const dist = resolve(import.meta.dirname, '../../dist');

/** What somebody else's site would serve: a page that loads the client as modules, without a bundler. */
const pages: Record<string, [type: string, content: string]> = {
	'/': ['text/html', '<!doctype html><title>a page</title><script type="module" src="/page.js"></script>'],
	'/page.js': [
		'text/javascript',
		`import { connect, signIn, webStorage } from '/client/index.js';
		// Sends, and gives all that was told since the last visit.
		globalThis.visit = async ([api, text]) => {
			const session = await signIn({ api, name: 'demo', password: '111111' });
			const chat = connect({ api, ...session, store: webStorage(localStorage, 'chat') });
			const told = [];
			chat.on('message', ({ seq, body }) => told.push(seq + ' ' + body));
			await chat.ready;
			const room = chat.room(1);
			if (room.position === undefined) await room.join();
			const messages = room.messages();
			await room.send(text);
			for await (const { body } of messages) if (body === text) break;
			await chat.close();
			return told;
		};`,
	],
};

let server: Embedded;
let browser: TestBrowser;
let files: Server;
beforeAll(async () => {
	server = await startEmbedded();
	browser = await startBrowser();
	files = createServer(({ url = '/' }, response) => {
		const [type, content] = pages[url] ?? ['text/javascript'];
		response.setHeader('content-type', type);
		if (content !== undefined) response.end(content);
		else
			createReadStream(join(dist, normalize(url)))
				.on('error', () => response.end())
				.pipe(response);
	});
	await new Promise<void>((done) => files.listen(0, '127.0.0.1', done));
});
afterAll(async () => {
	await browser.close();
	await new Promise((done) => files.close(done));
	await server.stop();
});

test('a page in a browser chats with the client as it is, and goes on where it was after a reload', async () => {
	const { page } = await browser.open(`http://127.0.0.1:${(files.address() as AddressInfo).port}/`);
	const visit = async (text: string): Promise<unknown> => {
		await page.waitForFunction('globalThis.visit');
		return page.evaluate(`visit(${JSON.stringify([server.apiUrl, text])})`);
	};
	expect(await visit('first')).toEqual(['1 first']);
	await page.reload();
	expect(await visit('second')).toEqual(['2 second']);
	expect(await browser.closePages()).toEqual([]);
});
