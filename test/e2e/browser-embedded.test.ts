import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ChatPage, soon, startBrowser, type TestBrowser } from '../support/browser.ts';
import { type Embedded, startEmbedded } from '../support/cluster.ts';
import { post, tokenOf } from '../support/gochat-client.ts';

let browser: TestBrowser;
let chat: Embedded;
beforeAll(async () => {
	browser = await startBrowser();
	return () => browser.close();
});
beforeAll(async () => {
	chat = await startEmbedded();
	return () => chat.stop();
});
afterEach(async () => {
	expect(await browser.closePages()).toEqual([]);
});

const enter = (name: string, roomId: number): Promise<ChatPage> => browser.enter(chat.siteUrl, name, roomId);

/** Says something in a room through the HTTP API. */
const postToRoom = async (authToken: string, roomId: number, msg: string): Promise<void> => {
	expect(await post(chat.apiUrl, '/push/pushRoom', { authToken, roomId, msg })).toMatchObject({ code: 0 });
};

describe('the page of an embedded start', { timeout: 90_000 }, () => {
	test('two people who register meet in room 1, and see each other and the same messages in order', async () => {
		const [ann, bob] = (await Promise.all(
			['ann', 'bob'].map(async (name) => {
				const page = await browser.open(chat.siteUrl);
				await page.submit('register', name);
				await page.is('online');
				return page;
			}),
		)) as [ChatPage, ChatPage];
		for (const page of [ann, bob]) {
			await soon(() => page.present()).toEqual({ names: ['ann', 'bob'], online: '2' });
			await soon(() => page.page.locator('#room-title').textContent()).toBe('Room 1');
		}

		await ann.say('hello');
		await soon(() => bob.messages()).toEqual(['1 ann: hello']);
		await bob.say('hello ann');
		for (const page of [ann, bob]) await soon(() => page.messages()).toEqual(['1 ann: hello', '2 bob: hello ann']);

		const talk = async (page: ChatPage, name: string) => {
			for (let number = 1; number <= 10; number += 1) await page.say(`${name} ${number}`);
		};
		await Promise.all([talk(ann, 'a'), talk(bob, 'b')]);
		await soon(async () => (await ann.messages()).length).toBe(22);
		const shown = await ann.messages();
		await soon(() => bob.messages()).toEqual(shown);
		const positions = shown.map((line) => Number.parseInt(line, 10));
		expect(positions).toEqual(Array.from({ length: 22 }, (_, index) => index + 1));
		for (const [from, text] of Object.entries({ ann: 'a', bob: 'b' })) {
			const own = shown.slice(2).filter((line) => line.includes(` ${from}: `));
			expect(own.map((line) => line.replace(/^\d+ /, ''))).toEqual(
				Array.from({ length: 10 }, (_, index) => `${from}: ${text} ${index + 1}`),
			);
		}
	});

	test('a direct message arrives with a badge, is answered, and stays out of the room', async () => {
		const [carol, dave] = await Promise.all([enter('carol', 2), enter('dave', 2)]);
		await carol.member('dave').click();
		await carol.sayDirectly('are you there?');
		await soon(() => dave.member('carol').getByTestId('unread').allTextContents()).toEqual(['1']);
		await carol.sayDirectly('hello?');
		await soon(() => dave.member('carol').getByTestId('unread').allTextContents()).toEqual(['2']);
		expect(await dave.page.title()).toBe('(2) tschat');

		await dave.member('carol').click();
		await soon(() => dave.directMessages()).toEqual(['1 carol: are you there?', '2 carol: hello?']);
		await dave.page.getByTestId('unread').first().waitFor({ state: 'detached' });
		expect(await dave.page.title()).toBe('tschat');
		await dave.sayDirectly('yes');
		for (const page of [carol, dave]) {
			await soon(() => page.directMessages()).toEqual(['1 carol: are you there?', '2 carol: hello?', '3 dave: yes']);
			expect(await page.messages()).toEqual([]);
		}
		expect(await carol.page.getByTestId('unread').count()).toBe(0);
	});

	test('HTML and scripts are no names, and messages of them are text', async () => {
		const stranger = await browser.open(chat.siteUrl);
		for (const name of ['<b>bold</b>', '<script>x()', '"><img src=x>', '&lt;i&gt;']) {
			await stranger.submit('register', name);
			await soon(() => stranger.page.locator('#sign-in-error').textContent()).not.toBe('');
			expect(await stranger.form.isVisible()).toBe(true);
		}

		const [erin, frank] = await Promise.all([enter('erin', 3), enter('frank', 3)]);
		const images = await frank.page.locator('img').count();
		const bodies = [
			'<img src="/missing" onerror="alert(1)">',
			'<script>alert(2)</script>',
			'<a href="javascript:alert(3)">click</a>',
			'</li></ol><h1>big</h1> &lt;b&gt; &amp;',
		];
		for (const body of bodies) await erin.say(body);
		const lines = bodies.map((body, index) => `${index + 1} erin: ${body}`);
		for (const page of [erin, frank]) {
			await soon(() => page.messages()).toEqual(lines);
			expect(await page.page.locator('img').count()).toBe(images);
			for (const tag of ['script', 'a', 'h1', 'img']) {
				expect(await page.page.getByTestId('messages').locator(tag).count(), tag).toBe(0);
			}
		}
	});

	test('history is there after a reload, the newest first and the rest on request', async () => {
		const token = await tokenOf(chat.apiUrl, 'gina');
		for (let number = 1; number <= 120; number += 1) await postToRoom(token, 4, `m${number}`);
		const lines = Array.from({ length: 120 }, (_, index) => `${index + 1} gina: m${index + 1}`);
		const henry = await enter('henry', 4);
		await soon(() => henry.messages()).toEqual(lines.slice(70));
		await henry.page.reload();
		await henry.is('online');
		expect(await henry.form.isVisible()).toBe(false);
		await soon(() => henry.messages()).toEqual(lines.slice(70));

		const earlier = henry.page.locator('.thread:not(.direct) .earlier');
		await earlier.click();
		await soon(() => henry.messages()).toEqual(lines.slice(20));
		await earlier.click();
		await soon(() => henry.messages()).toEqual(lines);
		await earlier.waitFor({ state: 'hidden' });
	});

	test('after a kill -9 of the server the pages come back by themselves, with what was said meanwhile, once', async () => {
		const [ida, jack] = await Promise.all([enter('ida', 5), enter('jack', 5)]);
		const token = await tokenOf(chat.apiUrl, 'kate');
		await ida.say('before');
		for (const page of [ida, jack]) await soon(() => page.messages()).toEqual(['1 ida: before']);

		await chat.node.kill();
		for (const page of [ida, jack]) await page.is('offline');
		await ida.say('into the void');
		const retry = ida.page.locator('.failed .retry');
		await retry.waitFor();
		expect(await ida.messages()).toEqual(['1 ida: before']);

		// Jack's network stays away until all is said; ida's page comes back while it is.
		await jack.context.setOffline(true);
		await chat.node.start();
		for (const msg of ['meanwhile 1', 'meanwhile 2']) await postToRoom(token, 5, msg);
		await ida.is('online');
		await retry.click();
		const lines = ['1 ida: before', '2 kate: meanwhile 1', '3 kate: meanwhile 2', '4 ida: into the void'];
		await soon(() => ida.messages()).toEqual(lines);
		expect(await jack.messages()).toEqual(lines.slice(0, 1));
		await jack.context.setOffline(false);
		await jack.is('online');
		await soon(() => jack.messages()).toEqual(lines);

		await jack.say('all there');
		for (const page of [ida, jack]) await soon(() => page.messages()).toEqual([...lines, '5 jack: all there']);
		expect(await ida.page.locator('.outgoing').count()).toBe(0);
	});

	test('who logs out is back at the form, also after a reload, and gone from the room', async () => {
		const [liam, mary] = await Promise.all([enter('liam', 6), enter('mary', 6)]);
		await soon(() => mary.present()).toEqual({ names: ['liam', 'mary'], online: '2' });
		await liam.page.click('#log-out');
		await liam.form.waitFor();
		await soon(() => mary.present()).toEqual({ names: ['mary'], online: '1' });
		await liam.page.reload();
		await liam.form.waitFor();
		expect(await liam.page.locator('#chat').isVisible()).toBe(false);

		await liam.submit('log-in', 'liam', 'wrong password');
		await soon(() => liam.page.locator('#sign-in-error').textContent()).not.toBe('');
		await liam.submit('log-in', 'liam');
		await liam.is('online');
		await soon(() => mary.present()).toEqual({ names: ['liam', 'mary'], online: '2' });
	});

	test('a session that is ended elsewhere ends on the page, which says so', async () => {
		const nora = await enter('nora', 7);
		const { token } = JSON.parse(await nora.page.evaluate<string>("sessionStorage.getItem('session')"));
		await post(chat.apiUrl, '/user/logout', { authToken: token });
		await nora.form.waitFor();
		expect(await nora.page.locator('#sign-in-error').textContent()).toMatch(/signed out|session/i);
		expect(await nora.page.locator('#chat').isVisible()).toBe(false);
	});
});
