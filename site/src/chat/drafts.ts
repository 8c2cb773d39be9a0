import type { ConversationKey } from 'tschat/client';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { loadValue, saveValue } from '../persisted.ts';

type DraftTexts = Readonly<Partial<Record<ConversationKey, string>>>;

const saveAfterMs = 500;

const keyOf = (userId: string): string => `tschat.drafts.${userId}`;

const stored = (key: string): DraftTexts => {
	const value = loadValue(key);
	if (typeof value !== 'object' || value === null) return {};
	return Object.fromEntries(Object.entries(value).filter(([, text]) => typeof text === 'string'));
};

/** With a draft changed; an empty one is none. */
const withDraft = (drafts: DraftTexts, conv: ConversationKey, text: string): DraftTexts => {
	const { [conv]: _, ...others } = drafts;
	return text === '' ? others : { ...others, [conv]: text };
};

/** Leaves nothing of what a person has begun to write on this browser. */
export const forgetDrafts = (userId: string): void => saveValue(keyOf(userId), undefined);

/** What a person has begun to write, for each conversation: kept over a reload, and the same in all tabs. */
export class Drafts {
	readonly store: StoreApi<DraftTexts>;
	readonly #key: string;
	/** Written here and not kept yet. */
	readonly #changed = new Map<ConversationKey, string>();
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(userId: string) {
		this.#key = keyOf(userId);
		this.store = createStore(() => stored(this.#key));
		addEventListener('storage', this.#otherTab);
	}

	write(conv: ConversationKey, text: string): void {
		this.store.setState(withDraft(this.store.getState(), conv, text), true);
		this.#changed.set(conv, text);
		this.#timer ??= setTimeout(() => this.save(), saveAfterMs);
	}

	/** Keeps what was written here; what other tabs have written meanwhile stays. */
	save(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		if (this.#changed.size === 0) return;
		saveValue(this.#key, this.#merged());
		this.#changed.clear();
	}

	/** Keeps it, and listens to other tabs no longer. */
	stop(): void {
		this.save();
		removeEventListener('storage', this.#otherTab);
	}

	/** What is sent or taken back in another tab is no draft here. */
	readonly #otherTab = ({ key }: StorageEvent): void => {
		if (key === this.#key) this.store.setState(this.#merged(), true);
	};

	#merged(): DraftTexts {
		let drafts = stored(this.#key);
		for (const [conv, text] of this.#changed) drafts = withDraft(drafts, conv, text);
		return drafts;
	}
}
