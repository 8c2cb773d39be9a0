import type { Browser, CDPSession, Page } from 'playwright-core';
import type { SignedIn } from '../../src/client/index.ts';
import { probeScript } from './site-probe.ts';
import { room } from './site-room.ts';

export interface BenchPage {
	readonly page: Page;
	readonly cdp: CDPSession;
	/** Sockets that the page has opened and lost so far. */
	readonly sockets: { opened: number; closed: number };
	close(): Promise<void>;
}

interface Wanted {
	readonly url: string;
	/** Logged in by what is kept from an earlier visit; otherwise the log-in is shown. */
	readonly session?: SignedIn | undefined;
	/** So many times slower than this machine. */
	readonly slowdown?: number;
}

/** A page in a profile of its own: nothing of it is in a cache. */
export const openPage = async (browser: Browser, { url, session, slowdown = 1 }: Wanted): Promise<BenchPage> => {
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en' });
	await context.addInitScript(probeScript);
	if (session !== undefined) {
		const kept = JSON.stringify(JSON.stringify(session));
		await context.addInitScript(`localStorage.setItem('tschat.session', ${kept})`);
	}
	const page = await context.newPage();
	const cdp = await context.newCDPSession(page);
	const sockets = { opened: 0, closed: 0 };
	cdp.on('Network.webSocketCreated', () => {
		sockets.opened += 1;
	});
	cdp.on('Network.webSocketClosed', () => {
		sockets.closed += 1;
	});
	await Promise.all([
		cdp.send('Network.enable'),
		cdp.send('HeapProfiler.enable'),
		cdp.send('Emulation.setCPUThrottlingRate', { rate: slowdown }),
	]);
	await page.goto(url, { waitUntil: 'commit' });
	return { page, cdp, sockets, close: () => context.close() };
};

/** What can be seen when the log-in is usable. */
export const logInForm = ['input[name=name]:enabled', 'input[name=password]:enabled', 'button[type=submit]:enabled'];
export const composer = 'main textarea:enabled';
export const messageAt = (seq: number): string => `[data-testid=message][data-seq="${seq}"]`;
/** What can be seen when the chat is, with its last message. */
export const chatAt = (head: number): string[] => [composer, messageAt(head)];
export const roomUrl = (siteUrl: string): string => `${siteUrl}/#${room}`;

/** Resolves with the time, in milliseconds since the navigation began, when all of these can be seen; rejects when that takes too long. */
export const usable = ({ page }: BenchPage, selectors: readonly string[], timeoutMs = 30_000): Promise<number> =>
	page.evaluate<number>(`probe.usable(${JSON.stringify(selectors)}, ${timeoutMs})`);

/** What the page's objects take after all garbage is gone, in bytes. */
export const heapBytes = async ({ cdp }: BenchPage): Promise<number> => {
	await cdp.send('HeapProfiler.collectGarbage');
	return (await cdp.send('Runtime.getHeapUsage')).usedSize;
};
