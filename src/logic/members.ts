import type { RoomMembers, RouteDirectory } from '../ports/route-directory.ts';
import { maxListedMembers } from '../protocol/limits.ts';
import { inboxKey } from '../protocol/logs.ts';
import type { UserRef } from '../protocol/message.ts';
import type { HandlersOf } from '../protocol/rpc.ts';
import type { Members } from '../protocol/rpc-values.ts';
import type { Logger } from '../runtime/logger.ts';
import type { ResolveCaller } from './callers.ts';
import type { RequireOpen } from './conversation-access.ts';
import type { Outbox } from './outbox.ts';

type MemberMethods = 'logic.membersChanged' | 'logic.members' | 'logic.online' | 'logic.count';

interface Parts {
	readonly resolveCaller: ResolveCaller;
	readonly requireOpen: RequireOpen;
	readonly routes: RouteDirectory;
	readonly outbox: Outbox;
	readonly logger: Logger;
}

/** Who is here now: in a room, or of a direct conversation. */
export const createMembers = (parts: Parts): Pick<HandlersOf<'logic'>, MemberMethods> => {
	const { resolveCaller, requireOpen, routes, outbox, logger } = parts;

	let lastAt = 0;
	/** Strictly increasing, so that of two lists of a room the newer wins. Taken before the room is read: a late answer must not look new. */
	const nextAt = (): number => {
		lastAt = Math.max(Date.now(), lastAt + 1);
		return lastAt;
	};

	/** Reads who is in a room; tells the room if wanted. With `limit` 0 only the count. */
	const look = async (roomId: number, limit: number, announce: boolean): Promise<RoomMembers & { at: number }> => {
		const at = nextAt();
		const { count, members: list } = await routes.room(roomId, limit);
		if (announce) {
			const members =
				limit === 0 || list === null ? null : Object.fromEntries(list.map((member) => [member.id, member.name]));
			outbox.add({ type: 'room', roomId, at, count, members });
		}
		return { at, count, members: list };
	};

	/** Those of these users who are connected somewhere. */
	const connected = async (ids: readonly number[]): Promise<ReadonlySet<number>> => {
		const servers = await routes.serversOf(ids.map(inboxKey));
		return new Set(ids.filter((_, index) => (servers[index] ?? []).length > 0));
	};

	/** Those of a direct conversation. */
	const lookAtUsers = async (users: readonly UserRef[]): Promise<Members> => {
		const at = nextAt();
		const online = await connected(users.map(({ id }) => id));
		const members = users.filter(({ id }) => online.has(id));
		return { at, count: members.length, members };
	};

	const tellRoom = async (roomId: number): Promise<void> => {
		try {
			await look(roomId, maxListedMembers, true);
		} catch (error) {
			logger.debug({ err: error, roomId }, 'room not told of its members');
		}
	};

	return {
		'logic.membersChanged': async ({ roomIds }) => {
			await Promise.all([...new Set(roomIds)].map(tellRoom));
			return {};
		},
		'logic.members': async ({ caller, conv, announce }) => {
			const user = await resolveCaller(caller);
			const open = await requireOpen(conv, user.id);
			if ('roomId' in open) return look(open.roomId, maxListedMembers, announce);
			return lookAtUsers(open.other.id === user.id ? [user] : [user, open.other]);
		},
		'logic.online': async ({ caller, userIds }) => {
			await resolveCaller(caller);
			return { userIds: [...(await connected(userIds))] };
		},
		'logic.count': async ({ token, roomId, announce }) => {
			await resolveCaller({ token });
			const { count } = await look(roomId, 0, announce);
			return { count };
		},
	};
};
