import { setTimeout as pause } from 'node:timers/promises';
import { inRooms, join } from './join.ts';
import type { PeerScenario } from './peers.ts';
import { noMessages } from './result.ts';
import type { ProcessUsage } from './targets/processes.ts';
import { sample, usageBetween } from './targets/processes.ts';
import { watchUsage } from './usage.ts';

const connectRate = 1000;
const settleMs = 5000;

/** Those that hold the sockets. */
const holdsSockets = ({ name }: { readonly name: string }): boolean => /^(connect-ws|tschat|socketio|bare)/.test(name);

const memory = (processes: readonly ProcessUsage[]): number =>
	processes.filter(holdsSockets).reduce((sum, { rss_bytes }) => sum + rss_bytes, 0);

export const idle: PeerScenario = {
	summary: 'memory for each of 10,000 connections, in rooms of 20, by the RSS of what holds them before and 5 s after',
	clients: 10_000,
	measure: async (bench) => {
		const { target, clients, options, progress } = bench;
		const places = inRooms(await target.users(clients));
		const servers = target.processes();
		const now = sample(servers);
		const before = memory(usageBetween(servers, now, now));
		const usage = await watchUsage(bench);
		await join(bench, places, { rate: options.rate ?? connectRate, idle: true, returnTo: [] });
		await pause(settleMs);
		const { processes, load } = await usage();
		const bytes = Math.round((memory(processes) - before) / places.length);
		const isKnown = servers.some(holdsSockets);
		if (isKnown) progress(`${bytes} bytes a connection`);
		return {
			name: target.name,
			...noMessages,
			p50_ms: null,
			p95_ms: null,
			p99_ms: null,
			processes,
			...(isKnown && { rss_bytes_per_connection: bytes }),
			load,
		};
	},
};
