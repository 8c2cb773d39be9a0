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

const enter = (name: string): Promise<ChatPage> => browser.enter(chat.siteUrl, name);
const meet = async (room: number, one: string, other: string): Promise<[ChatPage, ChatPage]> => {
	const pages = await Promise.all([enter(one), enter(other)]);
	await Promise.all(pages.map((page) => page.joinRoom(room)));
	return pages;
};

describe('people who chat on pages of an embedded start', { timeout: 90_000 }, () => {
	test('meet in a room by its number, and see each other and the same messages in one order', async () => {
		const pages = await meet(1, 'ann', 'bob');
		const [ann, bob] = pages;
		for (const page of pages) await soon(() => page.members()).toEqual({ names: ['ann', 'bob'], count: '2' });
		await ann.say('hello');
		await soon(() => bob.messages()).toEqual(['1 ann: hello']);
		await bob.say('hello ann');
		for (const page of pages) await soon(() => page.messages()).toEqual(['1 ann: hello', '2 bob: hello ann']);

		const texts = (name: string) => Array.from({ length: 5 }, (_, index) => `${name} ${index + 1}`);
		await Promise.all([ann.sayAll(texts('a')), bob.sayAll(texts('b'))]);
		await soon(async () => (await ann.messages()).at(-1)?.split(' ')[0]).toBe('12');
		const shown = await ann.messages();
		await soon(() => bob.messages()).toEqual(shown);
		expect(shown.map((line) => Number.parseInt(line, 10))).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
		for (const [from, text] of Object.entries({ ann: 'a', bob: 'b' })) {
			const own = shown.slice(2).flatMap((line) => line.split(` ${from}: `).slice(1));
			expect(own).toEqual(texts(text));
		}
		await bob.page.close();
		await soon(() => ann.members()).toEqual({ names: ['ann'], count: '1' });
	});

	test('meet in a room by its name, which digits alone are not', async () => {
		const [carol, dave] = await Promise.all([enter('carol'), enter('dave')]);
		await carol.joinRoom('Tea kitchen');
		await dave.joinRoom('#tea KITCHEN', '#Tea kitchen');
		await carol.say('kettle is on');
		await soon(() => dave.messages()).toEqual(['1 carol: kettle is on']);

		await dave.button('New chat').click();
		const dialog = dave.dialog('New chat');
		await dialog.getByRole('textbox', { name: 'Room name or number' }).fill('no/slashes');
		await dialog.getByRole('button', { name: 'Join', exact: true }).click();
		await dialog.getByRole('alert').waitFor();
		await dave.page.keyboard.press('Escape');
		await dialog.waitFor({ state: 'detached' });
		await dave.heading('#Tea kitchen').waitFor();
	});

	test('write directly to a member: with a count, an answer, and nothing of it in the room', async () => {
		const [erin, frank] = await meet(2, 'erin', 'frank');
		await erin.details.getByRole('button', { name: 'Write to frank' }).click();
		await erin.heading('frank').waitFor();
		await erin.say('are you there?');
		await soon(() => frank.unread('erin')).toBe('1');
		await erin.say('hello?');
		await soon(() => frank.unread('erin')).toBe('2');
		expect(await frank.messages()).toEqual([]);

		await frank.open('erin');
		await soon(() => frank.messages()).toEqual(['1 erin: are you there?', '2 erin: hello?']);
		await soon(() => frank.unread('erin')).toBe('');
		await frank.say('yes');
		await soon(() => erin.messages()).toEqual(['1 erin: are you there?', '2 erin: hello?', '3 frank: yes']);
		await erin.open('#2');
		await erin.page.getByText('Nothing has been written here yet.').waitFor();
	});

	test('write to somebody by name, also to one who is away', async () => {
		await newWriter(chat.apiUrl, 'gina');
		const henry = await enter('henry');
		await henry.button('New chat').first().click();
		const dialog = henry.dialog('New chat');
		const name = dialog.getByRole('textbox', { name: 'Name of the person' });
		await name.fill('nobody-of-this-name');
		await dialog.getByRole('button', { name: 'Write', exact: true }).click();
		await soon(() => dialog.getByRole('alert').innerText()).toContain('There is nobody of this name.');
		await name.fill('GINA');
		await dialog.getByRole('button', { name: 'Write', exact: true }).click();
		await henry.heading('gina').waitFor();
		await henry.say('for later');

		const gina = await browser.open(chat.siteUrl);
		await gina.logIn('gina');
		await soon(() => gina.unread('henry')).toBe('1');
		await gina.open('henry');
		await soon(() => gina.messages()).toEqual(['1 henry: for later']);
	});

	test('see how far a message has got: sent, delivered, read', async () => {
		await newWriter(chat.apiUrl, 'ida');
		const jack = await enter('jack');
		await jack.writeTo('ida');
		await jack.say('you there?');
		await soon(() => jack.stateOf('you there?')).toBe('sent');
		const ida = await browser.open(chat.siteUrl);
		await ida.logIn('ida');
		await ida.online();
		await jack.say('now?');
		await soon(() => jack.stateOf('now?')).toBe('delivered');
		await ida.open('jack');
		for (const text of ['you there?', 'now?']) await soon(() => jack.stateOf(text)).toBe('read');
		expect(await ida.stateOf('you there?')).toBeNull();

		await Promise.all([jack, ida].map((page) => page.joinRoom(3)));
		await ida.lookAway();
		await jack.say('to all');
		await soon(() => ida.messages()).toEqual(['1 jack: to all']);
		await soon(() => jack.stateOf('to all')).toBe('sent');
		await ida.lookBack();
		await soon(() => jack.stateOf('to all')).toBe('read');
	});

	test('see that somebody types, until the message is there', async () => {
		const [kate, liam] = await meet(4, 'kate', 'liam');
		const typing = liam.page.getByTestId('typing');
		await kate.composer.pressSequentially('hel');
		await soon(() => typing.innerText()).toBe('kate is typing …');
		await kate.page.keyboard.press('Enter');
		await soon(() => liam.messages()).toEqual(['1 kate: hel']);
		await soon(() => typing.innerText()).toBe('');
		expect(await kate.page.getByTestId('typing').innerText()).toBe('');
	});

	test('leave a room, and hear no more of it', async () => {
		const [mary, nora] = await meet(5, 'mary', 'nora');
		await nora.button('Leave the room').click();
		await nora.page
			.getByRole('alertdialog')
			.getByRole('button', { name: /^Leave/ })
			.click();
		await nora.conversation('#5').waitFor({ state: 'detached' });
		await soon(() => mary.members()).toEqual({ names: ['mary'], count: '1' });
		await mary.say('gone?');
		await soon(() => mary.stateOf('gone?')).toBe('sent');
		await nora.page.reload();
		await nora.online();
		await nora.page.getByText('No conversations yet', { exact: false }).waitFor();
	});
});
