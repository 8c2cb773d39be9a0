import { type ConversationKey, type Failed, TschatError } from 'tschat/client';
import { loadValue, saveValue } from '../persisted.ts';
import type { Pending } from './timeline.ts';

interface Refused {
	readonly conv: ConversationKey;
	readonly ref: string;
	readonly body: string;
	readonly at: number;
	/** Why, as in docs/errors.md. */
	readonly code: string;
}

const most = 50;

const isRefused = (value: unknown): value is Refused => {
	const { conv, ref, body, at, code } = (value ?? {}) as Partial<Refused>;
	return [conv, ref, body, code].every((text) => typeof text === 'string') && typeof at === 'number';
};

/** Messages that were refused for good: kept over a reload, until the person sends them again or discards them. */
export class RefusedMessages {
	readonly #key: string;

	constructor(userId: string) {
		this.#key = `tschat.refused.${userId}`;
	}

	of(conv: ConversationKey): Pending[] {
		return this.#all
			.filter((refused) => refused.conv === conv)
			.map(({ ref, body, at, code }) => ({ ref, body, at, error: new TschatError(code, 'refused before') }));
	}

	add({ conv, ref, body, error }: Failed): void {
		this.remove(ref);
		saveValue(this.#key, [...this.#all, { conv, ref, body, at: Date.now(), code: error.code }].slice(-most));
	}

	remove(ref: string): void {
		const all = this.#all;
		const left = all.filter((refused) => refused.ref !== ref);
		if (left.length < all.length) saveValue(this.#key, left.length === 0 ? undefined : left);
	}

	get #all(): Refused[] {
		const value = loadValue(this.#key);
		return Array.isArray(value) ? value.filter(isRefused) : [];
	}
}
