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

const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `m${index + 1}`);
/** Above which message the line "new messages" stands. */
const newFrom = ({ page }: ChatPage): Promise<string | null> =>
	page.locator('div:has(> [data-testid=new-line]) > [data-testid=message]').getAttribute('data-seq');

/** Pixels at a turn of the wheel: less than a screen, so that something stays in sight. */
const scrolled = 400;
type Sight = readonly { readonly seq: number; readonly y: number }[];
/** How far down has gone what was the first in sight, in pixels. */
const movement = ([first]: Sight, after: Sight): number =>
	(after.find(({ seq }) => seq === first?.seq)?.y ?? Number.NaN) - (first?.y ?? 0);

describe('what is kept of a conversation', { timeout: 90_000 }, () => {
	test('history is there after a reload, at the conversation that was open', async () => {
		const ann = await browser.enter(chat.siteUrl, 'ann');
		await ann.joinRoom(1);
		await ann.sayAll(['one', 'two', 'three']);
		const lines = ['1 ann: one', '2 ann: two', '3 ann: three'];
		await soon(() => ann.messages()).toEqual(lines);
		await ann.page.reload();
		await ann.heading('#1').waitFor();
		await soon(() => ann.messages()).toEqual(lines);
		const days = ann.page.getByTestId('day');
		await soon(() => days.allInnerTexts()).toEqual([expect.stringMatching(/^today$/i)]);
	});

	test('whoever scrolls back through hundreds of messages sees each, and never loses the place', async () => {
		const writer = await newWriter(chat.apiUrl, 'bob');
		// Of one to seven lines, so that nobody can know in advance how high what comes above will be.
		const texts = numbered(450).map((text, index) => text + '\nand more'.repeat(index % 7));
		await writer.say('room:2', ...texts);
		const carol = await browser.enter(chat.siteUrl, 'carol');
		await carol.joinRoom(2);
		await soon(async () => (await carol.inSight()).at(-1)?.seq).toBe(450);

		const seen = new Set<number>();
		const jumps: string[] = [];
		await carol.thread.getByRole('log').hover();
		for (let before = await carol.inSight(); before[0]?.seq !== 1; ) {
			await carol.page.mouse.wheel(0, -scrolled);
			const after = await carol.settled(before);
			for (const { seq } of after) seen.add(seq);
			const moved = movement(before, after);
			// Half a pixel a row is what rounding costs. The first row of all, with its day, is drawn when no more can come.
			const top = after[0]?.seq ?? 0;
			if (top > 20 && !(Math.abs(moved - scrolled) <= 12)) jumps.push(`${top}: ${moved}`);
			before = after;
		}
		expect(jumps).toEqual([]);
		const missed = texts.map((_, index) => index + 1).filter((seq) => !seen.has(seq) && seq < 440);
		expect(missed).toEqual([]);

		await writer.say('room:2', 'news');
		await carol.page.getByTestId('jump').click();
		await carol.message('news').waitFor();
		await soon(async () => (await carol.inSight()).at(-1)?.seq).toBe(451);
		await carol.page.getByTestId('jump').waitFor({ state: 'detached' });
	});

	test('what is unread is counted, stands below a line, and is read when it is seen', async () => {
		const writer = await newWriter(chat.apiUrl, 'dave');
		const erin = await browser.enter(chat.siteUrl, 'erin');
		await erin.joinRoom(3);
		await writer.say('room:3', 'old');
		await soon(() => erin.messages()).toEqual(['1 dave: old']);
		await erin.joinRoom(4);
		await writer.say('room:3', 'new 1', 'new 2', 'new 3');
		await soon(() => erin.unread('#3')).toBe('3');
		expect(await erin.page.title()).toBe('tschat');
		await erin.countInTitle('erin');
		await soon(() => erin.page.title()).toBe('(3) tschat');
		await erin.page.reload();
		await soon(() => erin.unread('#3')).toBe('3');

		await erin.open('#3');
		await soon(() => erin.messages()).toEqual(['1 dave: old', '2 dave: new 1', '3 dave: new 2', '4 dave: new 3']);
		expect(await newFrom(erin)).toBe('2');
		await soon(() => erin.unread('#3')).toBe('');
		await soon(() => erin.page.title()).toBe('tschat');
		const inbox = async () => (await erinAsks('GET', '/v2/conversations')).body;
		const erinAsks = await erin.rest(chat.apiUrl);
		await soon(inbox).toMatchObject({
			items: expect.arrayContaining([expect.objectContaining({ conv: 'room:3', read: 4 })]),
		});
	});

	test('what comes while one looks away is new, also in the open conversation', async () => {
		const writer = await newWriter(chat.apiUrl, 'frank');
		const gina = await browser.enter(chat.siteUrl, 'gina');
		await gina.joinRoom(5);
		await writer.say('room:5', 'seen');
		await soon(() => gina.messages()).toEqual(['1 frank: seen']);
		await soon(() => gina.unread('#5')).toBe('');
		await gina.countInTitle('gina');
		await gina.lookAway();
		await writer.say('room:5', 'unseen 1', 'unseen 2');
		await soon(() => gina.page.title()).toBe('(2) tschat');
		await soon(() => newFrom(gina)).toBe('2');
		await gina.lookBack();
		await soon(() => gina.page.title()).toBe('tschat');
		expect(await newFrom(gina)).toBe('2');
	});

	test('a conversation with more unread messages than fit opens at the first of them', async () => {
		const writer = await newWriter(chat.apiUrl, 'henry');
		const ida = await browser.enter(chat.siteUrl, 'ida');
		await ida.joinRoom(6);
		await ida.joinRoom(7);
		await writer.say('room:6', ...numbered(150));
		await soon(() => ida.unread('#6')).toBe('150');
		await ida.open('#6');
		await ida.page.getByTestId('new-line').waitFor();
		await soon(async () => (await ida.inSight()).map(({ seq }) => seq)).toContain(1);
		expect(await newFrom(ida)).toBe('1');
		await ida.page.getByTestId('jump').click();
		await soon(async () => (await ida.inSight()).at(-1)?.seq).toBe(150);
		await soon(() => ida.unread('#6')).toBe('');
	});

	test('what one has begun to write is kept for each conversation, over a reload, until it is sent', async () => {
		const jack = await browser.enter(chat.siteUrl, 'jack');
		await jack.joinRoom(8);
		await jack.composer.fill('half a thou');
		await jack.joinRoom(9);
		expect(await jack.composer.inputValue()).toBe('');
		await jack.composer.fill('another');
		await jack.page.reload();
		await jack.heading('#9').waitFor();
		await soon(() => jack.composer.inputValue()).toBe('another');
		await jack.open('#8');
		await soon(() => jack.composer.inputValue()).toBe('half a thou');
		await jack.composer.press('End');
		await jack.composer.pressSequentially('ght');
		await jack.button('Send').click();
		await soon(() => jack.messages()).toEqual(['1 jack: half a thought']);
		await jack.page.reload();
		await jack.heading('#8').waitFor();
		await soon(() => jack.messages()).toEqual(['1 jack: half a thought']);
		expect(await jack.composer.inputValue()).toBe('');
	});
});
