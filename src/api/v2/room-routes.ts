import { OpenRoomV2, RoomV2 } from '../../protocol/http-v2/conversations.ts';
import { roomKey } from '../../protocol/logs.ts';
import { route } from './route.ts';

export const roomRoutes = [
	route({
		method: 'POST',
		path: '/v2/rooms',
		tag: 'conversations (v2)',
		summary: 'Open a room by its name',
		description:
			'Names are compared without regard to case. The room is made if there is none of that name, and keeps the name that it ' +
			'got then. It is not joined by this.',
		body: OpenRoomV2,
		status: 200,
		answer: RoomV2,
		errors: [],
		call: async ({ rpc }, { token, body }) => {
			const { id, name } = await rpc.call('logic.openRoom', { caller: { token }, name: body.name });
			return { conv: roomKey(id), name };
		},
	}),
];
