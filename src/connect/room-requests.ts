import { ChatError } from '../protocol/errors.ts';
import { isOpenTo, type RoomKey, roomOf } from '../protocol/logs.ts';
import type { UserRef } from '../protocol/message.ts';
import type { Members } from '../protocol/rpc-values.ts';
import { toUserV2 } from '../protocol/v2/values.ts';
import type { Feed } from './feed.ts';
import { requireUser, resumePoint, withRef } from './frame-support.ts';
import type { RequestParts, Requests } from './requests.ts';

const roomNumber = (conv: RoomKey): number => roomOf(conv) ?? 0;

/** Rooms that a client of v2 joins and leaves, and who is in them. */
export const createRoomRequests = (parts: RequestParts): Requests<'join' | 'leave' | 'members'> => {
	const { rpc, feeds, catchUp, limits, refused, roomEvents } = parts;

	/** What the readers of the room were told; asked for when that is nothing yet. Undefined while it cannot be told. */
	const rosterOf = async (feed: Feed, user: UserRef, conv: RoomKey): Promise<Omit<Members, 'at'> | undefined> => {
		const told = () => {
			const members = feed.roster.list();
			return members === undefined ? undefined : { count: feed.roster.count, members };
		};
		const known = told();
		if (known !== undefined) return known;
		const asked = await rpc.call('logic.members', { caller: { user }, conv, announce: false }).catch(() => undefined);
		if (asked === undefined) return told();
		// The base of the changes that this client is told from now on; unless a newer one has come meanwhile.
		if (asked.at > feed.roster.at) {
			const { at, count, members } = asked;
			feed.roster.take({
				at,
				count,
				members: members && Object.fromEntries(members.map(({ id, name }) => [id, name])),
			});
		}
		return told() ?? asked;
	};

	return {
		join: async (channel, frame) => {
			const user = requireUser(channel);
			const { conv, cursor } = frame;
			if (!isOpenTo(conv, user.id)) throw new ChatError('not-found');
			const rooms = [...channel.feeds.keys()].filter((key) => roomOf(key) !== undefined);
			const follows = channel.feeds.has(conv);
			if (!follows && rooms.length >= limits.rooms) {
				refused('rooms_per_connection');
				throw new ChatError('limit-reached', `conv: at most ${limits.rooms} rooms`);
			}
			const { head, read, name } = await rpc.call('logic.join', { caller: { user }, roomId: roomNumber(conv) });
			if (channel.closed) return;
			const following = feeds.follow(conv, head, channel, user);
			const feed = following?.feed ?? feeds.get(conv);
			const roster = feed && (await rosterOf(feed, user, conv));
			// Whoever joins is in it, though the directory may not know yet.
			const others = roster?.members?.filter(({ id }) => id !== user.id);
			const items = others ? [...others, user].map(toUserV2) : null;
			const count = items?.length ?? roster?.count ?? null;
			const answer = {
				type: 'joined' as const,
				...withRef(frame),
				conv,
				name,
				head,
				read,
				members: items,
				count,
			};
			channel.answer(channel.codec.v2?.fits(answer) ? answer : { ...answer, members: null });
			if (following === undefined) return;
			const most = limits.resumeMessages;
			const after = cursor === undefined ? head : resumePoint(channel, conv, { cursor, head, most });
			void catchUp.run(channel, user, following, { after, head });
		},
		leave: async (channel, frame) => {
			const user = requireUser(channel);
			if (!isOpenTo(frame.conv, user.id)) throw new ChatError('not-found');
			feeds.unfollow(frame.conv, channel, user);
			if (frame.here !== true) await rpc.call('logic.leave', { caller: { user }, roomId: roomNumber(frame.conv) });
			channel.answer({ type: 'left', ...withRef(frame), conv: frame.conv });
		},
		members: async (channel, frame) => {
			const user = requireUser(channel);
			const { conv } = frame;
			const { at, count, members } = await rpc.call('logic.members', { caller: { user }, conv, announce: false });
			const answer = {
				type: 'members' as const,
				...withRef(frame),
				conv,
				items: members?.map(toUserV2) ?? null,
				count,
			};
			channel.answer(channel.codec.v2?.fits(answer) ? answer : { ...answer, items: null });
			const roomId = roomOf(conv);
			const feed = feeds.get(conv);
			if (roomId === undefined || feed === undefined || at <= feed.roster.at) return;
			// Whoever was told something else before is told now: a change can get lost on its way.
			const listed = members && Object.fromEntries(members.map(({ id, name }) => [String(id), name]));
			const item = { type: 'room' as const, roomId, at, count, members: listed };
			if (feed.roster.changeTo(item).any) roomEvents.offer(feed, item);
		},
	};
};
