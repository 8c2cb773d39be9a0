import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../support/chromium.ts';
import { type Embedded, startEmbedded } from '../support/cluster.ts';
import type { Row, Scenario } from './scenario.ts';
import { measureFirstLoad } from './site-first-load.ts';
import { measureInput } from './site-input.ts';
import { chatAt, openPage, roomUrl, usable } from './site-page.ts';
import { fillRoom, type People } from './site-room.ts';
import { measureScrolling } from './site-scroll.ts';
import { connectSenders } from './site-senders.ts';

const buildIfStale = fileURLToPath(new URL('../../scripts/build-if-stale.mjs', import.meta.url));

const progress = (text: string): void => void process.stderr.write(`${text}\n`);

interface Wanted {
	readonly messages: number;
	readonly seconds: number | undefined;
}

/** One page that stays open, as a person leaves it: scrolled through, then in the middle of talk. */
const measureLongStay = async (
	{ siteUrl, apiUrl }: Embedded,
	browser: Browser,
	{ reader, senders, messages, seconds }: People & Wanted,
): Promise<Row[]> => {
	const page = await openPage(browser, { url: roomUrl(siteUrl), session: reader });
	await usable(page, chatAt(messages));
	progress('scrolling');
	const scrolling = await measureScrolling(page, seconds ?? 30);
	const writers = await connectSenders(apiUrl, senders);
	const jump = page.page.getByTestId('jump');
	if (await jump.isVisible()) await jump.click();
	await usable(page, chatAt(messages));
	progress('typing');
	const input = await measureInput(page, writers, seconds ?? 20);
	await writers.close();
	await page.close();
	return [...scrolling, ...input];
};

/** On the embedded start, with data of its own, in the system's Chromium. */
export const site: Scenario = {
	summary:
		'the page in Chromium: its size, how soon it is usable, a room of 100,000 messages, typing while 200 a second come',
	run: async ({ messages = 100_000, seconds }) => {
		execFileSync(process.execPath, [buildIfStale], { stdio: ['ignore', 2, 2] });
		const chat = await startEmbedded({ 'connect.presence_interval_ms': 1000 });
		const browser = await launchChromium();
		try {
			progress(`filling a room with ${messages.toLocaleString('en')} messages`);
			const people = await fillRoom(chat, messages);
			progress('first visits');
			const firstLoad = await measureFirstLoad(browser, {
				siteUrl: chat.siteUrl,
				session: people.reader,
				head: messages,
			});
			return [...firstLoad, ...(await measureLongStay(chat, browser, { ...people, messages, seconds }))];
		} finally {
			await browser.close();
			await chat.stop();
		}
	},
};
