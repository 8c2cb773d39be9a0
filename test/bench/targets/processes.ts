import { readFileSync } from 'node:fs';
import type { BenchProcess } from './target.ts';

/** Linux tells times in /proc in this unit, on every machine. */
const ticksPerSecond = 100;

interface Figures {
	/** When it started, in ticks since the system did: a process with another one has got the pid of one that is gone. */
	readonly startedAt: number;
	readonly cpuSeconds: number;
	readonly rssBytes: number;
}

/** What processes had used at a time; those that were gone are not in it. */
export type Sample = ReadonlyMap<number, Figures>;

/** What a process used between two samples. */
export interface ProcessUsage {
	readonly name: string;
	readonly cpu_seconds: number;
	/** At the second sample. */
	readonly rss_bytes: number;
	/** It ended before the second sample: its figures are not known, and 0. */
	readonly gone?: true;
}

const figuresOf = (pid: number): Figures | undefined => {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
		// The fields from the third on: the second is the program's name in brackets, and may hold anything.
		const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
		const field = (number: number) => Number(fields[number - 3]);
		const rss = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
		// One that has ended and is not buried has no memory.
		if (rss === undefined) return undefined;
		return {
			startedAt: field(22),
			cpuSeconds: (field(14) + field(15)) / ticksPerSecond,
			rssBytes: Number(rss) * 1024,
		};
	} catch {
		return undefined;
	}
};

/** Reads what processes of this machine have used until now: CPU time to 10 ms, with all their threads. */
export const sample = (processes: readonly BenchProcess[]): Sample =>
	new Map(
		processes.flatMap(({ pid }) => {
			const figures = figuresOf(pid);
			return figures === undefined ? [] : [[pid, figures] as const];
		}),
	);

/** What each process used from one sample to the next. */
export const usageBetween = (processes: readonly BenchProcess[], before: Sample, after: Sample): ProcessUsage[] =>
	processes.map(({ name, pid }) => {
		const [first, last] = [before.get(pid), after.get(pid)];
		if (first === undefined || last === undefined || first.startedAt !== last.startedAt) {
			return { name, cpu_seconds: 0, rss_bytes: 0, gone: true };
		}
		const ticks = Math.round((last.cpuSeconds - first.cpuSeconds) * ticksPerSecond);
		return { name, cpu_seconds: ticks / ticksPerSecond, rss_bytes: last.rssBytes };
	});
