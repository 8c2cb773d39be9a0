import { describe, expect, test } from 'vitest';
import { type ChatPage, soon, type TestBrowser } from '../support/browser.ts';
import { axe } from '../support/browser-axe.ts';
import { newWriter } from '../support/browser-writer.ts';
import type { Embedded } from '../support/cluster.ts';
import { embeddedPages } from '../support/embedded-pages.ts';

let browser: TestBrowser;
let chat: Embedded;
embeddedPages((parts) => {
	({ browser, chat } = parts);
});

const phone = { viewport: { width: 360, height: 740 }, hasTouch: true };
const background = ({ page }: ChatPage): Promise<string> =>
	page.evaluate<string>('getComputedStyle(document.body).backgroundColor');

describe('languages', { timeout: 60_000 }, () => {
	test('the page speaks that of the browser, or the one that is chosen, also after a reload', async () => {
		const { page } = await browser.open(chat.siteUrl, { locale: 'zh-CN' });
		await page.getByRole('heading', { name: '登录 tschat' }).waitFor();
		expect(await page.evaluate('document.documentElement.lang')).toBe('zh-Hans');
		await page.getByRole('button', { name: 'English' }).click();
		await page.getByRole('heading', { name: 'Log in to tschat' }).waitFor();
		await page.reload();
		await page.getByRole('heading', { name: 'Log in to tschat' }).waitFor();
		expect(await page.evaluate('document.documentElement.lang')).toBe('en');
	});

	test('is chosen in the settings, and the chat goes on in it', async () => {
		const ann = await browser.enter(chat.siteUrl, 'ann');
		await ann.joinRoom(1);
		await ann.say('hello');
		const settings = await ann.settings('ann');
		await settings.getByRole('radio', { name: '中文' }).check();
		const { page } = ann;
		await page.getByRole('dialog', { name: '设置' }).waitFor();
		await page.keyboard.press('Escape');
		await page.getByRole('textbox', { name: '发消息到 #1' }).fill('你好');
		await page.keyboard.press('Enter');
		await page.getByText('你好', { exact: true }).first().waitFor();
		await page.reload();
		await page.getByRole('textbox', { name: '发消息到 #1' }).waitFor();
		await page.getByTestId('day').getByText('今天').waitFor();
		expect(await axe(ann)).toEqual([]);
	});
});

describe('themes', { timeout: 60_000 }, () => {
	test('follow the system, unless one is chosen, also after a reload', async () => {
		const bob = await browser.enter(chat.siteUrl, 'bob', { colorScheme: 'dark' });
		const dark = await background(bob);
		await bob.page.emulateMedia({ colorScheme: 'light' });
		const light = await background(bob);
		expect(dark).not.toBe(light);
		const settings = await bob.settings('bob');
		await settings.getByRole('radio', { name: 'Dark' }).check();
		await soon(() => background(bob)).toBe(dark);
		await bob.page.reload();
		await bob.online();
		expect(await background(bob)).toBe(dark);
	});
});

describe('a window of 360 pixels', { timeout: 60_000 }, () => {
	test('shows the list, the messages or the details, and never scrolls sideways', async () => {
		const carol = await browser.open(chat.siteUrl, phone);
		expect(await carol.overflow()).toBeLessThanOrEqual(0);
		await carol.register('carol');
		await carol.online();
		const name = 'A room whose name has fifty letters as is allowed.';
		const title = `#${name}`;
		await carol.joinRoom(name);
		await carol.say('a word of '.concat('x'.repeat(300)));
		await carol.say(`| ${'column | '.repeat(20)}\n| ${'--- | '.repeat(20)}\n| ${'cell | '.repeat(20)}`);
		await carol.say(`\`\`\`\n${'code '.repeat(60)}\n\`\`\``);
		await soon(async () => (await carol.messages()).length).toBe(3);
		expect(await carol.overflow()).toBeLessThanOrEqual(0);
		expect(await carol.conversations.isVisible()).toBe(false);

		await carol.button('Details').click();
		await carol.details.waitFor();
		expect(await carol.overflow()).toBeLessThanOrEqual(0);
		expect(await axe(carol)).toEqual([]);
		await carol.details.getByRole('button', { name: 'Close details' }).click();
		await carol.details.waitFor({ state: 'detached' });
		await carol.button('Back').click();
		await carol.conversation(title).waitFor();
		expect(await carol.thread.isVisible()).toBe(false);
		expect(await carol.overflow()).toBeLessThanOrEqual(0);
		expect(await axe(carol)).toEqual([]);

		await carol.open(title);
		await carol.page.goBack();
		await carol.conversation(title).waitFor();
		await carol.settings('carol');
		expect(await carol.overflow()).toBeLessThanOrEqual(0);
		expect(await axe(carol)).toEqual([]);
	});
});

