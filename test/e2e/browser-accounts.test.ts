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

const alertOf = (page: ChatPage) => () => page.alert.allInnerTexts();

describe('an account on the page', { timeout: 60_000 }, () => {
	test('is registered, unless the name or the password does not fit, or the name is taken', async () => {
		await newWriter(chat.apiUrl, 'taken');
		const ann = await browser.open(chat.siteUrl);
		await ann.register('ann', '12345');
		await soon(() => ann.field('Password').getAttribute('aria-invalid')).toBe('true');
		await ann.fillIn('white space', '111111');
		await ann.button('Register').click();
		await soon(() => ann.field('Name').getAttribute('aria-invalid')).toBe('true');
		await ann.fillIn('TAKEN', '111111');
		await ann.button('Register').click();
		await soon(alertOf(ann)).toEqual(['This name is already taken.']);
		await ann.fillIn('ann', '111111');
		await ann.page.keyboard.press('Enter');
		await ann.online();
		await ann.button('Account of ann').waitFor();
		expect(await ann.page.title()).toBe('tschat');
	});

	test('is logged in to with its password only, and stays so over a reload until one logs out', async () => {
		await newWriter(chat.apiUrl, 'bob');
		const bob = await browser.open(chat.siteUrl);
		await bob.logIn('bob', 'wrong password');
		await soon(alertOf(bob)).toEqual(['The name or the password is wrong.']);
		await bob.logIn('nobody-of-this-name');
		await soon(alertOf(bob)).toEqual(['The name or the password is wrong.']);
		await bob.logIn('BOB');
		await bob.online();
		await bob.page.reload();
		await bob.online();
		const asBob = await bob.rest(chat.apiUrl);
		await bob.logOut('bob');
		await bob.signedOut();
		// Whoever wanted it needs no explanation.
		expect(await alertOf(bob)()).toEqual([]);
		await soon(async () => (await asBob('GET', '/v2/me')).status).toBe(401);
		await bob.page.reload();
		await bob.signedOut();
		expect(await bob.page.evaluate('Object.keys(sessionStorage).length')).toBe(0);
	});

	test('of one tab is that of the others, too', async () => {
		const carol = await browser.enter(chat.siteUrl, 'carol');
		const tab = await browser.openTab(carol, chat.siteUrl);
		await tab.online();
		await tab.logOut('carol');
		for (const page of [carol, tab]) await page.signedOut();
		await carol.logIn('carol');
		for (const page of [carol, tab]) await page.online();
	});

	test('has another password after it was changed, and only the session that changed it', async () => {
		const dave = await browser.enter(chat.siteUrl, 'dave');
		const other = await browser.open(chat.siteUrl);
		await other.logIn('dave');
		await other.online();

		const settings = await dave.settings('dave');
		const change = async (current: string, next: string) => {
			await settings.getByLabel('Current password', { exact: true }).fill(current);
			await settings.getByLabel('New password', { exact: true }).fill(next);
			await settings.getByRole('button', { name: 'Change password', exact: true }).click();
		};
		await change('not it', 'battery staple');
		await settings.getByText('The current password is wrong.').waitFor();
		await change('111111', 'battery staple');
		await settings.getByText('Your password is changed.').waitFor();
		await other.signedOut();
		expect(await alertOf(other)()).toEqual([expect.stringContaining('You were logged out')]);
		await dave.page.keyboard.press('Escape');
		await settings.waitFor({ state: 'detached' });
		await dave.is('online', 'caught-up');

		await other.logIn('dave');
		await soon(alertOf(other)).toEqual(['The name or the password is wrong.']);
		await other.logIn('dave', 'battery staple');
		await other.online();
	});

	test('shows its sessions; one that is ended elsewhere ends on its page within a second, and says why', async () => {
		const erin = await browser.enter(chat.siteUrl, 'erin');
		const pages = await Promise.all([1, 2].map(() => browser.open(chat.siteUrl)));
		for (const page of pages) {
			await page.logIn('erin');
			await page.online();
		}
		const settings = await erin.settings('erin');
		const sessions = settings.getByRole('list', { name: 'Sessions' }).getByRole('listitem');
		await soon(() => sessions.count()).toBe(3);
		expect(await sessions.filter({ hasText: 'this one' }).count()).toBe(1);
		// The newest comes first.
		await sessions
			.first()
			.getByRole('button', { name: /^Log out / })
			.click();
		const ended = performance.now();
		await pages[1]?.signedOut();
		// A second for the server, and one for this machine to draw it.
		expect(performance.now() - ended).toBeLessThan(2000);
		await soon(async () => pages[1]?.alert.allInnerTexts()).toEqual([expect.stringContaining('You were logged out')]);
		await soon(() => sessions.count()).toBe(2);
		await pages[0]?.is('online');

		await settings.getByRole('button', { name: 'Log out all others' }).click();
		await pages[0]?.signedOut();
		await soon(() => sessions.count()).toBe(1);
		await erin.is('online');
	});
});
