import { dialectOf, inRooms, join } from './join.ts';
import type { PeerScenario } from './peers.ts';
import { noMessages, rounded, roundedLatencies } from './result.ts';
import { watchUsage } from './usage.ts';

/** tschat by its own protocol, where a client is told at once that it is in; by gochat's it learns it from its room, up to a second later. */
export const connect: PeerScenario = {
	summary: 'how many of 5,000 clients a second connect, authenticate and join rooms of 20, 200 at a time',
	clients: 5000,
	measure: async (bench) => {
		const { target, clients, options, progress } = bench;
		const places = inRooms(await target.users(clients));
		const usage = await watchUsage(bench);
		const connected = await join(bench, places, {
			dialect: dialectOf(bench, 'v2'),
			rate: options.rate ?? 0,
			idle: true,
			returnTo: [],
		});
		const used = await usage();
		const perSecond = rounded(places.length / connected.seconds, 0);
		progress(`${perSecond} connections a second`);
		return {
			name: target.name,
			...noMessages,
			...roundedLatencies(connected),
			processes: used.processes,
			connections_per_second: perSecond,
			load: used.load,
		};
	},
};
