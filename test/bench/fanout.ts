import { join } from './join.ts';
import { measureFlow } from './measure-flow.ts';
import type { PeerScenario } from './peers.ts';

const room = 1;
const mostSenders = 20;
const firstDeliveries = 100_000;

export const fanout: PeerScenario = {
	summary: 'one room of 500 clients, messages in over HTTP',
	clients: 500,
	measure: async (bench) => {
		const { target, clients } = bench;
		const users = await target.users(clients);
		await join(
			bench,
			users.map((user) => ({ user, roomId: room })),
		);
		const posts = users.slice(0, mostSenders).map((user) => (body: string) => target.roomPost(user, room, body));
		const flow = { routes: { http: target.http, posts }, readersOf: () => clients };
		return measureFlow(bench, flow, Math.max(1, firstDeliveries / clients));
	},
};
