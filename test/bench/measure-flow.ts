import type { Bench } from './peers.ts';
import type { TargetResult } from './result.ts';
import { saturate } from './saturate.ts';
import { defaultSeconds, type Flow, type Step, step } from './step.ts';

const warmUpSeconds = 2;

/** At the rate that the command line tells, or at the highest one that is held: looked for from `start` on. */
export const measureFlow = async (bench: Bench, flow: Flow, start: number): Promise<TargetResult> => {
	const { seconds = defaultSeconds, rate } = bench.options;
	bench.progress('warming up');
	await step(bench, flow, rate ?? start, Math.min(seconds, warmUpSeconds));
	if (rate !== undefined) return step(bench, flow, rate, seconds);
	return saturate((at): Promise<Step> => step(bench, flow, at, seconds), { start });
};
