import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Cluster } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';
import { restClient } from '../support/rest-client.ts';
import { http } from './borders/http.ts';
import { createQueueBorder, type Parked } from './borders/queue.ts';
import { rpc } from './borders/rpc.ts';
import { slow } from './borders/slow.ts';
import { socketFrames } from './borders/socket-frames.ts';
import { tcpRaw } from './borders/tcp-raw.ts';
import { webSocketRaw } from './borders/ws-raw.ts';
import { planOf, type Result, runCampaign } from './campaign.ts';
import { type CanaryReport, startCanary } from './canary.ts';
import {
	type Account,
	accountOf,
	canaryPassword,
	leapUserIds,
	startFuzzCluster,
	targetOf,
	worldOf,
} from './fuzz-cluster.ts';
import { type Health, healthOf, loggedErrors, loggedTexts, metricOf, watchEnds } from './health.ts';
import { debuggable, liveMemoryOf } from './live-memory.ts';
import { readersNeeded, startReaders } from './readers.ts';
import { startRenewal } from './renewal.ts';

const plan = planOf(process.env);
const campaignMs = (plan.minutes ?? 4) * 60_000;
const wanted = 100_000;
/** Beyond what is there before: caches, and what is remembered of clients for a while; not what a process was sent, which is gigabytes. */
const mayGrowMiB = 100;
const spareHandles = 4;
const parkedKept = 1000;

/** What the fuzz itself causes: items that nobody can read, and positions that no log has. */
const expectedErrors = /queue item|the log lacks what a gap needs|connect server refuses a call/;

let cluster: Cluster;
let parked: Parked;
let people: { ann: Account; bob: Account };
let conversations: { direct: string; room: string };
let sessionsBefore: unknown;
let memoryBefore: ReadonlyMap<string, number>;
let before: Health;
let result: Result;
let canary: CanaryReport;
let ended: readonly string[];

const sessionsOf = async ({ token }: Account): Promise<unknown> =>
	(await restClient(cluster.apiUrl, token)('GET', '/v2/sessions')).body;

beforeAll(async () => {
	process.stderr.write(`fuzz: FUZZ_SEED=${plan.seed}\n`);
	vi.stubEnv('NODE_OPTIONS', debuggable);
	cluster = await startFuzzCluster();
	const accounts = (names: readonly string[]) => Promise.all(names.map((name) => accountOf(cluster.apiUrl, name)));
	const target = targetOf(cluster);
	const readers = await accounts(Array.from({ length: readersNeeded }, (_, index) => `reader-${index}`));
	const attackers = await accounts(['socket-1', 'socket-2', 'http-1', 'http-2', 'rpc-1']);
	leapUserIds(cluster);
	const ann = await accountOf(cluster.apiUrl, 'canary-ann', canaryPassword);
	const bob = await accountOf(cluster.apiUrl, 'canary-bob', canaryPassword);
	people = { ann, bob };
	const chat = await startCanary(cluster.apiUrl, cluster.wsUrls[0] ?? '', ann, bob);
	conversations = chat.conversations;
	sessionsBefore = await Promise.all([sessionsOf(ann), sessionsOf(bob)]);
	const lookout = watchEnds(cluster);
	ended = lookout.ended;
	before = healthOf(cluster);
	memoryBefore = await liveMemoryOf(cluster);

	const worlds = {
		socket: worldOf(attackers.slice(0, 2), readers, [ann, bob]),
		http: worldOf(attackers.slice(2, 4), readers, [ann, bob]),
		// Whoever has the secret or writes to Redis may change anybody's state.
		trusted: worldOf(attackers.slice(4), readers, []),
	};
	const renewals = [worlds.http, worlds.trusted].map((world) => startRenewal(cluster.apiUrl, world));
	const reading = startReaders(target, readers);
	const queue = createQueueBorder(target.redisUrl);
	parked = queue.parked;
	const begun = performance.now();
	result = await runCampaign(
		[...socketFrames, ...webSocketRaw, ...tcpRaw, ...http, ...rpc, queue.border, ...slow],
		plan,
		{
			target,
			worldOf: (border) =>
				/rpc|queue/.test(border) ? worlds.trusted : border.includes('http') ? worlds.http : worlds.socket,
			alive: () => lookout.ended.length === 0,
		},
	);
	const took = (performance.now() - begun) / 1000;
	await Promise.all([reading.stop(), ...renewals.map((renewal) => renewal.stop())]);
	canary = await chat.stop();
	const total = [...result.sent.values()].reduce((sum, count) => sum + count, 0);
	const list = Array.from(result.sent, ([name, count]) => `  ${name.padEnd(16)}${count}`).join('\n');
	process.stderr.write(`fuzz: ${total} inputs in ${took.toFixed(1)} s\n${list}\n${loggedTexts(cluster)}\n`);
}, campaignMs + 120_000);

