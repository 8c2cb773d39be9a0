import { dialectOf, inRooms, join } from './join.ts';
import type { PeerScenario } from './peers.ts';
import { noMessages, rounded, roundedLatencies } from './result.ts';
import { watchUsage } from './usage.ts';

/** tschat by its own protocol, where a client is told at once that it is in; by gochat's it needs a room, and learns from that, up to a second later. */
export const connect: PeerScenario = {
	summary: 'how many of 5,000 clients a second connect and authenticate, 200 at a time',
	clients: 5000,
	measure: async (bench) => {
		const { target, clients, options, progress } = bench;
		const dialect = dialectOf(bench, 'v2');
		const users = await target.users(clients);
		const places = dialect === 'gochat' ? inRooms(users) : users.map((user) => ({ user, roomId: 0 }));
		const usage = await watchUsage(bench);
		const connected = await join(bench, places, {
			dialect,
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
