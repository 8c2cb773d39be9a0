import { isOpenTo } from '../protocol/logs.ts';
import type { HandlersOf } from '../protocol/rpc.ts';
import type { RequireOpen } from './conversation-access.ts';
import type { Marks } from './marks.ts';
import type { Sessions } from './sessions.ts';

/** How far users have got: told by connect servers for their sockets, or by a user with a token. */
export const createMarking = (parts: {
	readonly sessions: Sessions;
	readonly requireOpen: RequireOpen;
	readonly marks: Marks;
}): Pick<HandlersOf<'logic'>, 'logic.mark' | 'logic.markRead'> => {
	const { sessions, requireOpen, marks } = parts;
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
	};
};
