import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { type Found, noMessages, rounded, type TargetResult } from './result.ts';
import type { BenchOptions } from './scenario.ts';
import { clusterStarts, embeddedStarts, type StartTime } from './targets/start-times.ts';

interface Named extends StartTime {
	readonly name: string;
}

const timesOf = (starts: readonly Named[], of: (start: StartTime) => number): Record<string, number> =>
	Object.fromEntries(starts.map((start) => [start.name, rounded(of(start), 0)]));

const resultOf = (name: string, starts: readonly Named[]): TargetResult => ({
	name,
	...noMessages,
	p50_ms: null,
	p95_ms: null,
	p99_ms: null,
	processes: [],
	ready_ms: timesOf(starts, ({ readyMs }) => readyMs),
	answer_ms: timesOf(starts, ({ answerMs }) => answerMs),
});

const measures: readonly { readonly name: string; starts(folder: string): Promise<readonly Named[]> }[] = [
	{ name: 'tschat-cluster', starts: clusterStarts },
	{
		name: 'tschat-embedded',
		starts: async (folder) => {
			const { first, later } = await embeddedStarts(folder);
			return [
				{ name: 'new store', ...first },
				{ name: 'again', ...later },
			];
		},
	},
];

export const startSummary = 'time until tschat is ready: in one process, and each module of a cluster';

/** One process after the other, on a machine that does nothing else for it. */
export const runStart = async ({ only }: BenchOptions): Promise<Found> => {
	const chosen = measures.filter(({ name }) => only?.includes(name) ?? true);
	if (chosen.length === 0) throw new InvalidArgumentError(`this scenario cannot be run on ${only?.join(', ')}`);
	const folder = mkdtempSync(join(tmpdir(), 'start-'));
	try {
		const targets: TargetResult[] = [];
		for (const { name, starts } of chosen) targets.push(resultOf(name, await starts(folder)));
		return { clients: 0, targets };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
};
