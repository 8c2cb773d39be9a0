import type { ConversationKey, DirectKey, RoomKey } from 'tschat/client';

const pattern = /^(room:[1-9][0-9]{0,15}|dm:[1-9][0-9]{0,15}:[1-9][0-9]{0,15})$/;

/** A conversation's key, if the text is one. */
export const parseKey = (text: string): ConversationKey | undefined =>
	pattern.test(text) ? (text as ConversationKey) : undefined;

export const isRoom = (conv: ConversationKey): conv is RoomKey => conv.startsWith('room:');

export const roomKeyOf = (id: number): RoomKey => `room:${id}`;

/** The key of the direct conversation of two users, by their ids. */
export const directKeyOf = (one: string, other: string): DirectKey => {
	const [lower, higher] = [Number(one), Number(other)].sort((a, b) => a - b);
	return `dm:${lower ?? 0}:${higher ?? 0}`;
};
