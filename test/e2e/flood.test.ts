import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Embedded, startEmbedded } from '../support/cluster.ts';
import { tokenOf } from '../support/gochat-client.ts';
import { type TschatClient, tschatWebSocketClient } from '../support/tschat-client.ts';

const flooder = fileURLToPath(new URL('../support/flooder.mjs', import.meta.url));
const members = 20;
/** Of all of them together. */
const messageEveryMs = 25;
const phaseMs = 300;
const rounds = 11;
const burstMs = 1500;
/** What a flood may add to the median: a fifth, and a millisecond for the noise of a machine that others share. */
const factor = 1.2;
const toleranceMs = 1;
/** And to the time that 95 of 100 messages stay below: there are more messages to a flush then, which take one or two of its pauses. */
const slowToleranceMs = 5;
/** What 95 of 100 messages stay below while a burst that is allowed is worked off. */
const burstSlowMs = 100;

let chat: Embedded;
let clients: TschatClient[];
let sent = 0;

beforeAll(async () => {
	// Loopback as any address: the flooder has one of its own.
	// All clients come from one address that counts: only how they sign up is not what is looked at.
	chat = await startEmbedded({ 'proxy.trusted': '', 'limits.register_per_hour': 1000 });
	const tokens = await Promise.all(
		Array.from({ length: members }, (_, index) => tokenOf(chat.apiUrl, `member-${index}`)),
	);
	clients = await Promise.all(tokens.map((token) => tschatWebSocketClient(chat.wsUrl, { token })));
	for (const client of clients) await client.ask({ type: 'join', conv: 'room:1' }, 'joined');
});
afterAll(() => chat.stop());

/** Members write in turn for a while; how long each message took to each member, in ms. */
const chatFor = async (ms: number): Promise<number[]> => {
	const latencies: number[] = [];
	const sentAt = new Map<string, number>();
	let missing = 0;
	const stop = clients.map((client) =>
		client.onFrame((frame) => {
			const at = frame.type === 'message' ? sentAt.get(frame.body) : undefined;
			if (at === undefined) return;
			latencies.push(performance.now() - at);
			missing -= 1;
		}),
	);
	for (const end = performance.now() + ms; performance.now() < end; await sleep(messageEveryMs)) {
		sent += 1;
		const body = `message ${sent}`;
		missing += members;
		sentAt.set(body, performance.now());
		clients[sent % members]?.send({ type: 'send', ref: body, conv: 'room:1', kind: 'text', body });
	}
	for (const end = performance.now() + 5000; missing > 0 && performance.now() < end; ) await sleep(5);
	for (const forget of stop) forget();
	for (const client of clients) client.frames.length = 0;
	expect(missing, 'messages that did not come').toBe(0);
	return latencies;
};

const quantile = (values: readonly number[], part: number): number =>
	values.toSorted((one, other) => one - other)[Math.floor(values.length * part)] ?? 0;
const median = (values: readonly number[]): number => quantile(values, 0.5);
const slow = (values: readonly number[]): number => quantile(values, 0.95);

const tell = async (process: ChildProcess, command: 'start' | 'stop'): Promise<void> => {
	const answer = once(process, 'message');
	process.send(command);
	await answer;
};

test.each([
	['sends', 1],
	['sends', 10],
	['pushes', 1],
	['pings', 1],
	['junk', 1],
	['pages', 1],
	['connects', 1],
])(
	'a flood of %s by one user on %i connections changes the latency of others by less than a fifth',
	async (kind, connections) => {
		const token = await tokenOf(chat.apiUrl, 'flooder');
		const process = fork(flooder, [kind, String(connections), chat.wsUrl, String(chat.tcpPorts[0]), token]);
		try {
			const quiet: number[][] = [];
			const flooded: number[][] = [];
			// What a user may send at once after a pause comes first, and is over then.
			await tell(process, 'start');
			const burst = await chatFor(burstMs);
			await tell(process, 'stop');
			for (let round = 0; round < rounds; round += 1) {
				quiet.push(await chatFor(phaseMs));
				await tell(process, 'start');
				flooded.push(await chatFor(phaseMs));
				await tell(process, 'stop');
			}
			const told = (of: (values: readonly number[]) => number) =>
				`each round ${quiet.map(of).map(Math.round)}, with the flood ${flooded.map(of).map(Math.round)}`;
			const [before, during] = [median(quiet.map(median)), median(flooded.map(median))];
			// What a flood leaves behind is not over with it.
			expect(before).toBeLessThan(100);
			expect(during, told(median)).toBeLessThan(before * factor + toleranceMs);
			const [slowBefore, slowDuring] = [median(quiet.map(slow)), median(flooded.map(slow))];
			expect(slowDuring, told(slow)).toBeLessThan(slowBefore * factor + slowToleranceMs);
			expect(slow(burst)).toBeLessThan(burstSlowMs);
		} finally {
			process.kill();
		}
	},
	60_000,
);
