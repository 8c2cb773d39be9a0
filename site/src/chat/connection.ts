import type { Chat, ChatState } from 'tschat/client';
import { createStore, type StoreApi } from 'zustand/vanilla';

export interface ConnectionState {
	readonly state: ChatState;
	/** Whether there has been a connection before: the first one is no return. */
	readonly returning: boolean;
	/** Whether it has just come back, with everything that was missed. */
	readonly caughtUp: boolean;
	/** Whether the machine has a network: it knows of an end before any time-out does. */
	readonly network: boolean;
	/** Messages that wait to be sent. */
	readonly queued: number;
}

const caughtUpMs = 4000;

/** The connection as a person should understand it. */
export class Connection {
	readonly store: StoreApi<ConnectionState>;
	readonly #chat: Chat;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(chat: Chat) {
		this.#chat = chat;
		this.store = createStore(() => ({
			state: chat.state,
			returning: false,
			caughtUp: false,
			network: navigator.onLine,
			queued: 0,
		}));
	}

	changed(state: ChatState): void {
		const { returning } = this.store.getState();
		clearTimeout(this.#timer);
		const caughtUp = state === 'online' && returning;
		this.store.setState({ state, caughtUp, returning: returning || state === 'online' });
		if (caughtUp) this.#timer = setTimeout(() => this.store.setState({ caughtUp: false }), caughtUpMs);
		this.counted();
	}

	/** The machine's network has come or gone. */
	network(network: boolean): void {
		this.store.setState({ network });
		if (network) this.#chat.retryNow();
		this.counted();
	}

	/** Counts what waits. */
	counted(): void {
		const queued = this.#chat.unsent().length;
		if (queued !== this.store.getState().queued) this.store.setState({ queued });
	}

	stop(): void {
		clearTimeout(this.#timer);
	}
}
