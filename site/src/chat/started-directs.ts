import type { User } from 'tschat/client';
import { loadValue, saveValue } from '../persisted.ts';

const most = 50;

const isUser = (value: unknown): value is User => {
	const { id, name } = (value ?? {}) as Partial<User>;
	return typeof id === 'string' && typeof name === 'string';
};

/** People to whom one has turned and not written yet: the server knows nothing of it, and a reload must not lose it. */
export class StartedDirects {
	readonly #key: string;

	constructor(userId: string) {
		this.#key = `tschat.directs.${userId}`;
	}

	get users(): readonly User[] {
		const value = loadValue(this.#key);
		return Array.isArray(value) ? value.filter(isUser) : [];
	}

	add({ id, name }: User): void {
		saveValue(this.#key, [{ id, name }, ...this.users.filter((user) => user.id !== id)].slice(0, most));
	}

	/** The server knows of it. */
	remove(userId: string): void {
		const { users } = this;
		if (users.some(({ id }) => id === userId))
			saveValue(
				this.#key,
				users.filter(({ id }) => id !== userId),
			);
	}
}
