import type { ChatStore } from '../ports/chat-store.ts';
import type { RoomMembers, RouteDirectory } from '../ports/route-directory.ts';
import { maxListedMembers } from '../protocol/limits.ts';
import { inboxKey, roomKey } from '../protocol/logs.ts';
import type { HandlersOf } from '../protocol/rpc.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Outbox } from './outbox.ts';
import type { Sessions } from './sessions.ts';

type RoomMethods = 'logic.enter' | 'logic.join' | 'logic.membersChanged' | 'logic.members' | 'logic.count';

interface Parts {
	readonly store: ChatStore;
	readonly sessions: Sessions;
	readonly routes: RouteDirectory;
	readonly outbox: Outbox;
	readonly logger: Logger;
}

/** Where sockets begin to follow rooms and inboxes, and who is in a room. */
export const createRooms = (parts: Parts): Pick<HandlersOf<'logic'>, RoomMethods> => {
	const { store, sessions, routes, outbox, logger } = parts;

	let lastAt = 0;
	/** Strictly increasing, so that of two lists of a room the newer wins. Taken before the room is read: a late answer must not look new. */
	const nextAt = (): number => {
		lastAt = Math.max(Date.now(), lastAt + 1);
		return lastAt;
	};

	/** Reads who is in a room; tells the room if wanted. With `limit` 0 only the count. */
	const look = async (roomId: number, limit: number, announce: boolean): Promise<RoomMembers> => {
		const at = nextAt();
		const room = await routes.room(roomId, limit);
		if (announce) {
			const members =
				limit === 0 || room.members === null
					? null
					: Object.fromEntries(room.members.map((member) => [member.id, member.name]));
			outbox.add({ type: 'room', roomId, at, count: room.count, members });
		}
		return room;
	};

	const tellRoom = async (roomId: number): Promise<void> => {
		try {
			await look(roomId, maxListedMembers, true);
		} catch (error) {
			logger.debug({ err: error, roomId }, 'room not told of its members');
		}
	};

	return {
		'logic.enter': async ({ token, roomId }) => {
			const { id, expiresAt, user } = await sessions.require(token);
			const keys = roomId === undefined ? [inboxKey(user.id)] : [inboxKey(user.id), roomKey(roomId)];
			const [inboxHead = 0, roomHead = null] = await store.heads(keys);
			return { user, session: { id, expiresAt }, inboxHead, roomHead };
		},
		'logic.join': async ({ roomId }) => {
			const [head = 0] = await store.heads([roomKey(roomId)]);
			return { head };
		},
		'logic.membersChanged': async ({ roomIds }) => {
			await Promise.all([...new Set(roomIds)].map(tellRoom));
			return {};
		},
		'logic.members': async ({ token, roomId, announce }) => {
			await sessions.require(token);
			return look(roomId, maxListedMembers, announce);
		},
		'logic.count': async ({ token, roomId, announce }) => {
			await sessions.require(token);
			const { count } = await look(roomId, 0, announce);
			return { count };
		},
	};
};
