import type { ChatStore } from '../ports/chat-store.ts';
import { ChatError } from '../protocol/errors.ts';
import { type ConversationKey, directKey, directUsersOf } from '../protocol/logs.ts';
import type { HandlersOf } from '../protocol/rpc.ts';
import type { Sessions } from './sessions.ts';

/** Entries in one answer to `logic.read`: also of the longest bodies (`maxEncodedBodyBytes`) less than 8 MiB, which fits into an RPC message. */
const maxFeedPage = 250;

/** Anyone reads any room; a direct conversation is read by its two users, and to others it does not exist. */
const mayRead = (userId: number, conv: ConversationKey): boolean => {
	const users = directUsersOf(conv);
	return users === undefined || (users.includes(userId) && directKey(...users) === conv);
};

/** Reads the log: for users by page, for connect servers by feed. */
export const createReading = (parts: {
	readonly store: ChatStore;
	readonly sessions: Sessions;
}): Pick<HandlersOf<'logic'>, 'logic.history' | 'logic.read' | 'logic.heads'> => {
	const { store, sessions } = parts;
	return {
		'logic.history': async ({ token, conv, after, before, limit }) => {
			const { user } = await sessions.require(token);
			if (!mayRead(user.id, conv)) throw new ChatError('not-found');
			// One more than asked tells whether there are more.
			const page = await store.history({ conv, after, before, limit: limit + 1 });
			const more = page.length > limit;
			if (!more) return { items: page, more };
			return { items: after === undefined ? page.slice(1) : page.slice(0, limit), more };
		},
		'logic.read': async ({ key, after, limit }) => ({
			entries: await store.readFeed(key, after, Math.min(limit, maxFeedPage)),
		}),
		'logic.heads': async ({ keys }) => ({ heads: keys.length === 0 ? [] : await store.heads(keys) }),
	};
};
