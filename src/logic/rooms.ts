import type { ChatStore } from '../ports/chat-store.ts';
import type { HandlersOf } from '../protocol/rpc.ts';
import type { ResolveCaller } from './callers.ts';
import { parseRoomName } from './room-name.ts';

/** Rooms that are known by a name. Anyone may open one: a name is a short way to a number, and hides nothing. */
export const createRooms = (parts: {
	readonly store: ChatStore;
	readonly resolveCaller: ResolveCaller;
}): Pick<HandlersOf<'logic'>, 'logic.openRoom'> => {
	const { store, resolveCaller } = parts;
	return {
		'logic.openRoom': async ({ caller, name: given }) => {
			const { id } = await resolveCaller(caller);
			const { name, key } = parseRoomName(given);
			return store.openRoom({ name, nameKey: key, createdBy: id, createdAt: Date.now() });
		},
	};
};
