import { describe, expect, test } from 'vitest';
import { type ChatPage, soon, type TestBrowser } from '../support/browser.ts';
import { newWriter } from '../support/browser-writer.ts';
import type { Embedded } from '../support/cluster.ts';
import { embeddedPages } from '../support/embedded-pages.ts';

let browser: TestBrowser;
let chat: Embedded;
embeddedPages((parts) => {
	({ browser, chat } = parts);
});

/** A second tab of whoever is logged in. */
const tabBeside = async (page: ChatPage, conv = ''): Promise<ChatPage> => {
	const tab = await browser.openTab(page, `${chat.siteUrl}/#${conv}`);
	await tab.online();
	return tab;
};
const closeAll = async (...tabs: readonly ChatPage[]): Promise<void> => {
	for (const { page } of tabs) await page.close();
};
/** All that the browser keeps for the page. */
const kept = ({ page }: ChatPage): Promise<string> => page.evaluate('JSON.stringify(localStorage)');

describe('what waits to be sent', { timeout: 90_000 }, () => {
	test('in a second tab goes out once when only one is opened again', async () => {
		const first = await browser.enter(chat.siteUrl, 'ann');
		await first.joinRoom(1);
		const second = await tabBeside(first, 'room:1');
		await second.say('before');
		for (const tab of [first, second]) await soon(() => tab.messages()).toEqual(['1 ann: before']);
		await chat.node.kill();
		for (const tab of [first, second]) await tab.is('offline');
		await second.sayAll(['from the second', 'and another']);
		await first.say('from the first');
		await soon(() => second.page.getByTestId('connection').innerText()).toContain('2 messages wait');
		await closeAll(first, second);
		await chat.node.start();

		const again = await tabBeside(first, 'room:1');
		const bodies = async () => (await again.messages()).map((line) => line.replace(/^\d+ ann: /, ''));
		await soon(async () => (await bodies()).toSorted()).toEqual([
			'and another',
			'before',
			'from the first',
			'from the second',
		]);
		const order = await bodies();
		expect(order.indexOf('from the second')).toBeLessThan(order.indexOf('and another'));
		// Whoever comes now has nothing left to send.
		const last = await tabBeside(again, 'room:1');
		await last.say('after');
		await soon(async () => (await last.messages()).length).toBe(5);
		for (const tab of [again, last]) await soon(() => tab.messages()).toContain('5 ann: after');
	});
});

describe('what one has begun to write in two tabs', { timeout: 60_000 }, () => {
	test('is kept for each, also when one of them is closed', async () => {
		const first = await browser.enter(chat.siteUrl, 'bob');
		await first.joinRoom(2);
		await first.joinRoom(3);
		const second = await tabBeside(first, 'room:2');
		await first.composer.fill('in room 3');
		await second.composer.fill('in room 2');
		await first.composer.pressSequentially(', more');
		await second.page.close();
		await soon(() => first.conversation('#2').innerText()).toContain('in room 2');
		await first.composer.pressSequentially(' and more');
		await first.page.close();

		const again = await tabBeside(first, 'room:2');
		await soon(() => again.composer.inputValue()).toBe('in room 2');
		await again.open('#3');
		await soon(() => again.composer.inputValue()).toBe('in room 3, more and more');
	});

	test('is no draft in the other one when it is sent', async () => {
		const first = await browser.enter(chat.siteUrl, 'carol');
		await first.joinRoom(4);
		const second = await tabBeside(first, 'room:4');
		await first.composer.fill('hello');
		await soon(() => second.composer.inputValue()).toBe('hello');
		await first.button('Send').click();
		await soon(() => second.composer.inputValue()).toBe('');
		await soon(() => second.messages()).toEqual(['1 carol: hello']);
		await second.page.reload();
		await soon(() => second.messages()).toEqual(['1 carol: hello']);
		expect(await second.composer.inputValue()).toBe('');
	});
});

