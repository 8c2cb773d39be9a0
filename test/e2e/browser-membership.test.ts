import { describe, expect, test } from 'vitest';
import { type ChatPage, soon, type TestBrowser } from '../support/browser.ts';
import { newWriter, type Writer } from '../support/browser-writer.ts';
import type { Embedded } from '../support/cluster.ts';
import { embeddedPages } from '../support/embedded-pages.ts';

let browser: TestBrowser;
let chat: Embedded;
embeddedPages((parts) => {
	({ browser, chat } = parts);
});

const join = ({ ask }: Writer, conv: string) => ask('PUT', `/v2/conversations/${conv}/membership`);
const leave = ({ ask }: Writer, conv: string) => ask('DELETE', `/v2/conversations/${conv}/membership`);
/** Where somebody is, as the server knows it. */
const conversationsOf = async ({ ask }: Pick<Writer, 'ask'>): Promise<string[]> => {
	const { body } = await ask('GET', '/v2/conversations?limit=500');
	return (body as { items: { conv: string }[] }).items.map(({ conv }) => conv).sort();
};
/** The page of somebody who also has another device. */
const enterAs = async ({ user }: Writer, address = ''): Promise<ChatPage> => {
	const page = await browser.open(chat.siteUrl + address);
	await page.logIn(user.name);
	await page.online();
	return page;
};

test('a link to a room leads whoever is not in it to a question, and nobody there sees them before they say yes', async () => {
	const host = await browser.enter(chat.siteUrl, 'ann');
	await host.joinRoom(77);
	await soon(() => host.members()).toEqual({ names: ['ann'], count: '1' });
	const guest = await newWriter(chat.apiUrl, 'bob');
	const page = await enterAs(guest, '/#room:77');
	await page.heading('You are not in room 77.').waitFor();
	await page.page.reload();
	await page.heading('You are not in room 77.').waitFor();
	await page.online();
	// Whoever comes next is seen: so whoever came before would have been.
	const third = await browser.enter(chat.siteUrl, 'carol');
	await third.joinRoom(77);
	for (const member of [host, third]) {
		await soon(() => member.members()).toEqual({ names: ['ann', 'carol'], count: '2' });
	}
	expect(await conversationsOf(guest)).toEqual([]);

	await page.button('Join the room').click();
	await page.heading('#77').waitFor();
	await soon(async () => (await host.members()).names).toEqual(['ann', 'bob', 'carol']);
	await page.say('here I am');
	await host.message('here I am').waitFor();
}, 60_000);

describe('rooms that are joined and left on another device', { timeout: 60_000 }, () => {
	test('come and go by themselves, also the open one, and stay away', async () => {
		const writer = await newWriter(chat.apiUrl, 'dave');
		const device = await newWriter(chat.apiUrl, 'erin');
		const page = await enterAs(device);
		await page.joinRoom(1);
		await writer.say('room:1', 'one');
		await page.message('one').waitFor();
		await join(device, 'room:2');
		await page.conversation('#2').waitFor();
		await writer.say('room:2', 'heard of at once');
		await soon(() => page.conversation('#2').innerText()).toContain('heard of at once');

		await leave(device, 'room:1');
		await page.conversation('#1').waitFor({ state: 'detached' });
		await page.heading('You are not in room 1.').waitFor();
		await writer.say('room:1', 'not for erin');
		await page.page.reload();
		await page.heading('You are not in room 1.').waitFor();
		await page.online();
		await page.open('#2');
		await page.say('still here');
		await soon(() => page.stateOf('still here')).toBe('sent');
		expect(await page.conversation('#1').count()).toBe(0);
		expect(await conversationsOf(device)).toEqual(['room:2']);
	});

	test('while the page was away are known when it is back', async () => {
		const device = await newWriter(chat.apiUrl, 'frank');
		const page = await enterAs(device);
		await page.joinRoom(3);
		await page.joinRoom(4);
		await page.page.close();
		await leave(device, 'room:3');
		await join(device, 'room:5');
		const again = await browser.openTab(page, `${chat.siteUrl}/#room:3`);
		await again.heading('You are not in room 3.').waitFor();
		await again.conversation('#5').waitFor();
		await again.online();
		await again.open('#4');
		await again.say('hello');
		await soon(() => again.stateOf('hello')).toBe('sent');
		expect(await conversationsOf(device)).toEqual(['room:4', 'room:5']);
	});
});

test('of more rooms than a connection may follow, the one that is open is heard of at once', async () => {
	const writer = await newWriter(chat.apiUrl, 'gina');
	const many = await newWriter(chat.apiUrl, 'henry');
	const rooms = Array.from({ length: 205 }, (_, index) => 1001 + index);
	for (const room of rooms) {
		await join(many, `room:${room}`);
		await writer.say(`room:${room}`, `first of ${room}`);
	}
	const page = await enterAs(many);
	await page.conversation('room:1205').waitFor();
	const search = page.conversations.getByRole('searchbox');
	// The last of all, then the next one, for which it makes room.
	for (const room of [1001, 1002]) {
		await search.fill(String(room));
		await page.open(`#${room}`);
		await page.message(`first of ${room}`).waitFor();
		for (const text of ['one', 'two', 'three']) {
			await writer.say(`room:${room}`, text);
			// The list is read every 30 seconds: three times in a row that comes too late.
			await page.message(text).waitFor({ timeout: 5000 });
		}
	}
	await page.say('and back');
	await soon(() => page.stateOf('and back')).toBe('sent');
	expect(await conversationsOf(many)).toHaveLength(205);
}, 90_000);
