import { inRooms, join, roomSize } from './join.ts';
import { measureFlow } from './measure-flow.ts';
import type { PeerScenario } from './peers.ts';

const firstRate = 500;

export const rooms: PeerScenario = {
	summary: 'rooms of 20, of 1,000 clients in all, messages in over HTTP',
	clients: 1000,
	measure: async (bench) => {
		const { target, clients } = bench;
		const places = inRooms(await target.users(clients));
		await join(bench, places);
		// Whoever came first in a room writes there.
		const writers = places.filter((_, index) => index % roomSize === 0);
		const sizes = writers.map(({ roomId }) => places.filter((place) => place.roomId === roomId).length);
		const posts = writers.map(
			({ user, roomId }) =>
				(body: string) =>
					target.roomPost(user, roomId, body),
		);
		const flow = {
			routes: { http: target.http, posts },
			readersOf: (index: number) => sizes[index % sizes.length] ?? 0,
		};
		return measureFlow(bench, flow, firstRate);
	},
};
