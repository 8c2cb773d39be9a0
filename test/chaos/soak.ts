import { setTimeout as sleep } from 'node:timers/promises';
import { startChurn } from './churn.ts';
import type { Books } from './device.ts';
import { growthOf, type Holding, holdingOf, tableOf } from './holdings.ts';
import { HttpSender } from './http-sender.ts';
import { Ledger } from './ledger.ts';
import { randomFrom } from './random.ts';
import { type StoreName, startScene } from './scene.ts';
import { Sightings } from './sightings.ts';

interface SoakOptions {
	readonly seconds: number;
	readonly seed: number;
	readonly store: StoreName;
	/** Messages a second. */
	readonly rate: number;
	readonly print: (line: string) => void;
}

const sampleMs = 10_000;

/** Clients that come and go in rooms that appear and vanish; whether what each module holds levels off. Resolves with what grows. */
export const runSoak = async ({ seconds, seed, store, rate, print }: SoakOptions): Promise<readonly string[]> => {
	const scene = await startScene(store);
	try {
		const books: Books = { ledger: new Ledger(), sightings: new Sightings() };
		const http = new HttpSender(scene.api, books.ledger);
		const churn = await startChurn({ scene, books, http, random: randomFrom(seed), rate });
		const holdings = new Map<string, Holding[]>(scene.nodes.map(({ name }) => [name, []]));
		for (let left = Math.floor((seconds * 1000) / sampleMs); left > 0; left -= 1) {
			await sleep(sampleMs);
			for (const { name, process } of scene.nodes) holdings.get(name)?.push(holdingOf(process.pid));
		}
		const { came, rooms } = await churn.stop();
		print(`${came} clients came and went in ${rooms} rooms; ${books.ledger.accepted.size} messages were accepted`);
		for (const line of tableOf(holdings)) print(line);
		return [...growthOf(holdings), ...scene.unexpectedEnds(), ...scene.complaints()];
	} finally {
		await scene.stop();
	}
};
