import { setTimeout as pause } from 'node:timers/promises';
import { now } from './clock.ts';
import { Histogram } from './histogram.ts';
import type { ReaderMethods } from './reader-process.ts';
import type { Worker } from './worker.ts';

export interface Returned {
	/** From when the first one was lost until the last one was back. */
	readonly seconds: number;
	readonly lost: number;
	/** Those that were to come back, and have not. */
	readonly away: number;
	/** Attempts that failed, and why the first one did. */
	readonly failures: number;
	readonly problem: string | undefined;
	/** How long a connection was away, until it had been given what it missed. */
	readonly p50_ms: number;
	readonly p95_ms: number;
	readonly p99_ms: number;
}

const lookMs = 50;

/** Waits until `count` connections have been lost and all that were to come back have, at most so long. */
export const returned = async (
	readers: readonly Worker<ReaderMethods>[],
	count: number,
	timeoutMs: number,
): Promise<Returned> => {
	const end = now() + timeoutMs * 1000;
	for (;;) {
		const standings = await Promise.all(readers.map((one) => one.call('standing', undefined)));
		const lost = standings.reduce((sum, one) => sum + one.lost, 0);
		const away = standings.reduce((sum, one) => sum + one.away, 0);
		if ((lost >= count && away === 0) || now() >= end) {
			const times = new Histogram();
			for (const one of standings) times.merge(one.times);
			const first = Math.min(...standings.map(({ firstLostAt }) => firstLostAt));
			const last = Math.max(...standings.map(({ lastBackAt }) => lastBackAt));
			const failures = standings.reduce((sum, one) => sum + one.failures, 0);
			const problem = standings.find((one) => one.problem !== undefined)?.problem;
			return { seconds: Math.max(0, last - first) / 1e6, lost, away, failures, problem, ...times.quantiles_ms };
		}
		await pause(lookMs);
	}
};
