import { inboxKey, roomKey } from '../protocol/logs.ts';
import type { HandlersOf } from '../protocol/rpc.ts';
import type { RequireOpen } from './conversation-access.ts';
import type { Mutes } from './mutes.ts';
import type { Outbox } from './outbox.ts';

/** Who is typing: goes to those who would read it, and is kept nowhere. */
export const createTyping = (parts: {
	readonly requireOpen: RequireOpen;
	readonly mutes: Mutes;
	readonly outbox: Outbox;
}): Pick<HandlersOf<'logic'>, 'logic.typing'> => {
	const { requireOpen, mutes, outbox } = parts;
	return {
		'logic.typing': async ({ user: { id, name }, conv }) => {
			const open = await requireOpen(conv, id);
			const feed = 'roomId' in open ? roomKey(open.roomId) : inboxKey(open.other.id);
			await mutes.current();
			if (mutes.refusal(id) !== undefined) return {};
			// Nobody else reads what one writes to oneself.
			if (feed !== inboxKey(id)) outbox.add({ type: 'typing', feeds: [feed], conv, user: { id, name } });
			return {};
		},
	};
};
