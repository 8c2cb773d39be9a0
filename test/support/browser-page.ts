import type { BrowserContext, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { type Ask, restClient, type SignedIn } from './rest-client.ts';

/** The longest that anything here may take. */
export const timeoutMs = 30_000;

/** Asks again and again until the expectation holds: `await soon(() => page.messages()).toEqual([…])`. */
export const soon = <T>(probe: () => Promise<T>) => expect.poll(probe, { timeout: timeoutMs, interval: 50 });

export type Connection = 'connecting' | 'offline' | 'catching-up' | 'caught-up' | 'online';

/** The chat's page, used as a person with a screen reader would: by roles and names. */
export class ChatPage {
	readonly page: Page;
	readonly context: BrowserContext;
	/** Addresses of the page's sockets, the present one last. */
	readonly sockets: string[] = [];

	constructor(page: Page) {
		this.page = page;
		this.context = page.context();
		page.on('websocket', (socket) => this.sockets.push(socket.url()));
	}

	get conversations(): Locator {
		return this.page.getByRole('navigation', { name: 'Conversations' });
	}

	get thread(): Locator {
		return this.page.getByRole('region', { name: 'Messages' });
	}

	get details(): Locator {
		return this.page.getByRole('complementary', { name: 'Details' });
	}

	get composer(): Locator {
		return this.page.getByRole('textbox', { name: /^Message to / });
	}

	get alert(): Locator {
		return this.page.getByRole('alert');
	}

	button(name: string): Locator {
		return this.page.getByRole('button', { name, exact: true });
	}

	dialog(name: string): Locator {
		return this.page.getByRole('dialog', { name });
	}

	/** The line of a conversation in the list, by its title or its key. */
	conversation(titleOrKey: string): Locator {
		const lines = this.conversations.getByTestId('conversation');
		if (/^(room|dm):/.test(titleOrKey)) return lines.and(this.page.locator(`[data-conv="${titleOrKey}"]`));
		return lines.filter({ has: this.page.getByText(titleOrKey, { exact: true }) });
	}

	/** A row of the thread, by its text. */
	message(body: string): Locator {
		const has = this.page.getByTestId('body').getByText(body, { exact: true });
		return this.thread.getByTestId('message').filter({ has });
	}

	member(name: string): Locator {
		return this.details.getByTestId('member').filter({ has: this.page.getByText(name, { exact: true }) });
	}

	async register(name: string, password = '111111'): Promise<void> {
		await this.page.getByRole('link', { name: 'New here? Register' }).click();
		await this.fillIn(name, password);
		await this.button('Register').click();
	}

	async logIn(name: string, password = '111111'): Promise<void> {
		await this.fillIn(name, password);
		await this.button('Log in').click();
	}

	async logOut(name: string): Promise<void> {
		await this.button(`Account of ${name}`).click();
		await this.page.getByRole('menuitem', { name: 'Log out' }).click();
	}

	/** A field of the log-in. */
	field(label: 'Name' | 'Password'): Locator {
		return this.page.getByLabel(label, { exact: true });
	}

	async fillIn(name: string, password: string): Promise<void> {
		await this.field('Name').fill(name);
		await this.field('Password').fill(password);
	}

	/** Waits until the log-in stands there. */
	async signedOut(): Promise<void> {
		await this.page.getByRole('heading', { name: 'Log in to tschat' }).waitFor();
	}

	/** Waits for one of these states of the connection. */
	async is(...states: Connection[]): Promise<void> {
		const selector = states.map((state) => `[data-testid=connection][data-state=${state}]`).join();
		await this.page.locator(selector).waitFor({ state: 'attached' });
	}

	/** Waits until the page is connected, and told all that it missed. */
	online(): Promise<void> {
		return this.is('online', 'caught-up');
	}

	async settings(name: string): Promise<Locator> {
		await this.button(`Account of ${name}`).click();
		await this.page.getByRole('menuitem', { name: 'Settings' }).click();
		const dialog = this.dialog('Settings');
		await dialog.waitFor();
		return dialog;
	}

	/** Chooses that the tab's title counts what is unread. */
	async countInTitle(name: string): Promise<void> {
		const settings = await this.settings(name);
		await settings.getByRole('checkbox', { name: 'Count unread messages in the tab’s title' }).check();
		await this.page.keyboard.press('Escape');
		await settings.waitFor({ state: 'detached' });
	}

	/** Joins a room by its number or its name. */
	async joinRoom(numberOrName: string | number, title = `#${numberOrName}`): Promise<void> {
		await this.#newChat('Room name or number', String(numberOrName), 'Join');
		await this.heading(title).waitFor();
	}

	async writeTo(name: string): Promise<void> {
		await this.#newChat('Name of the person', name, 'Write');
		await this.heading(name).waitFor();
	}

	/** Leaves the room that is open. */
	async leaveRoom(): Promise<void> {
		await this.button('Leave the room').click();
		await this.page
			.getByRole('alertdialog')
			.getByRole('button', { name: /^Leave/ })
			.click();
	}

	/** Opens what is in the list already. */
	async open(title: string): Promise<void> {
		await this.conversation(title).click();
		await this.heading(title).waitFor();
	}

	/** The title of the conversation that is open. */
	heading(title: string): Locator {
		return this.page.getByRole('heading', { name: title, exact: true, level: 2 });
	}

	async say(text: string): Promise<void> {
		await this.composer.fill(text);
		await this.button('Send').click();
	}

	async sayAll(texts: readonly string[]): Promise<void> {
		for (const text of texts) await this.say(text);
	}

	/** What the thread shows, each as `seq name: text`; without a position while it is not sent. Of a group only the first has the name. */
	messages(): Promise<string[]> {
		return this.thread.getByTestId('message').evaluateAll((rows) => {
			let name = '';
			return rows.map((row) => {
				const [from, body] = ['from', 'body'].map((id) => row.querySelector(`[data-testid=${id}]`));
				name = from?.textContent ?? name;
				return `${row.dataset.seq ?? '-'} ${name}: ${body?.innerText.trim()}`;
			});
		});
	}

	/** Which messages of the thread are in the window, the oldest first, and at what height. */
	inSight(): Promise<{ seq: number; y: number }[]> {
		return this.thread.getByRole('log').evaluate((list) => {
			const { top, bottom } = list.getBoundingClientRect();
			const rows = [...list.querySelectorAll('[data-testid=message][data-seq]')];
			const places = rows.map((row) => ({ seq: Number(row.dataset.seq), box: row.getBoundingClientRect() }));
			return places
				.filter(({ box }) => box.bottom > top && box.top < bottom)
				.map(({ seq, box }) => ({ seq, y: Math.round(box.top) }));
		});
	}

	/** The same when it has changed and stands still, for a quarter of a second: long enough for a page of history to come. */
	async settled(before: readonly { seq: number; y: number }[]): Promise<{ seq: number; y: number }[]> {
		let last = JSON.stringify(before);
		let still = 0;
		await soon(async () => {
			const now = JSON.stringify(await this.inSight());
			still = now === last && now !== JSON.stringify(before) ? still + 1 : 0;
			last = now;
			return still >= 5;
		}).toBe(true);
		return JSON.parse(last);
	}

	/** Of own messages: whether they are sending, failed, sent, delivered or read. */
	async stateOf(body: string): Promise<string | null> {
		return this.message(body).getAttribute('data-state');
	}

	/** The number on the conversation's line; '' without one. */
	async unread(titleOrKey: string): Promise<string> {
		const texts = await this.conversation(titleOrKey).getByTestId('unread').allTextContents();
		return texts.map((text) => /\d+\+?/.exec(text)?.[0] ?? text).join();
	}

	async members(): Promise<{ names: string[]; count: string | null }> {
		const [names, count] = await Promise.all([
			this.details.getByTestId('member').allInnerTexts(),
			this.details.getByTestId('member-count').textContent(),
		]);
		return { names: names.map((text) => text.trim().replace(/ \(you\)$/, '')), count };
	}

	/** The person turns to another window: the browser of tests takes all its pages for looked at, so the page is told. */
	async lookAway(): Promise<void> {
		await this.page.evaluate("document.hasFocus = () => false; dispatchEvent(new Event('blur'))");
	}

	async lookBack(): Promise<void> {
		await this.page.evaluate("delete document.hasFocus; dispatchEvent(new Event('focus'))");
	}

	/** Who is logged in on the page, by which token. */
	async session(): Promise<SignedIn> {
		return JSON.parse(await this.page.evaluate<string>("localStorage.getItem('tschat.session')"));
	}

	/** Asks the API in the name of whoever is logged in on the page. */
	async rest(apiUrl: string): Promise<Ask> {
		return restClient(apiUrl, (await this.session()).token);
	}

	/** By how many pixels the page is wider than its window. */
	overflow(): Promise<number> {
		return this.page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
	}

	async #newChat(field: string, text: string, button: string): Promise<void> {
		await this.button('New chat').first().click();
		const dialog = this.dialog('New chat');
		await dialog.getByRole('textbox', { name: field, exact: true }).fill(text);
		await dialog.getByRole('button', { name: button, exact: true }).click();
		await dialog.waitFor({ state: 'detached' });
	}
}
