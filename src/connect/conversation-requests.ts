import { ChatError } from '../protocol/errors.ts';
import { type ConversationKey, inboxKey, inboxOwnerOf, isOpenTo, type RoomKey, roomOf } from '../protocol/logs.ts';
import type { Message, UserRef } from '../protocol/message.ts';
import type { ServerFrameV2 } from '../protocol/v2/server-frames.ts';
import { type MessageV2, toConversationV2, toMessageV2, toReceiptV2, toTime } from '../protocol/v2/values.ts';
import type { Channel } from './channel.ts';
import { requireUser, withRef } from './frame-support.ts';
import type { RequestParts, Requests } from './requests.ts';

const defaultHistoryPage = 50;
const defaultConversationsPage = 100;
const typingIntervalMs = 1000;

type Types = 'send' | 'ack' | 'read' | 'history' | 'receipts' | 'typing' | 'online' | 'conversations' | 'ping';

const messageFor = (user: UserRef, message: Message): MessageV2 => ({
	...toMessageV2(message),
	...(message.from.id === user.id && { ref: message.ref }),
});

/** Asks for less until the answer fits into a frame; a single item always does. */
const fitting = async <F extends ServerFrameV2>(
	channel: Channel,
	limit: number,
	ask: (limit: number) => Promise<F>,
): Promise<F> => {
	const frame = await ask(limit);
	return limit === 1 || channel.codec.v2?.fits(frame) ? frame : fitting(channel, Math.ceil(limit / 2), ask);
};

/** Bytes of a page that cost as much as a frame. */
const bytesPerFrame = 8192;

const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** As many messages of a page as `bytes` hold, from its beginning or its end; at least one. And how many bytes they are. */
const cut = (items: readonly MessageV2[], { bytes, fromStart }: { bytes: number; fromStart: boolean }) => {
	let [kept, size] = [0, 0];
	for (const item of fromStart ? items : items.toReversed()) {
		// With the comma.
		const withItem = size + jsonBytes(item) + 1;
		if (withItem > bytes && kept > 0) break;
		[kept, size] = [kept + 1, withItem];
	}
	return { items: fromStart ? items.slice(0, kept) : items.slice(items.length - kept), size };
};

/** What a client of v2 does in its conversations, and what it asks about those of whom it has any. */
export const createConversationRequests = (parts: RequestParts): Requests<Types> => {
	const { rpc, marks, rate } = parts;

	/** The user, if a mark or typing may come from this socket (rooms must be followed), and whether others hear of it. */
	const participant = (channel: Channel, conv: ConversationKey): { user: UserRef; quiet: boolean } => {
		const user = requireUser(channel);
		const isRoom = roomOf(conv) !== undefined;
		const following = channel.feeds.get(conv as RoomKey);
		if (isRoom ? following === undefined : !isOpenTo(conv, user.id)) throw new ChatError('not-found');
		return { user, quiet: following?.feed.large ?? false };
	};

	return {
		send: async (channel, { ref, conv, body }) => {
			const user = requireUser(channel);
			const { id, seq, at } = await rpc.call('logic.send', { sender: { user }, to: { conv }, body, ref });
			channel.answer({ type: 'sent', ref, conv, id, seq, at: toTime(at) });
		},
		ack: async (channel, { conv, seq }) => {
			const { user, quiet } = participant(channel, conv);
			// One's own devices need only what was read: in a large room nobody would ever be told.
			if (!quiet) marks.delivered(user.id, conv, seq);
		},
		read: async (channel, { conv, seq }) => {
			const { user, quiet } = participant(channel, conv);
			marks.read(user.id, conv, seq, quiet);
		},
		history: async (channel, frame) => {
			const user = requireUser(channel);
			const { conv, before, after, limit = defaultHistoryPage } = frame;
			const bounds = { ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
			const found = await rpc.call('logic.history', { caller: { user }, conv, limit, ...bounds });
			const items = found.items.map((message) => messageFor(user, message));
			const answer = { type: 'messages' as const, ...withRef(frame), conv, items: [], more: true };
			const bytes = (channel.codec.v2?.maxFrameBytes ?? 0) - jsonBytes(answer);
			const fitting = cut(items, { bytes, fromStart: after !== undefined });
			// What is left out was read for nothing; its bytes are paid for when it is asked for again.
			rate.spend(channel, fitting.size / bytesPerFrame + items.length - fitting.items.length);
			channel.answer({ ...answer, items: fitting.items, more: found.more || fitting.items.length < items.length });
		},
		receipts: async (channel, frame) => {
			const user = requireUser(channel);
			const { conv } = frame;
			const { items } = await rpc.call('logic.receipts', { caller: { user }, conv });
			channel.answer({ type: 'receipts', ...withRef(frame), conv, items: items?.map(toReceiptV2) ?? null });
		},
		typing: async (channel, { conv }) => {
			const { user, quiet } = participant(channel, conv);
			if (!quiet && channel.mayTellTyping(conv, typingIntervalMs)) await rpc.call('logic.typing', { user, conv });
		},
		online: async (channel, frame) => {
			const user = requireUser(channel);
			// Nobody has a number beyond those that can be told.
			const userIds = frame.users.map(Number).filter(Number.isSafeInteger);
			const online = await rpc.call('logic.online', { caller: { user }, userIds });
			channel.answer({ type: 'online', ...withRef(frame), users: online.userIds.map(String) });
		},
		conversations: async (channel, frame) => {
			const user = requireUser(channel);
			const { after, limit = defaultConversationsPage } = frame;
			const page = async (most: number) => {
				const place = after === undefined ? {} : { after };
				const found = await rpc.call('logic.conversations', { caller: { user }, limit: most, ...place });
				const items = found.items.map(toConversationV2);
				return { type: 'conversations' as const, ...withRef(frame), items, next: found.next };
			};
			channel.answer(await fitting(channel, limit, page));
		},
		ping: async (channel, frame) => {
			const user = requireUser(channel);
			if (frame.heads !== true) {
				channel.answer({ type: 'pong', ...withRef(frame) });
				return;
			}
			const heads: Record<string, number> = {};
			for (const [key, { feed, reading }] of channel.feeds) {
				if (reading && inboxOwnerOf(key) === undefined) heads[key] = feed.delivered;
			}
			const inbox = channel.feeds.get(inboxKey(user.id));
			const position = inbox?.reading ? { inbox: inbox.feed.delivered } : {};
			channel.answer({ type: 'pong', ...withRef(frame), ...position, heads });
		},
	};
};
