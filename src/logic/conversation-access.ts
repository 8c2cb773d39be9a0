import { ChatError } from '../protocol/errors.ts';
import { type ConversationKey, directUsersOf, isOpenTo, roomOf } from '../protocol/logs.ts';
import type { UserRef } from '../protocol/message.ts';
import type { Users } from './users.ts';

/** A conversation from one user's side: a room, or the other user of a direct one, who may be the same user. */
type OpenConversation = { readonly roomId: number } | { readonly other: UserRef };

/** Rejects with `not-found` for a direct conversation of others or with a user who does not exist: nobody learns which of them is. */
export type RequireOpen = (conv: ConversationKey, userId: number) => Promise<OpenConversation>;

/** Decides who may do something in a conversation. */
export const createConversationAccess =
	(users: Pick<Users, 'find'>): RequireOpen =>
	async (conv, userId) => {
		if (!isOpenTo(conv, userId)) throw new ChatError('not-found');
		const roomId = roomOf(conv);
		if (roomId !== undefined) return { roomId };
		const otherId = directUsersOf(conv)?.find((id) => id !== userId) ?? userId;
		const other = await users.find(otherId);
		if (other === undefined) throw new ChatError('not-found');
		return { other };
	};
