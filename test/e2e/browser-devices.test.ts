import { describe, expect, test } from 'vitest';
import { directKey } from '../../src/protocol/logs.ts';
import { type ChatPage, soon, type TestBrowser } from '../support/browser.ts';
import { newWriter, type Writer } from '../support/browser-writer.ts';
import type { Embedded } from '../support/cluster.ts';
import { embeddedPages } from '../support/embedded-pages.ts';

let browser: TestBrowser;
let chat: Embedded;
embeddedPages((parts) => {
	({ browser, chat } = parts);
});

/** A person on two devices, both connected. */
const twoDevices = async (name: string): Promise<[ChatPage, ChatPage]> => {
	const first = await browser.enter(chat.siteUrl, name);
	const second = await browser.open(chat.siteUrl);
	await second.logIn(name);
	await second.online();
	return [first, second];
};

const conversationOf = async (page: ChatPage, { user }: Writer): Promise<string> =>
	directKey(Number((await page.session()).user.id), Number(user.id));

describe('two devices of one person', { timeout: 60_000 }, () => {
	test('show what is sent and received on either', async () => {
		const [laptop, phone] = await twoDevices('ann');
		const writer = await newWriter(chat.apiUrl, 'bob');
		await laptop.writeTo('bob');
		await laptop.say('from the laptop');
		await phone.open('bob');
		await soon(() => phone.messages()).toEqual(['1 ann: from the laptop']);
		await phone.say('from the phone');
		await writer.say(await conversationOf(laptop, writer), 'to both');
		const lines = ['1 ann: from the laptop', '2 ann: from the phone', '3 bob: to both'];
		for (const page of [laptop, phone]) await soon(() => page.messages()).toEqual(lines);
		// Bob may have read it by the time that his answer is here.
		expect(await laptop.stateOf('from the phone')).toMatch(/^(sent|delivered|read)$/);
	});

	test('agree on what is read', async () => {
		const [laptop, phone] = await twoDevices('carol');
		const writer = await newWriter(chat.apiUrl, 'dave');
		await writer.say(await conversationOf(laptop, writer), 'one', 'two');
		for (const page of [laptop, phone]) await soon(() => page.unread('dave')).toBe('2');
		await laptop.open('dave');
		for (const page of [laptop, phone]) await soon(() => page.unread('dave')).toBe('');
	});

	test('are in the same rooms', async () => {
		const [laptop, phone] = await twoDevices('erin');
		const writer = await newWriter(chat.apiUrl, 'frank');
		await laptop.joinRoom(1);
		await writer.say('room:1', 'hello erin');
		for (const page of [laptop, phone]) await page.conversation('#1').waitFor();
		await phone.open('#1');
		await soon(() => phone.messages()).toEqual(['1 frank: hello erin']);
		await laptop.joinRoom(2);
		await writer.say('room:2', 'come in');
		await phone.conversation('#2').waitFor();
		await phone.leaveRoom();
		await phone.conversation('#1').waitFor({ state: 'detached' });
		await writer.say('room:1', 'still there?');
		await laptop.page.reload();
		await laptop.conversation('#1').waitFor({ state: 'detached' });
		await laptop.conversation('#2').waitFor();
	});
});

describe('a message that the server refuses', { timeout: 60_000 }, () => {
	test('stays, with what can be done about it', async () => {
		// High enough for all of it.
		const gina = await browser.enter(chat.siteUrl, 'gina', { viewport: { width: 1280, height: 3000 } });
		await gina.joinRoom(12);
		await gina.say('before');
		await soon(() => gina.stateOf('before')).toBe('sent');
		// As many bytes as a message may have, but six times as many in JSON.
		const body = '\u0001'.repeat(8000);
		await gina.say(body);
		await gina.say('after');
		await soon(() => gina.stateOf('after')).toBe('sent');
		const failed = gina.thread.locator('[data-state=failed]');
		await failed.waitFor();
		expect(await failed.getByRole('alert').innerText()).toContain('This was not sent.');
		await gina.joinRoom(13);
		await gina.open('#12');
		await failed.getByRole('button', { name: 'Try again' }).click();
		await failed.waitFor();
		await failed.getByRole('button', { name: 'Discard' }).click();
		await failed.waitFor({ state: 'detached' });
		expect(await gina.messages()).toEqual(['1 gina: before', '2 gina: after']);
	});
});

/** Keeps what the browser was asked to tell; it is told all the same. */
const spy = `
	globalThis.notices = [];
	globalThis.Notification = class extends Notification {
		constructor(title, options) {
			super(title, options);
			notices.push({ title, body: options.body });
			globalThis.lastNotice = this;
		}
	};
`;

test('messages that are not looked at are told on the desktop, to those who want it; a click leads to them', async () => {
	const writer = await newWriter(chat.apiUrl, 'ida');
	const jack = await browser.enter(chat.siteUrl, 'jack', { permissions: ['notifications'], script: spy });
	const notices = () => jack.page.evaluate('notices');
	await jack.joinRoom(6);
	await jack.joinRoom(7);
	await writer.say('room:6', 'nobody asked for this');
	await soon(() => jack.unread('#6')).toBe('1');
	const settings = await jack.settings('jack');
	await settings.getByRole('checkbox', { name: 'Tell me of messages on the desktop' }).check();
	await jack.page.keyboard.press('Escape');
	await settings.waitFor({ state: 'detached' });
	expect(await notices()).toEqual([]);

	await writer.say('room:7', 'is looked at');
	await jack.message('is looked at').waitFor();
	await writer.say('room:6', 'is not looked at');
	await soon(notices).toEqual([{ title: 'ida in #6', body: 'is not looked at' }]);
	await jack.page.evaluate('lastNotice.onclick()');
	await jack.heading('#6').waitFor();
	await jack.message('is not looked at').waitFor();
	await jack.lookAway();
	await writer.say('room:6', 'in the open one');
	await soon(notices).toHaveLength(2);
}, 60_000);

/** Has the page lose its connection, and get none, until it is let. */
const cuttable = `
	const sockets = new Set();
	let refused = false;
	globalThis.WebSocket = class extends WebSocket {
		constructor(...args) {
			if (refused) throw new Error('no network');
			super(...args);
			sockets.add(this);
		}
	};
	globalThis.cut = () => {
		refused = true;
		for (const socket of sockets) socket.close();
	};
	globalThis.heal = () => {
		refused = false;
		dispatchEvent(new Event('online'));
	};
`;

test('messages that a hidden tab missed without a connection are told when it is back', async () => {
	const writer = await newWriter(chat.apiUrl, 'kim');
	const script = `${spy}${cuttable}`;
	const lee = await browser.enter(chat.siteUrl, 'lee', { permissions: ['notifications'], script });
	const notices = () => lee.page.evaluate('notices');
	await lee.joinRoom(8);
	const settings = await lee.settings('lee');
	await settings.getByRole('checkbox', { name: 'Tell me of messages on the desktop' }).check();
	await lee.page.keyboard.press('Escape');
	await settings.waitFor({ state: 'detached' });

	await lee.page.evaluate('cut()');
	await lee.is('offline');
	await writer.say('room:8', 'missed by one who looks');
	await lee.page.evaluate('heal()');
	await lee.message('missed by one who looks').waitFor();
	await lee.online();
	await lee.page.evaluate("Object.defineProperty(document, 'visibilityState', { value: 'hidden' }); cut()");
	await lee.is('offline');
	await writer.say('room:8', 'missed in a hidden tab');
	await lee.page.evaluate('heal()');
	await soon(notices).toEqual([{ title: 'kim in #8', body: 'missed in a hidden tab' }]);
}, 60_000);
