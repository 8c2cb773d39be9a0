import { afterEach, beforeAll, expect } from 'vitest';
import { startBrowser, type TestBrowser } from './browser.ts';
import { type Embedded, startEmbedded } from './cluster.ts';

/** A server and a browser for the tests of a file; after each test its pages are closed, and must have had no problems. */
export const embeddedPages = (
	started: (parts: { readonly browser: TestBrowser; readonly chat: Embedded }) => void,
): void => {
	let browser: TestBrowser;
	beforeAll(async () => {
		browser = await startBrowser();
		return () => browser.close();
	});
	beforeAll(async () => {
		const chat = await startEmbedded();
		started({ browser, chat });
		return () => chat.stop();
	});
	afterEach(async () => {
		expect(await browser.closePages()).toEqual([]);
	});
};
