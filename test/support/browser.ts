import type { BrowserContextOptions, Page } from 'playwright-core';
import { ChatPage, timeoutMs } from './browser-page.ts';
import { launchChromium } from './chromium.ts';

export { type ChatPage, soon } from './browser-page.ts';

/** Language, colour scheme, window and rights of a profile. */
interface Profile
	extends Pick<
		BrowserContextOptions,
		'locale' | 'colorScheme' | 'viewport' | 'hasTouch' | 'ignoreHTTPSErrors' | 'permissions' | 'timezoneId'
	> {
	/** Runs in the page before its own scripts. */
	readonly script?: string;
}

export interface TestBrowser {
	/** The page, at its log-in form, in a profile of its own: another device, or another person. */
	open(siteUrl: string, profile?: Profile): Promise<ChatPage>;
	/** Another tab of the same profile. */
	openTab(beside: ChatPage, url: string): Promise<ChatPage>;
	/** Registers someone with the page, and waits until it is connected. */
	enter(siteUrl: string, name: string, profile?: Profile): Promise<ChatPage>;
	/**
	 * Closes all pages. What none of them may have: script errors, errors in the console, dialogs, refusals by the content
	 * security policy, and requests that leave this machine.
	 */
	closePages(): Promise<readonly string[]>;
	close(): Promise<void>;
}

/** Errors that the browser writes by itself when a server is away or refuses: no page can prevent them. */
const networkErrors = /^(Failed to load resource: |WebSocket connection to )/;
const loopback = /^(127\.0\.0\.1|localhost|[a-z-]+\.localhost)$/;

const watch = (page: Page, problems: string[]): void => {
	page.on('pageerror', (error) => problems.push(String(error)));
	page.on('console', (message) => {
		const text = message.text();
		const isError = message.type() === 'error' && !networkErrors.test(text);
		if (isError || text.includes('Content Security Policy')) problems.push(text);
	});
	page.on('dialog', (dialog) => {
		problems.push(`dialog: ${dialog.message()}`);
		dialog.dismiss().catch(() => {});
	});
	page.on('request', (request) => {
		const { protocol, hostname } = new URL(request.url());
		const isLocal = loopback.test(hostname) || ['data:', 'blob:'].includes(protocol);
		if (!isLocal) problems.push(`request: ${request.url()}`);
	});
};

/** The system's Chromium, without a window. */
export const startBrowser = async (): Promise<TestBrowser> => {
	const browser = await launchChromium();
	let problems: string[] = [];
	const show = async (page: Page, url: string) => {
		watch(page, problems);
		const chat = new ChatPage(page);
		await page.goto(url);
		return chat;
	};
	const open: TestBrowser['open'] = async (siteUrl, { script, ...profile } = {}) => {
		const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...profile });
		context.setDefaultTimeout(timeoutMs);
		if (script !== undefined) await context.addInitScript(script);
		return show(await context.newPage(), siteUrl);
	};
	return {
		open,
		openTab: async ({ context }, url) => show(await context.newPage(), url),
		enter: async (siteUrl, name, profile) => {
			const chat = await open(siteUrl, profile);
			await chat.register(name);
			await chat.online();
			return chat;
		},
		closePages: async () => {
			await Promise.all(browser.contexts().map((context) => context.close()));
			const found = problems;
			problems = [];
			return found;
		},
		close: () => browser.close(),
	};
};
