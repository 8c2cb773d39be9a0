import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { register } from '../../src/client/index.ts';
import { eventually } from '../support/eventually.ts';
import { historyOf } from '../support/history.ts';
import { gatherCrowd, inGroups } from './crowd.ts';
import type { Books } from './device.ts';
import { inject } from './faults/inject.ts';
import { HttpSender } from './http-sender.ts';
import { Ledger } from './ledger.ts';
import { startLoad } from './load.ts';
import { openLoudRoom } from './loud-room.ts';
import { placeObservers } from './observers.ts';
import { randomFrom } from './random.ts';
import { Recoveries } from './recoveries.ts';
import { type Scene, type StoreName, startScene } from './scene.ts';
import { type Fault, type FaultKind, faultName, faultText, scheduleOf } from './schedule.ts';
import { Sightings } from './sightings.ts';
import { judge, type Logs, type Verdict } from './verdict.ts';
import { Visitor } from './visitor.ts';

export interface ChaosOptions {
	readonly seconds: number;
	readonly seed: number;
	readonly store: StoreName;
	/** Messages a second. */
	readonly rate: number;
	/** These kinds of faults alone. */
	readonly only?: readonly FaultKind[] | undefined;
	readonly print: (line: string) => void;
}

export interface ChaosResult extends Verdict {
	readonly worstRecoveryMs: number;
	/** Anything else that must not be. */
	readonly problems: readonly string[];
}

/** How long after the load all that was accepted may take to the last reader. */
const settleMs = 30_000;

/** Each conversation that is owed to somebody, read by somebody who may. */
const logsOf = async ({ api }: Scene, { sightings }: Books): Promise<Logs> => {
	const readers = new Map(sightings.all.map(({ conv, token }) => [conv, token]));
	const logs = await inGroups(
		[...readers],
		async ([conv, token]) => [conv, await historyOf(api, token, conv)] as const,
	);
	return new Map(logs);
};

/** Brings up a cluster, its clients and their load, does to it what the schedule says, and judges what everybody saw. */
export const runChaos = async (options: ChaosOptions): Promise<ChaosResult> => {
	const { seconds, seed, store, only, print } = options;
	const schedule = scheduleOf(seed, seconds, only);
	print(`seed ${seed}, ${seconds} s, store ${store}:`);
	for (const fault of schedule) print(`  ${faultText(fault)}`);
	const scene = await startScene(store);
	try {
		const party = await gather(scene, seed);
		print(`${party.devices.length} clients are connected`);
		const { worstMs, problems } = await disturb(scene, party, { ...options, schedule });
		const verdict = await settle(scene, party.books);
		problems.push(...scene.unexpectedEnds(), ...scene.complaints());
		await party.leave();
		return { ...verdict, worstRecoveryMs: worstMs, problems };
	} finally {
		await scene.stop();
	}
};

type Party = Awaited<ReturnType<typeof gather>>;

/** Everybody who takes part. */
const gather = async (scene: Scene, seed: number) => {
	const { api } = scene;
	const books: Books = { ledger: new Ledger(), sightings: new Sightings() };
	const http = new HttpSender(api, books.ledger);
	const members = await gatherCrowd(api, books, randomFrom(seed + 1));
	const observers = await placeObservers({ scene, books, http, members });
	const session = await register({ api, name: 'loud', password: '111111' });
	const loud = await openLoudRoom({ api, session, books, http });
	const devices = [...members.flatMap((member) => member.devices), ...loud.devices, ...observers.devices];
	const visitor = new Visitor(scene.site);
	const leave = async () => {
		observers.stop();
		await Promise.all(devices.map(({ chat }) => chat.close()));
	};
	return { books, http, members, observers, loud, visitor, devices, leave };
};

/** Whether what a site had under way is gone with it. */
const feltByVisitors = ({ kind, beside }: Fault): boolean => [kind, beside?.kind].includes('kill site');

/** The load, and the faults one after the other; how live delivery took them. */
const disturb = async (scene: Scene, party: Party, options: ChaosOptions & { schedule: readonly Fault[] }) => {
	const { schedule, seconds, seed, rate, print } = options;
	const { members, http, loud, observers, visitor } = party;
	const problems: string[] = [];
	const recoveries = new Recoveries(observers.probe, problems);
	const begun = performance.now();
	const elapsed = () => (performance.now() - begun) / 1000;
	const printNow = (text: string) => print(`${elapsed().toFixed(1).padStart(6)} s  ${text}`);
	const stalls = monitorEventLoopDelay({ resolution: 10 });
	stalls.enable();
	observers.probe.start();
	visitor.start();
	const load = startLoad({ members, http, random: randomFrom(seed + 2), rate });
	for (const fault of schedule) {
		await sleep(Math.max(0, (fault.at - elapsed()) * 1000));
		printNow(faultName(fault));
		const { measure, all } = recoveries.of(fault);
		const problem = (text: string) => problems.push(`${fault.kind}: ${text}`);
		await inject({ scene, http, loud, spread: observers.spread, measure, problem }, fault);
		for (const line of await all()) print(`          ${line}`);
		problems.push(...scene.unexpectedEnds());
		for (const why of visitor.failures.splice(0)) if (!feltByVisitors(fault)) problem(`a page did not load: ${why}`);
	}
	await sleep(Math.max(0, (seconds - elapsed()) * 1000));
	observers.probe.stop();
	visitor.stop();
	if (visitor.loaded === 0) problems.push('no page was loaded');
	await load.stop();
	http.stop();
	stalls.disable();
	printNow(
		`of the sends over HTTP, all repeated, ${http.failures.length} failed and ${http.resent} met a listener that closed; ` +
			`this process stood still for ${Math.round(stalls.max / 1e6)} ms at most`,
	);
	return { worstMs: recoveries.worstMs, problems };
};

/** Waits until everybody has everything, and judges what is there then. */
const settle = async (scene: Scene, books: Books): Promise<Verdict> => {
	let verdict: Verdict | undefined;
	const logs = await logsOf(scene, books);
	await eventually(() => {
		verdict = judge(books.ledger, books.sightings, logs);
		if (verdict.lost > 0) throw new Error('not yet');
	}, settleMs).catch(() => {});
	return verdict as Verdict;
};
