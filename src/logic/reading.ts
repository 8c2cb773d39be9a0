import type { ChatStore } from '../ports/chat-store.ts';
import type { HandlersOf } from '../protocol/rpc.ts';
import type { ResolveCaller } from './callers.ts';
import type { RequireOpen } from './conversation-access.ts';

/** Entries in one answer to `logic.read`: also of the longest bodies (`maxEncodedBodyBytes`) less than 8 MiB, which fits into an RPC message. */
const maxFeedPage = 250;

/** Reads the log: for users by page, for connect servers by feed. */
export const createReading = (parts: {
	readonly store: ChatStore;
	readonly resolveCaller: ResolveCaller;
	readonly requireOpen: RequireOpen;
}): Pick<HandlersOf<'logic'>, 'logic.history' | 'logic.read' | 'logic.heads'> => {
	const { store, resolveCaller, requireOpen } = parts;
	return {
		'logic.history': async ({ caller, conv, after, before, limit }) => {
			const user = await resolveCaller(caller);
			await requireOpen(conv, user.id);
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