afterAll(async () => {
	parked?.close();
	await cluster?.stop();
});

describe(`any input at any border (seed ${plan.seed})`, () => {
	test.runIf(plan.minutes === undefined && plan.only === undefined)('there were enough of them', () => {
		expect([...result.sent.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(wanted);
	});

	test('ends no process', () => {
		expect(ended).toEqual([]);
		expect(healthOf(cluster).pids).toEqual(before.pids);
	});

	test('is answered or closed, and is never a fault of the server', () => {
		expect(result.faults).toEqual([]);
		expect(loggedErrors(cluster, expectedErrors)).toEqual([]);
	});

	test('lets others be served: each message arrives, in sane time', () => {
		const sorted = [...canary.latencies].sort((one, other) => one - other);
		const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
		process.stderr.write(
			`fuzz: ${sorted.length} rounds of others, median ${median.toFixed(0)} ms, worst ${sorted.at(-1)?.toFixed(0)} ms\n`,
		);
		expect(canary.complaints).toEqual([]);
		expect(sorted.length).toBeGreaterThan(3);
		expect(median).toBeLessThan(1500);
		expect(sorted.at(-1)).toBeLessThan(15_000);
	});

	test('changes no state of other users', async () => {
		const { ann, bob } = people;
		expect(await Promise.all([sessionsOf(ann), sessionsOf(bob)])).toEqual(sessionsBefore);
		const ask = restClient(cluster.apiUrl, bob.token);
		for (const conv of Object.values(conversations)) {
			const bodies: string[] = [];
			for (let more = true, after = 0; more; after = bodies.length) {
				const { body } = await ask('GET', `/v2/conversations/${conv}/messages?after=${after}&limit=200`);
				const page = body as { items: { body: string; seq: number }[]; more: boolean };
				bodies.push(...page.items.map((item) => item.body));
				more = page.more;
			}
			expect(bodies).toEqual(canary.sent.get(conv));
		}
		const { body } = await ask('GET', `/v2/conversations/${conversations.direct}/receipts`);
		expect((body as { items: unknown }).items).toEqual(
			expect.arrayContaining([
				{ user: String(ann.id), delivered: expect.any(Number), read: 0 },
				{ user: String(bob.id), delivered: canary.read, read: canary.read },
			]),
		);
		// Not by a log-in: inputs have guessed, so the account may be locked there. Who has a session is not.
		const passwords = { current: canaryPassword, next: canaryPassword };
		expect((await restClient(cluster.apiUrl, bob.token)('PUT', '/v2/password', passwords)).status).toBe(204);
	});

	test('of the queue that nobody can read is parked and counted, and the list of it is bounded', async () => {
		await eventually(async () => expect(await parked.waiting()).toBe(0));
		expect(await metricOf(cluster, 'task', 'tschat_queue_items_parked_total')).toBe(parked.expected);
		expect(await parked.listed()).toBe(Math.min(parked.expected, parkedKept));
	});

	test('leaves no handle open, and no memory taken', async () => {
		await eventually(() => {
			for (const [name, count] of healthOf(cluster).handles) {
				expect(count, `handles of ${name}`).toBeLessThanOrEqual((before.handles.get(name) ?? 0) + spareHandles);
			}
		}, 20_000);
		for (const [name, now] of await liveMemoryOf(cluster)) {
			process.stderr.write(`fuzz: ${name} holds ${now} MiB, ${memoryBefore.get(name)} before\n`);
			expect(now - (memoryBefore.get(name) ?? 0), `MiB more of ${name}`).toBeLessThan(mayGrowMiB);
		}
	});
});
