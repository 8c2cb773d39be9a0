import type { ConversationKey, Message, Typing, User } from 'tschat/client';
import { createStore, type StoreApi } from 'zustand/vanilla';

type TypingState = Readonly<Partial<Record<ConversationKey, readonly User[]>>>;

/** Somebody who types is told of once a second; after so long without, no more. */
const shownMs = 4000;

/** Who is typing where. */
export class TypingUsers {
	readonly store: StoreApi<TypingState> = createStore(() => ({}));
	readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

	typing({ conv, user }: Typing): void {
		const key = `${conv} ${user.id}`;
		clearTimeout(this.#timers.get(key));
		this.#timers.set(
			key,
			setTimeout(() => this.#end(conv, user.id), shownMs),
		);
		const users = this.store.getState()[conv] ?? [];
		if (!users.some(({ id }) => id === user.id)) this.store.setState({ [conv]: [...users, user] });
	}

	/** Whoever has written does not type any more. */
	messages(messages: readonly Message[]): void {
		for (const { conv, from } of messages) if (this.#timers.has(`${conv} ${from.id}`)) this.#end(conv, from.id);
	}

	stop(): void {
		for (const timer of this.#timers.values()) clearTimeout(timer);
	}

	#end(conv: ConversationKey, userId: string): void {
		const key = `${conv} ${userId}`;
		clearTimeout(this.#timers.get(key));
		this.#timers.delete(key);
		this.store.setState({ [conv]: (this.store.getState()[conv] ?? []).filter(({ id }) => id !== userId) });
	}
}
