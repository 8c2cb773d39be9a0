import type { Chat } from 'tschat/client';
import { createStore, type StoreApi } from 'zustand/vanilla';

/** How often it is asked, while the page is seen. */
const everyMs = 15_000;
const maxAsked = 200;

/** Which of the people of the direct conversations are connected. */
export class OnlineUsers {
	readonly store: StoreApi<ReadonlySet<string>> = createStore(() => new Set<string>());
	readonly #chat: Chat;
	/** Whom to ask about: the first of the list. */
	readonly #users: () => readonly string[];
	readonly #timer: ReturnType<typeof setInterval>;

	constructor(chat: Chat, users: () => readonly string[]) {
		this.#chat = chat;
		this.#users = users;
		this.#timer = setInterval(() => {
			if (document.visibilityState === 'visible' && chat.state === 'online') void this.refresh();
		}, everyMs);
	}

	async refresh(): Promise<void> {
		const users = this.#users().slice(0, maxAsked);
		if (users.length === 0) return;
		const online = await this.#chat.online(users).catch(() => undefined);
		if (online !== undefined) this.store.setState(new Set(online), true);
	}

	/** Somebody has just been heard of. */
	seen(userId: string): void {
		const online = this.store.getState();
		if (!online.has(userId)) this.store.setState(new Set(online).add(userId), true);
	}

	stop(): void {
		clearInterval(this.#timer);
	}
}
