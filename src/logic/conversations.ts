import type { ChatStore } from '../ports/chat-store.ts';
import type { HandlersOf } from '../protocol/rpc.ts';
import type { ResolveCaller } from './callers.ts';
import { parsePlace, writePlace } from './inbox-place.ts';

/** The inbox: what a user's conversations are, and where each stands. */
export const createConversations = (parts: {
	readonly store: ChatStore;
	readonly resolveCaller: ResolveCaller;
}): Pick<HandlersOf<'logic'>, 'logic.conversations'> => {
	const { store, resolveCaller } = parts;
	return {
		'logic.conversations': async ({ caller, after, limit }) => {
			const user = await resolveCaller(caller);
			const page = { after: after === undefined ? undefined : parsePlace(after), limit };
			const { lines, next } = await store.inbox(user.id, page);
			return { items: lines, next: next === null ? null : writePlace(next) };
		},
	};
};
