import { join } from './join.ts';
import { measureFlow } from './measure-flow.ts';
import { halves, randomPairs } from './pairs.ts';
import type { PeerScenario } from './peers.ts';
import { roundedLatencies } from './result.ts';
import { defaultSeconds, type Flow, step } from './step.ts';

const firstRate = 500;

const conversation = (one: number, other: number): string => `dm:${Math.min(one, other)}:${Math.max(one, other)}`;

/** One half of the users sends, the other one receives, so that each has one socket, and each message one that counts it. */
export const directV2: PeerScenario = {
	summary: 'direct messages over sockets of protocol v2, from 500 users to random ones of 500 others',
	clients: 1000,
	targets: ['tschat-cluster', 'tschat-embedded'],
	measure: async (bench) => {
		const { target, clients, options } = bench;
		const { senders, receivers } = halves(await target.users(clients));
		await join(
			bench,
			receivers.map((user) => ({ user, roomId: 0 })),
			{ dialect: 'v2' },
		);
		const urlOf = (id: number) => target.sockets[id % target.sockets.length] ?? '';
		const sockets = randomPairs(senders, receivers).map(({ from, to }) => ({
			url: urlOf(from.id),
			user: from,
			conv: conversation(from.id, to.id),
		}));
		const flow: Flow = { routes: { sockets }, readersOf: () => 1 };
		const result = await measureFlow(bench, flow, firstRate);
		const held = result.held_per_second ?? 0;
		if (options.rate !== undefined || held === 0) return result;
		const atHalf = await step(bench, flow, held / 2, options.seconds ?? defaultSeconds);
		return { ...result, half_load: { held_per_second: held / 2, ...roundedLatencies(atHalf) } };
	},
};
