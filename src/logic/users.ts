import type { ChatStore } from '../ports/chat-store.ts';
import { ChatError } from '../protocol/errors.ts';
import type { UserRef } from '../protocol/message.ts';

/** About 100 bytes each. */
const maxCached = 50_000;

export interface Users {
	find(id: number): Promise<UserRef | undefined>;
	/** Rejects with `user-unknown` when there is none. */
	require(id: number): Promise<UserRef>;
}

/** Users by id, the lately used from memory: users are never removed and names never change. */
export const createUsers = (store: ChatStore): Users => {
	// A Map keeps the order of insertion: the first key is the one not used for longest.
	const cache = new Map<number, UserRef>();

	const keep = (user: UserRef): void => {
		cache.delete(user.id);
		cache.set(user.id, user);
		if (cache.size <= maxCached) return;
		for (const oldest of cache.keys()) {
			cache.delete(oldest);
			break;
		}
	};

	const find = async (id: number): Promise<UserRef | undefined> => {
		const user = cache.get(id) ?? (await store.usersById([id]))[0];
		if (user !== undefined) keep(user);
		return user;
	};

	return {
		find,
		require: async (id) => {
			const user = await find(id);
			if (user === undefined) throw new ChatError('user-unknown');
			return user;
		},
	};
};
