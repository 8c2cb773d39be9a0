import type { ChatStore } from '../ports/chat-store.ts';
import { maxReceiptMembers } from '../protocol/limits.ts';
import { isOpenTo } from '../protocol/logs.ts';
import type { HandlersOf } from '../protocol/rpc.ts';
import type { ResolveCaller } from './callers.ts';
import type { RequireOpen } from './conversation-access.ts';
import type { Marks } from './marks.ts';
import type { Sessions } from './sessions.ts';

type MarkMethods = 'logic.mark' | 'logic.markRead' | 'logic.receipts';

/** How far users have got: told by connect servers for their sockets, or by a user with a token; asked by whoever may read along. */
export const createMarking = (parts: {
	readonly store: Pick<ChatStore, 'receipts'>;
	readonly sessions: Sessions;
	readonly resolveCaller: ResolveCaller;
	readonly requireOpen: RequireOpen;
	readonly marks: Marks;
}): Pick<HandlersOf<'logic'>, MarkMethods> => {
	const { store, sessions, resolveCaller, requireOpen, marks } = parts;
	return {
		'logic.mark': async (params) => {
			await marks.add(params.marks.filter(({ userId, conv }) => isOpenTo(conv, userId)));
			return {};
		},
		'logic.markRead': async ({ token, conv, seq }) => {
			const { user } = await sessions.require(token);
			await requireOpen(conv, user.id);
			await marks.add([{ userId: user.id, conv, read: seq }]);
			return {};
		},
		'logic.receipts': async ({ caller, conv }) => {
			const user = await resolveCaller(caller);
			await requireOpen(conv, user.id);
			return { items: await store.receipts(conv, maxReceiptMembers) };
		},
	};
};
