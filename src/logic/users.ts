import type { ChatStore } from '../ports/chat-store.ts';
import { ChatError } from '../protocol/errors.ts';
import type { UserRef } from '../protocol/message.ts';

/** About 100 bytes each. */
const maxCached = 50_000;

export interface Users {
	/** Rejects with `user-unknown` when there is none. */
	require(id: number): Promise<UserRef>;
}

/** Users by id, the lately used from memory: users are never removed and names never change. */
export const createUsers = (store: ChatStore): Users => {
	// A Map keeps the order of insertion: the first key is the one not used for longest.
	const cache = new Map<number, UserRef>();
	return {
		require: async (id) => {
			const cached = cache.get(id);
			const user = cached ?? (await store.usersById([id]))[0];
			if (user === undefined) throw new ChatError('user-unknown');
			cache.delete(id);
			cache.set(id, user);
			if (cache.size > maxCached) {
				for (const oldest of cache.keys()) {
					cache.delete(oldest);
					break;
				}
			}
			return user;
		},
	};
};
