import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { expect } from 'vitest';

const timeoutMs = 30_000;

const isExecutable = (path: string): boolean => {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
};

/** Debian's Chromium, or Ubuntu's, which has another name. */
const chromiumPath = (): string => {
	const { PATH = '' } = process.env;
	const folders = PATH.split(delimiter);
	const paths = ['chromium', 'chromium-browser'].flatMap((name) => folders.map((folder) => join(folder, name)));
	const found = paths.find(isExecutable);
	if (found === undefined) throw new Error('no chromium in PATH');
	return found;
};

/** Asks again and again until the expectation holds: `await soon(() => page.messages()).toEqual([…])`. */
export const soon = <T>(probe: () => Promise<T>) => expect.poll(probe, { timeout: timeoutMs, interval: 50 });

/** The chat's page in a browser profile of its own: another device, or another person. */
export class ChatPage {
	readonly page: Page;
	readonly context: BrowserContext;

	constructor(page: Page) {
		this.page = page;
		this.context = page.context();
	}

	get form(): Locator {
		return this.page.locator('#sign-in-form');
	}

	/** A person of the member list of the room, as what opens the direct conversation. */
	member(name: string): Locator {
		return this.page.getByTestId('members').getByTestId('member').filter({ hasText: name });
	}

	async submit(button: 'register' | 'log-in', name: string, password = '111111'): Promise<void> {
		await this.page.fill('#user-name', name);
		await this.page.fill('#password', password);
		await this.page.click(`#${button}`);
	}

	async is(state: 'online' | 'offline'): Promise<void> {
		await this.page.locator(`#connection-state[data-state=${state}]`).waitFor();
	}

	async join(roomId: number): Promise<void> {
		await this.page.fill('#room-input', String(roomId));
		await this.page.click('#join-room');
		await this.page.getByRole('heading', { name: `Room ${roomId}`, exact: true }).waitFor();
		await this.is('online');
	}

	async say(text: string): Promise<void> {
		await this.page.fill('#message-input', text);
		await this.page.click('#send');
	}

	async sayDirectly(text: string): Promise<void> {
		await this.page.fill('#direct-input', text);
		await this.page.click('#direct-send');
	}

	/** What the room's thread shows, each as `seq name: body`. */
	messages(): Promise<string[]> {
		return this.#linesOf('message');
	}

	/** What the open direct conversation shows, each as `seq name: body`. */
	directMessages(): Promise<string[]> {
		return this.#linesOf('direct-message');
	}

	#linesOf(testid: string): Promise<string[]> {
		return this.page.getByTestId(testid).evaluateAll((nodes) =>
			nodes.map((node) => {
				const [from, body] = ['.from', '.body'].map((selector) => node.querySelector(selector)?.textContent);
				return `${node.dataset.seq} ${from}: ${body}`;
			}),
		);
	}

	/** Names in the member list, and the number above it. */
	async present(): Promise<{ names: string[]; online: string | null }> {
		const [names, online] = await Promise.all([
			this.page.getByTestId('members').locator('.name').allTextContents(),
			this.page.locator('#online-count').textContent(),
		]);
		return { names, online };
	}
}

export interface TestBrowser {
	/** The page, at its log-in form, in a profile of its own. */
	open(siteUrl: string): Promise<ChatPage>;
	/** Registers someone with the page, and joins the room. */
	enter(siteUrl: string, name: string, roomId: number): Promise<ChatPage>;
	/** Closes all pages; what none of them may have: script errors, dialogs, and refusals by the content security policy. */
	closePages(): Promise<readonly string[]>;
	close(): Promise<void>;
}

/** The system's Chromium, without a window. */
export const startBrowser = async (): Promise<TestBrowser> => {
	const browser = await chromium.launch({
		executablePath: chromiumPath(),
		args: [
			'--no-sandbox',
			'--disable-gpu',
			'--disable-quic',
			'--no-first-run',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
		],
	});
	let problems: string[] = [];
	const open = async (siteUrl: string) => {
		const context = await browser.newContext();
		context.setDefaultTimeout(timeoutMs);
		const page = await context.newPage();
		page.on('pageerror', (error) => problems.push(String(error)));
		page.on('console', (message) => {
			if (message.text().includes('Content Security Policy')) problems.push(message.text());
		});
		page.on('dialog', (dialog) => {
			problems.push(`dialog: ${dialog.message()}`);
			dialog.dismiss();
		});
		await page.goto(siteUrl);
		return new ChatPage(page);
	};
	return {
		open,
		enter: async (siteUrl, name, roomId) => {
			const chat = await open(siteUrl);
			await chat.submit('register', name);
			await chat.is('online');
			await chat.join(roomId);
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
