import { setTimeout as pause } from 'node:timers/promises';
import { join } from './join.ts';
import type { Bench, PeerScenario } from './peers.ts';
import { rounded, roundedLatencies } from './result.ts';
import { defaultBodyBytes } from './step.ts';
import type { RunningTarget } from './targets/target.ts';
import { watchUsage } from './usage.ts';

const rooms = 20;
const defaultRate = 100;
const defaultSeconds = 15;
const killAfterMs = 2000;
const patienceMs = 60_000;
const graceMs = 10_000;

/** pino's number for it. */
const errorLevel = 50;

const isError = (line: string): boolean => {
	const level = /^\{"level":(\d+)/.exec(line)?.[1];
	return level !== undefined && Number(level) >= errorLevel;
};

/** Lines of level error, and worse. */
const errorsOf = ({ log }: RunningTarget, process: string): number =>
	(log?.(process) ?? '').split('\n').filter(isError).length;

/** Room by room; each message is for all that are in its room. */
const sendInto = async ({ target, load, options, clients }: Bench) => {
	const senders = await target.users(rooms);
	const posts = senders.map((user, at) => (body: string) => target.roomPost(user, 1 + at, body));
	const { rate = defaultRate, seconds = defaultSeconds, body: bodyBytes = defaultBodyBytes } = options;
	const sent = await load.send({ http: target.http, posts, rate, seconds, bodyBytes });
	const membersOf = (room: number) => Math.floor((clients - 1 - room) / rooms) + 1;
	return { sent, expected: (index: number) => (sent.isAccepted(index) ? membersOf(index % rooms) : 0) };
};

export const storm: PeerScenario = {
	summary: '10,000 clients lose their server and resume on another, while 100 messages a second go to their 20 rooms',
	clients: 10_000,
	targets: ['tschat-cluster'],
	servers: 2,
	measure: async (bench) => {
		const { target, load, clients, progress } = bench;
		const [first = '', ...others] = target.sockets;
		const victim = target.processes().find(({ name }) => name === 'connect-ws');
		if (victim === undefined || others.length === 0) throw new Error('a storm needs two servers');
		const places = (await target.users(clients)).map((user, index) => ({ user, roomId: 1 + (index % rooms) }));
		await join(bench, places, { dialect: 'v2', sockets: [first], returnTo: others });
		const errorsBefore = errorsOf(target, 'logic');
		await load.reset();
		const usage = await watchUsage(bench);
		const sending = sendInto(bench);
		await pause(killAfterMs);
		progress('killing the server of all clients');
		process.kill(victim.pid, 'SIGKILL');
		const [{ sent, expected }, back] = await Promise.all([sending, load.returned(clients, patienceMs)]);
		const got = await load.collect(expected, graceMs);
		const { processes, load: loaded } = await usage();
		progress(
			`${back.lost - back.away} of ${back.lost} clients are back, the last one after ${rounded(back.seconds)} s; ${back.failures} attempts failed${back.problem === undefined ? '' : `, the first one: ${back.problem}`}`,
		);
		return {
			name: target.name,
			held_per_second: rounded(sent.accepted / sent.seconds, 1),
			deliveries_per_second: Math.round(got.deliveries / got.seconds),
			...roundedLatencies(got),
			missing: got.missing,
			repeated: got.repeated,
			processes,
			seconds_to_recover: rounded(back.seconds),
			away_ms: roundedLatencies(back),
			clients_lost: back.away,
			errors: errorsOf(target, 'logic') - errorsBefore,
			load: loaded,
		};
	},
};
