import type { NewMessage } from '../../src/ports/chat-store.ts';
import { directKey, roomKey } from '../../src/protocol/logs.ts';

/** A message of a user to a room, as logic gives it to the store. */
export const toRoom = (roomId: number, senderId: number, ref: string, body = `body of ${ref}`): NewMessage => ({
	conv: roomKey(roomId),
	id: '7250000000000000001',
	from: { id: senderId, name: `user ${senderId}` },
	to: null,
	kind: 'text',
	body,
	at: Date.UTC(2026, 0, 1),
	ref,
	inboxes: [],
});

/** A direct message, as logic gives it to the store. */
export const toUser = (receiverId: number, senderId: number, ref: string): NewMessage => ({
	...toRoom(1, senderId, ref),
	conv: directKey(senderId, receiverId),
	to: { id: receiverId, name: `user ${receiverId}` },
	inboxes: senderId === receiverId ? [senderId] : [senderId, receiverId],
});
