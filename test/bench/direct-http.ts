import { inRooms, join } from './join.ts';
import { measureFlow } from './measure-flow.ts';
import { randomPairs } from './pairs.ts';
import type { PeerScenario } from './peers.ts';

const pairsPerUser = 5;
const firstRate = 500;

/** A sender's own client gets nothing: so it is in gochat's protocol, and with the servers beside tschat. */
export const directHttp: PeerScenario = {
	summary: 'direct messages between random two of 200 users, in over HTTP',
	clients: 200,
	measure: async (bench) => {
		const { target, clients } = bench;
		const users = await target.users(Math.max(2, clients));
		await join(bench, inRooms(users));
		const posts = randomPairs(users.length * pairsPerUser, users, users).map(
			({ from, to }) =>
				(body: string) =>
					target.userPost(from, to, body),
		);
		return measureFlow(bench, { routes: { http: target.http, posts }, readersOf: () => 1 }, firstRate);
	},
};
