import type { ChatStore } from '../ports/chat-store.ts';
import { ChatError } from '../protocol/errors.ts';
import { inboxKey, isOpenTo, roomKey, roomOf } from '../protocol/logs.ts';
import type { HandlersOf } from '../protocol/rpc.ts';
import type { ResolveCaller } from './callers.ts';
import type { Outbox } from './outbox.ts';
import { membershipOf } from './receipts.ts';
import type { Sessions } from './sessions.ts';

type FollowMethods = 'logic.enter' | 'logic.join' | 'logic.leave';

/** Where sockets begin to follow: their user's inbox, rooms, and the conversations that they resume. */
export const createFollowing = (parts: {
	readonly store: ChatStore;
	readonly sessions: Sessions;
	readonly resolveCaller: ResolveCaller;
	readonly outbox: Pick<Outbox, 'add'>;
	/** Rooms that a user may have. */
	readonly mostRooms: number;
	/** Told of each join that was refused since its user had so many. */
	readonly roomRefused: () => void;
}): Pick<HandlersOf<'logic'>, FollowMethods> => {
	const { store, sessions, resolveCaller, outbox, mostRooms, roomRefused } = parts;
	return {
		'logic.enter': async ({ token, convs }) => {
			const { id, expiresAt, user } = await sessions.require(token);
			const open = convs.filter((conv) => isOpenTo(conv, user.id));
			const heads = store.heads([inboxKey(user.id)]);
			// What comes to a direct conversation between the two is told by the inbox; the other way round nobody would tell it.
			if (open.some((conv) => roomOf(conv) === undefined)) await heads;
			const [[inboxHead = 0], found] = await Promise.all([
				heads,
				open.length === 0 ? [] : store.standings(user.id, open),
			]);
			const standings = new Map(open.map((conv, index) => [conv, found[index] ?? null]));
			return {
				user,
				session: { id, expiresAt },
				inboxHead,
				convs: convs.map((conv) => standings.get(conv) ?? null),
			};
		},
		'logic.join': async ({ caller, roomId }) => {
			const { id: userId } = await resolveCaller(caller);
			const conv = roomKey(roomId);
			const [found, [named]] = await Promise.all([
				store.joinRoom(userId, conv, Date.now(), mostRooms),
				store.namedRooms([roomId]),
			]);
			if (found === undefined) {
				roomRefused();
				throw new ChatError('limit-reached', `conv: at most ${mostRooms} rooms of a user`);
			}
			const { joined, ...standing } = found;
			if (joined) outbox.add(membershipOf({ userId, ...standing }, conv, true));
			return { ...standing, name: named?.name ?? null };
		},
		'logic.leave': async ({ caller, roomId }) => {
			const { id: userId } = await resolveCaller(caller);
			const conv = roomKey(roomId);
			const left = await store.leaveRoom(userId, conv);
			if (left) outbox.add(membershipOf({ userId, delivered: 0, read: 0 }, conv, false));
			return {};
		},
	};
};
