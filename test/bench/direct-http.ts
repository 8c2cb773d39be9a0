import { inRooms, join } from './join.ts';
import { measureFlow } from './measure-flow.ts';
import { halves, randomPairs } from './pairs.ts';
import type { PeerScenario } from './peers.ts';

const firstRate = 500;

/**
 * Everybody is connected; one half of the users sends to the other one. tschat gives a sender's own connections a copy, which the
 * others do not: it costs what it costs, but is not counted, so that each message is one delivery for every target.
 */
export const directHttp: PeerScenario = {
	summary: 'direct messages over HTTP, from 100 users to random ones of 100 others, all of them connected',
	clients: 200,
	measure: async (bench) => {
		const { target, clients } = bench;
		const { senders, receivers } = halves(await target.users(clients));
		const places = inRooms([...senders, ...receivers]);
		await join(bench, places.slice(0, senders.length), { idle: true });
		await join(bench, places.slice(senders.length));
		const posts = randomPairs(senders, receivers).map(
			({ from, to }) =>
				(body: string) =>
					target.userPost(from, to, body),
		);
		return measureFlow(bench, { routes: { http: target.http, posts }, readersOf: () => 1 }, firstRate);
	},
};
