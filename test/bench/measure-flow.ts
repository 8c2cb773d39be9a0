import type { Bench } from './peers.ts';
import type { TargetResult } from './result.ts';
import { saturate } from './saturate.ts';
import { defaultSeconds, type Flow, type Step, step } from './step.ts';

/** What runs for the first time is not yet compiled to machine code: a server's latency is that of a server that has run for a while. */
const warmUp = { seconds: 2, messages: 2000, mostSeconds: 20 };

/** At the rate that the command line tells, or at the highest one that is held: looked for from `start` on. */
export const measureFlow = async (bench: Bench, flow: Flow, start: number): Promise<TargetResult> => {
	const { seconds = defaultSeconds, rate } = bench.options;
	bench.progress('warming up');
	const first = rate ?? start;
	const enough = Math.min(Math.max(warmUp.seconds, warmUp.messages / first), warmUp.mostSeconds);
	await step(bench, flow, first, Math.min(seconds * 4, enough));
	if (rate !== undefined) return step(bench, flow, rate, seconds);
	return saturate((at): Promise<Step> => step(bench, flow, at, seconds), { start });
};