describe('without a mouse', { timeout: 60_000 }, () => {
	test('one logs in, opens a conversation, and sends', async () => {
		const writer = await newWriter(chat.apiUrl, 'dave');
		for (const room of [2, 3]) await writer.ask('PUT', `/v2/conversations/room:${room}/membership`);
		await writer.say('room:2', 'an older one');
		await writer.say('room:3', 'a newer one');
		const dave = await browser.open(chat.siteUrl);
		const { keyboard } = dave.page;
		/** The conversation whose line has the focus. */
		const focused = () => dave.page.evaluate<string | null>("document.activeElement?.getAttribute('data-conv')");
		const tabTo = async (there: () => Promise<boolean>) => {
			for (let presses = 0; presses < 20 && !(await there()); presses += 1) await keyboard.press('Tab');
			expect(await there()).toBe(true);
		};
		await soon(() => dave.field('Name').evaluate((element) => element.matches(':focus'))).toBe(true);
		await keyboard.type('dave');
		await keyboard.press('Tab');
		await keyboard.type('111111');
		await keyboard.press('Enter');
		await dave.online();
		await dave.conversation('#2').waitFor();

		await tabTo(async () => (await focused()) === 'room:3');
		await keyboard.press('ArrowDown');
		await soon(focused).toBe('room:2');
		await keyboard.press('Enter');
		await dave.heading('#2').waitFor();
		await tabTo(() => dave.composer.evaluate((element) => element.matches(':focus')));
		await keyboard.type('one');
		await keyboard.press('Shift+Enter');
		await keyboard.type('message');
		await keyboard.press('Enter');
		await soon(() => dave.messages()).toEqual(['1 dave: an older one', '2 dave: one\nmessage']);

		await keyboard.press('Control+k');
		await dave.dialog('New chat').waitFor();
		await keyboard.type('4');
		await keyboard.press('Enter');
		await dave.heading('#4').waitFor();
	});

	test('dialogs keep the focus in them, and give it back', async () => {
		const erin = await browser.enter(chat.siteUrl, 'erin');
		const button = erin.button('New chat').first();
		await button.focus();
		await erin.page.keyboard.press('Enter');
		const dialog = erin.dialog('New chat');
		await dialog.waitFor();
		for (let presses = 0; presses < 8; presses += 1) {
			await erin.page.keyboard.press('Tab');
			await soon(() => dialog.evaluate((element) => element.matches(':focus-within'))).toBe(true);
		}
		await erin.page.keyboard.press('Escape');
		await dialog.waitFor({ state: 'detached' });
		await soon(() => button.evaluate((element) => element.matches(':focus'))).toBe(true);
	});
});

describe.each([
	['light', 20],
	['dark', 30],
] as const)('axe finds nothing in the %s theme', (colorScheme, room) => {
	test('on the log-in, the chat and its dialogs', async () => {
		const writer = await newWriter(chat.apiUrl, `writer-${colorScheme}`);
		const stranger = await browser.open(chat.siteUrl, { colorScheme });
		expect(await axe(stranger)).toEqual([]);
		await stranger.logIn('nobody-of-this-name');
		await stranger.alert.waitFor();
		expect(await axe(stranger)).toEqual([]);

		// High enough for a message that is long enough to be refused.
		const viewport = { width: 1280, height: 3000 };
		const frank = await browser.enter(chat.siteUrl, `frank-${colorScheme}`, { colorScheme, viewport });
		expect(await axe(frank)).toEqual([]);
		await frank.joinRoom(room);
		await frank.say('**bold**, `code`, [a link](https://example.org), :smile:');
		await frank.say('- [x] one\n- two\n\n> quoted\n\n```js\nconst one = 1;\n```');
		await frank.say('| a | b |\n| --- | --- |\n| 1 | 2 |');
		await frank.say('\u0001'.repeat(8000));
		await writer.say(`room:${room}`, 'from somebody else');
		await frank.message('from somebody else').waitFor();
		await frank.thread.locator('[data-state=failed]').waitFor();
		await frank.joinRoom(room + 1);
		await writer.say(`room:${room}`, 'unread');
		await soon(() => frank.unread(`#${room}`)).toBe('1');
		await frank.open(`#${room}`);
		expect(await axe(frank)).toEqual([]);

		await frank.button('Emoji').click();
		await frank.page.getByRole('button', { name: 'Send' }).waitFor();
		expect(await axe(frank)).toEqual([]);
		await frank.page.keyboard.press('Escape');
		await frank.button('New chat').first().click();
		await frank.dialog('New chat').waitFor();
		expect(await axe(frank)).toEqual([]);
		await frank.page.keyboard.press('Escape');
		await frank.dialog('New chat').waitFor({ state: 'detached' });
		await frank.settings(`frank-${colorScheme}`);
		expect(await axe(frank)).toEqual([]);
	}, 60_000);
});