/** As a browser does that is told to keep nothing. */
const blocked = `for (const name of ['localStorage', 'sessionStorage']) {
	Object.defineProperty(globalThis, name, { get() { throw new DOMException('blocked', 'SecurityError'); } });
}`;
/** As a browser does that has no room left. */
const full = `Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };`;

test.each([
	['keeps nothing', blocked, 'dave', 5],
	['has no room left', full, 'erin', 6],
])(
	'in a browser that %s one can log in, chat and log out',
	async (_, script, name, room) => {
		await newWriter(chat.apiUrl, name);
		const page = await browser.open(chat.siteUrl, { script });
		await page.logIn(name);
		await page.online();
		await page.joinRoom(room);
		await page.say('kept by the server');
		await soon(() => page.stateOf('kept by the server')).toBe('sent');
		await page.composer.fill('a draft');
		await page.joinRoom(room + 100);
		await page.open(`#${room}`);
		await soon(() => page.composer.inputValue()).toBe('a draft');
		await page.logOut(name);
		await page.signedOut();
		await page.logIn(name);
		await page.online();
		await page.open(`#${room}`);
		await soon(() => page.messages()).toEqual([`1 ${name}: kept by the server`]);
	},
	60_000,
);

test('whoever logs in after somebody else finds nothing of theirs open, joined or begun', async () => {
	const page = await browser.enter(chat.siteUrl, 'frank');
	const host = await newWriter(chat.apiUrl, 'gina');
	await page.joinRoom(77);
	await host.say('room:77', 'welcome frank');
	await page.message('welcome frank').waitFor();
	await page.composer.fill('a secret of frank');
	await soon(() => kept(page)).toContain('a secret of frank');
	await page.composer.pressSequentially(', not yet kept');
	await page.logOut('frank');
	await page.signedOut();
	await soon(() => kept(page)).not.toContain('a secret of frank');
	await page.register('henry');
	await page.online();
	await page.page.getByText('No conversations yet.').waitFor();
	expect(new URL(page.page.url()).hash).toBe('');
	expect(await kept(page)).not.toContain('a secret of frank');
	const ask = await page.rest(chat.apiUrl);
	expect((await ask('GET', '/v2/conversations')).body).toMatchObject({ items: [] });
	await page.joinRoom(77);
	expect(await page.composer.inputValue()).toBe('');
}, 60_000);

describe('over a reload', { timeout: 60_000 }, () => {
	test('a refused message is still there, with what can be done about it', async () => {
		const page = await browser.enter(chat.siteUrl, 'ida');
		await page.joinRoom(8);
		// As many bytes as a message may have, but six times as many in JSON.
		await page.say('\u0001'.repeat(8000));
		const failed = page.thread.locator('[data-state=failed]');
		await failed.getByRole('alert').waitFor();
		await page.page.reload();
		await failed.getByRole('button', { name: 'Try again' }).click();
		await failed.getByRole('alert').waitFor();
		await page.page.reload();
		await failed.getByRole('button', { name: 'Discard' }).click();
		await failed.waitFor({ state: 'detached' });
		await page.say('goes through');
		await soon(() => page.stateOf('goes through')).toBe('sent');
		await page.page.reload();
		await soon(() => page.messages()).toEqual(['1 ida: goes through']);
	});

	test('a direct chat that was begun is still there, before anything is written', async () => {
		await newWriter(chat.apiUrl, 'jack');
		const page = await browser.enter(chat.siteUrl, 'kate');
		await page.writeTo('jack');
		await page.page.reload();
		await page.online();
		await page.heading('jack').waitFor();
		await page.say('hello jack');
		await soon(() => page.messages()).toEqual(['1 kate: hello jack']);
		await page.page.reload();
		await soon(() => page.messages()).toEqual(['1 kate: hello jack']);
		expect(await page.conversation('jack').count()).toBe(1);
	});
});
