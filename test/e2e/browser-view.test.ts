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

const numbered = (count: number, text = 'm'): string[] =>
	Array.from({ length: count }, (_, index) => text + (index + 1));
const log = ({ thread }: ChatPage) => thread.getByRole('log');
/** Pixels that nobody notices: rows have heights that are no whole numbers. */
const few = 5;
/** How far the list is from its end, in pixels. */
const toEnd = (page: ChatPage): Promise<number> =>
	log(page).evaluate((list) => Math.round(list.scrollHeight - list.scrollTop - list.clientHeight));
const heightOf = (page: ChatPage): Promise<number> => log(page).evaluate((list) => list.clientHeight);
/** Scrolls up, as with a wheel, until the first message is in sight. */
const scrollToTop = async (page: ChatPage): Promise<void> => {
	await log(page).hover();
	await soon(async () => {
		await page.page.mouse.wheel(0, -800);
		return (await page.inSight())[0]?.seq;
	}).toBe(1);
};
const readOf = async ({ ask }: Pick<Writer, 'ask'>, conv: string): Promise<number | undefined> => {
	const { body } = await ask('GET', '/v2/conversations');
	return (body as { items: { conv: string; read: number }[] }).items.find((item) => item.conv === conv)?.read;
};

describe('the view of a conversation', { timeout: 90_000 }, () => {
	test('stays at its end with each message that comes', async () => {
		const writer = await newWriter(chat.apiUrl, 'lea');
		const page = await browser.enter(chat.siteUrl, 'mia');
		await writer.say('room:8', ...numbered(60));
		await page.joinRoom(8);
		await page.message('m60').waitFor();
		await soon(() => toEnd(page)).toBeLessThan(few);
		// As high as those before, higher, and lower.
		for (const text of ['one', 'two', 'three', '1\n2\n3\n4', 'four']) {
			await writer.say('room:8', text);
			await soon(async () => (await page.messages()).at(-1)?.split(': ')[1]).toBe(text);
			await soon(() => toEnd(page)).toBeLessThan(few);
		}
	});

	test('stays at its end when the offline banner comes, and when what one writes needs more lines', async () => {
		const writer = await newWriter(chat.apiUrl, 'ann');
		const page = await browser.enter(chat.siteUrl, 'bob');
		await writer.say('room:1', ...numbered(60));
		await page.joinRoom(1);
		await page.message('m60').waitFor();
		await soon(() => toEnd(page)).toBeLessThan(few);
		const full = await heightOf(page);
		await page.composer.fill('line\n'.repeat(7));
		await soon(() => heightOf(page)).toBeLessThan(full - 80);
		await soon(() => toEnd(page)).toBeLessThan(few);
		await page.composer.fill('');
		await soon(() => heightOf(page)).toBe(full);
		await page.context.setOffline(true);
		await page.is('offline');
		await soon(() => heightOf(page)).toBeLessThan(full);
		await soon(() => toEnd(page)).toBeLessThan(few);
		await page.context.setOffline(false);
		await page.online();
		await writer.say('room:1', 'news');
		await page.message('news').waitFor();
		await soon(() => toEnd(page)).toBeLessThan(few);
	});

	// Of a long one the page does not hold all at a time.
	test.each([90, 700])(
		'leads whoever comes back, after %i, to what is new, and only what was in sight is read',
		async (old) => {
			const writer = await newWriter(chat.apiUrl, `carol-${old}`);
			const page = await browser.enter(chat.siteUrl, `dave-${old}`);
			const conv = `room:${old}`;
			const title = `#${old}`;
			await writer.say(conv, ...numbered(old, 'old '));
			await page.joinRoom(old);
			await page.message(`old ${old}`).waitFor();
			await soon(() => page.unread(title)).toBe('');
			await scrollToTop(page);
			await page.joinRoom(old + 1);
			await writer.say(conv, ...numbered(60, 'new '));
			await soon(() => page.unread(title)).toBe('60');
			await page.open(title);
			const line = page.page.getByTestId('new-line');
			await line.waitFor();
			await soon(async () => (await page.inSight()).map(({ seq }) => seq)).toContain(old + 1);
			const [above, list] = await Promise.all([line.boundingBox(), log(page).boundingBox()]);
			expect(above?.y).toBeGreaterThanOrEqual(list?.y ?? Number.NaN);

			await soon(() => page.unread(title)).not.toBe('60');
			const last = (await page.inSight()).at(-1)?.seq ?? Number.NaN;
			expect(last).toBeLessThan(old + 50);
			const ask = await page.rest(chat.apiUrl);
			await soon(() => readOf({ ask }, conv)).toBeGreaterThanOrEqual(last);
			// A few below the edge are drawn already.
			expect(await readOf({ ask }, conv)).toBeLessThan(last + 10);
			await soon(async () => old + 60 - Number(await page.unread(title))).toBe(await readOf({ ask }, conv));
			await page.page.getByTestId('jump').click();
			await soon(() => page.unread(title)).toBe('');
		},
	);

	test.each([80, 650])('leads whoever writes to the own message, after %i', async (old) => {
		const writer = await newWriter(chat.apiUrl, `erin-${old}`);
		const page = await browser.enter(chat.siteUrl, `frank-${old}`);
		await writer.say(`room:${old}`, ...numbered(old));
		await page.joinRoom(old);
		await page.message(`m${old}`).waitFor();
		await scrollToTop(page);
		await page.say('from far above');
		await soon(async () => (await page.inSight()).at(-1)?.seq).toBe(old + 1);
		await soon(() => page.stateOf('from far above')).toBe('sent');
		await soon(() => toEnd(page)).toBeLessThan(few);
		await writer.say(`room:${old}`, 'an answer');
		await soon(async () => (await page.inSight()).at(-1)?.seq).toBe(old + 2);
	});

	test('tells after a reload, too, how many of a room have read', async () => {
		const [gina, henry] = [await browser.enter(chat.siteUrl, 'gina'), await browser.enter(chat.siteUrl, 'henry')];
		for (const page of [gina, henry]) await page.joinRoom(5);
		await gina.say('who reads this?');
		await henry.message('who reads this?').waitFor();
		const marks = gina.message('who reads this?').getByTitle('Read by 1 person');
		await marks.waitFor();
		await gina.page.reload();
		await marks.waitFor();
		await henry.page.close();
		await gina.page.reload();
		await marks.waitFor();
		await gina.say('and this?');
		await soon(() => gina.stateOf('and this?')).toBe('sent');
	});

	test('counts nothing as read while the details stand over it', async () => {
		const writer = await newWriter(chat.apiUrl, 'ida');
		const page = await browser.enter(chat.siteUrl, 'jack', { viewport: { width: 360, height: 740 } });
		const ask = await page.rest(chat.apiUrl);
		await page.countInTitle('jack');
		await page.joinRoom(6);
		await writer.say('room:6', 'seen');
		await soon(() => readOf({ ask }, 'room:6')).toBe(1);
		await page.button('Details').click();
		await page.button('Close details').waitFor();
		await writer.say('room:6', 'not seen');
		await soon(() => page.page.title()).toBe('(1) tschat');
		await writer.say('room:6', 'nor this');
		await soon(() => page.page.title()).toBe('(2) tschat');
		expect(await readOf({ ask }, 'room:6')).toBe(1);
		await page.button('Close details').click();
		await soon(() => page.page.title()).toBe('tschat');
		await soon(() => readOf({ ask }, 'room:6')).toBe(3);
	});
});

test('a page whose parts are gone from the server says that it was renewed, and is whole after a reload', async () => {
	const page = await browser.enter(chat.siteUrl, 'kate');
	await page.joinRoom(7);
	const scripts = /\/assets\/.*\.js$/;
	const config = /\/config\.json$/;
	const notice = page.page.getByText('This page has been renewed on the server.');
	// Nothing answers: that is no other version.
	await page.page.route(scripts, (route) => route.abort());
	await page.page.route(config, (route) => route.abort());
	const asked = page.page.waitForEvent('requestfailed', (request) => config.test(request.url()));
	await page.button('Emoji').click();
	await asked;
	expect(await notice.count()).toBe(0);

	await page.page.unroute(config);
	await page.page.unroute(scripts);
	await page.page.route(scripts, (route) => route.fulfill({ status: 404 }));
	await page.button('Account of kate').click();
	await notice.waitFor();
	await page.page.unroute(scripts);
	await page.button('Reload').click();
	await notice.waitFor({ state: 'detached' });
	await page.online();
	await page.button('Emoji').click();
	await page.dialog('Emoji').waitFor();
}, 60_000);
