import type { ConversationKey } from 'tschat/client';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { loadValue, saveValue } from '../persisted.ts';

type DraftTexts = Readonly<Partial<Record<ConversationKey, string>>>;

const saveAfterMs = 500;

const stored = (key: string): DraftTexts => {
	const value = loadValue(key);
	if (typeof value !== 'object' || value === null) return {};
	return Object.fromEntries(Object.entries(value).filter(([, text]) => typeof text === 'string'));
};

/** What a person has begun to write, for each conversation: kept over a reload. */
export class Drafts {
	readonly store: StoreApi<DraftTexts>;
	readonly #key: string;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(userId: string) {
		this.#key = `tschat.drafts.${userId}`;
		this.store = createStore(() => stored(this.#key));
	}

	write(conv: ConversationKey, text: string): void {
		const { [conv]: _, ...others } = this.store.getState();
		this.store.setState(text === '' ? others : { ...others, [conv]: text }, true);
		this.#timer ??= setTimeout(() => this.save(), saveAfterMs);
	}

	save(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		saveValue(this.#key, this.store.getState());
	}
}
