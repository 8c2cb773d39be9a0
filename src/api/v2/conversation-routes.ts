import { nanoid } from 'nanoid';
import Type from 'typebox';
import { ChatError } from '../../protocol/errors.ts';
import {
	ConversationParams,
	HistoryPage,
	HistoryQuery,
	InboxPage,
	InboxQuery,
	JoinedV2,
	MembersV2,
	ReadV2,
	ReceiptsV2,
	RoomParams,
	SendV2,
	SentV2,
} from '../../protocol/http-v2/conversations.ts';
import { type RoomKey, roomOf } from '../../protocol/logs.ts';
import { toConversationV2, toMessageV2, toReceiptV2, toTime, toUserV2 } from '../../protocol/v2/values.ts';
import { route } from './route.ts';

const tag = 'conversations (v2)';

/** The number of a room. Throws `not-found` for one that no number of JavaScript holds. */
const roomNumber = (conv: RoomKey): number => {
	const roomId = roomOf(conv);
	if (roomId === undefined || !Number.isSafeInteger(roomId)) throw new ChatError('not-found');
	return roomId;
};

const defaultInboxPage = 100;
const defaultHistoryPage = 50;

export const conversationRoutes = [
	route({
		method: 'GET',
		path: '/v2/conversations',
		tag,
		summary: 'List your conversations',
		description: 'Rooms that you joined and direct conversations, the newest activity first.',
		query: InboxQuery,
		status: 200,
		answer: InboxPage,
		errors: [],
		call: async ({ rpc }, { token, query: { limit = defaultInboxPage, ...place } }) => {
			const { items, next } = await rpc.call('logic.conversations', { ...place, caller: { token }, limit });
			return { items: items.map(toConversationV2), next };
		},
	}),
	route({
		method: 'PUT',
		path: '/v2/conversations/:conv/membership',
		tag,
		summary: 'Join a room',
		description:
			'Puts it among your conversations, read up to its newest message if it was not there. Sockets join by themselves.',
		params: RoomParams,
		status: 200,
		answer: JoinedV2,
		errors: ['not-found', 'limit-reached'],
		call: async ({ rpc }, { token, params: { conv } }) => {
			const { head, read, name } = await rpc.call('logic.join', { caller: { token }, roomId: roomNumber(conv) });
			return { head, read, name };
		},
	}),
	route({
		method: 'DELETE',
		path: '/v2/conversations/:conv/membership',
		tag,
		summary: 'Leave a room',
		description: 'Takes it out of your conversations. Sockets that follow it go on until they leave.',
		params: RoomParams,
		status: 204,
		answer: Type.Null(),
		errors: ['not-found'],
		call: async ({ rpc }, { token, params: { conv } }) => {
			await rpc.call('logic.leave', { caller: { token }, roomId: roomNumber(conv) });
			return null;
		},
	}),
	route({
		method: 'GET',
		path: '/v2/conversations/:conv/messages',
		tag,
		summary: 'Read a page of a conversation',
		description: 'Oldest first. `before` and `after` exclude their own `seq`; with neither, the newest page.',
		params: ConversationParams,
		query: HistoryQuery,
		status: 200,
		answer: HistoryPage,
		errors: ['not-found'],
		call: async ({ rpc }, { token, params: { conv }, query: { limit = defaultHistoryPage, ...bounds } }) => {
			const page = { ...bounds, caller: { token }, conv, limit };
			const { items, more } = await rpc.call('logic.history', page);
			return { items: items.map(toMessageV2), more };
		},
	}),
	route({
		method: 'POST',
		path: '/v2/conversations/:conv/messages',
		tag,
		summary: 'Send a message',
		description:
			'Accepted when answered. The same message under the same `ref` again gets the same answer, and is one message; ' +
			'another one is refused.',
		params: ConversationParams,
		body: SendV2,
		status: 201,
		answer: SentV2,
		errors: ['muted', 'not-found', 'ref-taken'],
		call: async ({ rpc }, { token, params: { conv }, body: { ref = nanoid(), body } }) => {
			const { id, seq, at } = await rpc.call('logic.send', { sender: { token }, to: { conv }, body, ref });
			return { ref, conv, id, seq, at: toTime(at) };
		},
	}),
	route({
		method: 'PUT',
		path: '/v2/conversations/:conv/read',
		tag,
		summary: 'Tell how far you have read',
		description:
			'Never goes back, nor beyond the newest message. Your other devices and those who may see it are told. Without effect in ' +
			'a room that is not among your conversations.',
		params: ConversationParams,
		body: ReadV2,
		status: 204,
		answer: Type.Null(),
		errors: ['not-found'],
		call: async ({ rpc }, { token, params: { conv }, body: { seq } }) => {
			await rpc.call('logic.markRead', { token, conv, seq });
			return null;
		},
	}),
	route({
		method: 'GET',
		path: '/v2/conversations/:conv/receipts',
		tag,
		summary: 'How far everybody has got',
		description: 'Delivered to a device, and read: of those among whose conversations it is, you too, in any order.',
		params: ConversationParams,
		status: 200,
		answer: ReceiptsV2,
		errors: ['not-found'],
		call: async ({ rpc }, { token, params: { conv } }) => {
			const { items } = await rpc.call('logic.receipts', { caller: { token }, conv });
			return { items: items?.map(toReceiptV2) ?? null };
		},
	}),
	route({
		method: 'GET',
		path: '/v2/conversations/:conv/members',
		tag,
		summary: 'Who is here now',
		description: 'The users in a room, or those of a direct conversation who are connected.',
		params: ConversationParams,
		status: 200,
		answer: MembersV2,
		errors: ['not-found'],
		call: async ({ rpc }, { token, params: { conv } }) => {
			const asked = { caller: { token }, conv, announce: false };
			const { members, count } = await rpc.call('logic.members', asked);
			return { items: members?.map(toUserV2) ?? null, count };
		},
	}),
];
