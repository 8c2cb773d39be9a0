import { type RoomKey, roomOf } from '../protocol/logs.ts';
import { callApi } from './http.ts';

/** A room that has a name. */
export interface NamedRoom {
	readonly id: number;
	readonly conv: RoomKey;
	/** As it was first written. */
	readonly name: string;
}

/**
 * The room of a name, compared without regard to case; it is made if there is none. It is not joined by this. Rejects with
 * `bad-request` for what cannot be a name, digits alone among it, and with `unauthorized`.
 *
 * ```ts
 * const { conv } = await openRoom({ api, token, name: 'general' });
 * await chat.conversation(conv).join();
 * ```
 */
export const openRoom = async (query: { api: string; token: string; name: string }): Promise<NamedRoom> => {
	const { api, token, name } = query;
	const body = { name };
	const room = (await callApi(api, '/v2/rooms', { method: 'POST', token, body })) as Omit<NamedRoom, 'id'>;
	return { id: roomOf(room.conv) ?? 0, ...room };
};
