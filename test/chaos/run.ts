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
import { faultText, scheduleOf } from './schedule.ts';
import { Sightings } from './sightings.ts';
import { judge, type Logs, type Verdict } from './verdict.ts';

export interface ChaosOptions {
	readonly seconds: number;
	readonly seed: number;
	readonly store: StoreName;
	/** Messages a second. */
	readonly rate: number;
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
	const { seconds, seed, store, rate, print } = options;
	const schedule = scheduleOf(seed, seconds);
	print(`seed ${seed}, ${seconds} s, store ${store}:`);
	for (const fault of schedule) print(`  ${faultText(fault)}`);
	const scene = await startScene(store);
	try {
		const books = { ledger: new Ledger(), sightings: new Sightings() };
		const http = new HttpSender(scene.api, books.ledger);
		const members = await gatherCrowd(scene.api, books, randomFrom(seed + 1));
		const observers = await placeObservers({ scene, books, http, members });
		const owner = await register({ api: scene.api, name: 'loud', password: '111111' });
		const loud = await openLoudRoom({ api: scene.api, session: owner, books, http });
		const problems: string[] = [];
		const recoveries = new Recoveries(observers.probe, problems);
		print(`${members.flatMap(({ devices }) => devices).length} clients are connected`);
		observers.probe.start();
		const load = startLoad({ members, http, random: randomFrom(seed + 2), rate });
		const begun = performance.now();
		const elapsed = () => (performance.now() - begun) / 1000;
		for (const fault of schedule) {
			await sleep(Math.max(0, (fault.at - elapsed()) * 1000));
			print(`${elapsed().toFixed(1).padStart(6)} s  ${faultText(fault).slice(10)}`);
			const measured = recoveries.of(fault);
			const problem = (text: string) => problems.push(`${fault.kind}: ${text}`);
			await inject({ scene, http, loud, measure: measured.measure, problem }, fault);
			for (const line of await measured.all()) print(`          ${line}`);
			problems.push(...scene.unexpectedEnds());
		}
		await sleep(Math.max(0, (seconds - elapsed()) * 1000));
		observers.probe.stop();
		await load.stop();
		http.stop();
		print(
			`${elapsed().toFixed(1).padStart(6)} s  ${books.ledger.accepted.size} accepted, ${http.failures.length} times without an answer`,
		);
		const verdict = await settle(scene, books);
		problems.push(...scene.unexpectedEnds(), ...scene.complaints());
		await observers.stop();
		await Promise.all([...loud.devices, ...members.flatMap(({ devices }) => devices)].map(({ chat }) => chat.close()));
		return { ...verdict, worstRecoveryMs: recoveries.worstMs, problems };
	} finally {
		await scene.stop();
	}
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
