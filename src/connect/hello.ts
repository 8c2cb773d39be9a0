import { ChatError } from '../protocol/errors.ts';
import { maxBodyBytes, maxHistoryPage } from '../protocol/limits.ts';
import { type ConversationKey, inboxKey, type RoomKey, roomOf } from '../protocol/logs.ts';
import type { Message } from '../protocol/message.ts';
import type { ResultOf } from '../protocol/rpc.ts';
import type { ClientFrameOf } from '../protocol/v2/client-frames.ts';
import { toUserV2 } from '../protocol/v2/values.ts';
import type { Channel } from './channel.ts';
import { resumePoint } from './frame-support.ts';
import { authenticate } from './identity.ts';
import type { RequestParts, Requests } from './requests.ts';

type Entered = ResultOf<'logic.enter'>;
type Standing = NonNullable<Entered['convs'][number]>;

/** A conversation that hello named: what the client has of it, and where it stands. */
interface Named {
	readonly conv: ConversationKey;
	readonly cursor: number;
	readonly standing: Standing;
}

/**
 * What hello names of conversations, but for the rooms beyond the limit. A hello is not refused for those: the limit may be lower than
 * that of the server before, and a client that keeps its rooms would come back with the same for ever.
 */
const within = (most: number, { cursors = {} }: ClientFrameOf<'hello'>) => {
	let rooms = 0;
	const all = Object.entries(cursors) as [ConversationKey, number][];
	const taken = all.filter(([conv]) => {
		if (roomOf(conv) === undefined) return true;
		rooms += 1;
		return rooms <= most;
	});
	return { taken, beyond: all.length - taken.length };
};

/** The first frame of a client of v2: authenticates, and resumes what it names. */
export const createHello = (parts: RequestParts): Requests<'hello'> => {
	const { rpc, feeds, catchUp, rate, limits, refused, serverId, logger } = parts;

	const welcome = (channel: Channel, frame: ClientFrameOf<'hello'>, entered: Entered, named: readonly Named[]) => {
		const { ref } = frame;
		const answer = {
			type: 'welcome' as const,
			...(ref !== undefined && { ref }),
			user: toUserV2(entered.user),
			serverId,
			limits: {
				bodyBytes: maxBodyBytes,
				rooms: limits.rooms,
				historyPage: maxHistoryPage,
				frameBytes: channel.transport.maxFrameBytes,
			},
			heartbeat: limits.heartbeatMs,
			inbox: entered.inboxHead,
			conversations: named.map(({ conv, standing: { head, read } }) => ({ conv, head, read })),
		};
		channel.answer(channel.codec.v2?.fits(answer) ? answer : { ...answer, conversations: [] });
	};

	const start = (channel: Channel, conv: ConversationKey | 'inbox', cursor: number, head: number): number =>
		resumePoint(channel, conv, { cursor, head, most: limits.resumeMessages });

	/** The rooms that the client names; it follows them again. */
	const resumeRoom = async (channel: Channel, entered: Entered, { conv, cursor, standing }: Named): Promise<void> => {
		const following = feeds.follow(conv as RoomKey, standing.head, channel, entered.user);
		if (following === undefined) return;
		const after = start(channel, conv, cursor, standing.head);
		await catchUp.run(channel, entered.user, following, { after, head: standing.head });
	};

	/** What a client missed of one direct conversation: for clients that keep no inbox position. The last `seq` that it was given. */
	const resumeDirect = async (
		channel: Channel,
		entered: Entered,
		{ conv, cursor, standing }: Named,
	): Promise<number> => {
		let after = start(channel, conv, cursor, standing.head);
		while (after < standing.head) {
			await rate.resumable(channel);
			if (channel.closed) break;
			const page = { caller: { user: entered.user }, conv, after, limit: maxHistoryPage };
			const { items } = await rpc.call('logic.history', page);
			let bytes = 0;
			for (const message of items) {
				const own = message.from.id === entered.user.id;
				const frame = channel.codec.message(message, { own, inbox: undefined });
				channel.send(frame);
				bytes += frame.length;
				after = message.seq;
				await channel.untilTaken();
			}
			rate.resumed(channel, bytes);
			if (items.length === 0) break;
		}
		return after;
	};

	const resumeInbox = async (
		channel: Channel,
		entered: Entered,
		position: number | undefined,
		direct: readonly Named[],
	): Promise<void> => {
		const head = entered.inboxHead;
		const following = feeds.follow(inboxKey(entered.user.id), head, channel, entered.user);
		if (following === undefined) return;
		if (position !== undefined) {
			const after = start(channel, 'inbox', position, head);
			return catchUp.run(channel, entered.user, following, { after, head });
		}
		if (direct.length === 0) return catchUp.run(channel, entered.user, following, { after: head, head });
		const given = new Map<string, number>();
		for (const named of direct) given.set(named.conv, await resumeDirect(channel, entered, named));
		const wanted = ({ conv, seq }: Message) => seq > (given.get(conv) ?? 0);
		// Whatever was given by then is at or before this head, so that it does not come again.
		const { heads } = await rpc.call('logic.heads', { keys: [following.feed.key] });
		await catchUp.run(channel, entered.user, following, { after: head, head: heads[0] ?? head, wanted });
	};

	return {
		hello: async (channel, frame) => {
			if (channel.identity !== undefined) throw new ChatError('bad-request', 'hello was said already');
			const { taken: cursors, beyond } = within(limits.rooms, frame);
			const askedAt = performance.now();
			const entered = await rpc.call('logic.enter', { token: frame.token, convs: cursors.map(([conv]) => conv) });
			if (channel.closed || !authenticate(parts, channel, entered, askedAt)) return;

			const named = cursors.flatMap(([conv, cursor], index): Named[] => {
				const standing = entered.convs[index];
				return standing ? [{ conv, cursor, standing }] : [];
			});
			welcome(channel, frame, entered, named);
			if (beyond > 0) {
				refused('rooms_per_connection');
				const message = `cursors: at most ${limits.rooms} rooms; not followed: the last ${beyond}`;
				// Without the hello's own `ref`, which the welcome has answered.
				channel.answer({ type: 'error', code: 'limit-reached', message, retryable: false });
			}
			const isRoom = ({ conv }: Named) => roomOf(conv) !== undefined;
			const direct = named.filter((one) => !isRoom(one));
			// Beside the frames that follow: what is missing may be much.
			Promise.all([
				resumeInbox(channel, entered, frame.inbox, direct),
				...named.filter(isRoom).map((one) => resumeRoom(channel, entered, one)),
			]).then(
				() => channel.answer({ type: 'resumed' }),
				(error: unknown) => {
					logger.debug({ err: error }, 'a client could not be resumed');
					channel.close('auth-unavailable');
				},
			);
		},
	};
};
