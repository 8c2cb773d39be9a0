import { setTimeout as pause } from 'node:timers/promises';
import { now } from './clock.ts';
import { Histogram } from './histogram.ts';
import type { ReaderMethods } from './reader-process.ts';
import type { Counted } from './tally.ts';
import type { Worker } from './worker.ts';

export interface Result {
	/** All that came, with what came again. */
	readonly deliveries: number;
	/** Deliveries that should have come. */
	readonly missing: number;
	/** A message that came to a connection again, or to more connections than it was for. */
	readonly repeated: number;
	/** From when a message was due to be sent until it was read. */
	readonly p50_ms: number;
	readonly p95_ms: number;
	readonly p99_ms: number;
	/** From when the first of these messages was due until the last one came. */
	readonly seconds: number;
	/** Connections that had been let in, and ended since the last reset; why the first one did. */
	readonly lost: number;
	readonly lostWhy: string | undefined;
}

interface Wanted {
	readonly expected: (index: number) => number;
	readonly graceMs: number;
	/** The number of the last message that was sent; -1 for none. */
	readonly lastIndex: number;
}

const quietMs = 300;
const lookMs = 50;

/** Until nothing has come for so long, or it is `end` (µs). */
const untilQuiet = async (readers: readonly Worker<ReaderMethods>[], end: number): Promise<void> => {
	const since = now();
	for (;;) {
		const last = Math.max(since, ...(await Promise.all(readers.map((one) => one.call('lastAt', undefined)))));
		const at = now();
		if (at - last >= quietMs * 1000 || at >= end) return;
		await pause(lookMs);
	}
};

/** Compares, message by message, with what was expected. */
const compare = (
	counted: readonly Counted[],
	{ expected, lastIndex }: Wanted,
): { missing: number; surplus: number } => {
	let missing = 0;
	let surplus = 0;
	for (let index = 0; index <= lastIndex; index += 1) {
		const wanted = expected(index);
		const came = counted.reduce((sum, { connections }) => sum + (connections[index] ?? 0), 0);
		if (came < wanted) missing += wanted - came;
		else if (wanted > 0) surplus += came - wanted;
	}
	return { missing, surplus };
};

/** Adds up what the readers have counted. */
const added = async (readers: readonly Worker<ReaderMethods>[], wanted: Wanted): Promise<Result> => {
	const counted = await Promise.all(readers.map((one) => one.call('counted', undefined)));
	const standings = await Promise.all(readers.map((one) => one.call('standing', undefined)));
	const latencies = new Histogram();
	for (const one of counted) latencies.merge(one.latencies);
	const { missing, surplus } = compare(counted, wanted);
	const micros = Math.max(...counted.map(({ lastAt }) => lastAt)) - Math.min(...counted.map(({ firstAt }) => firstAt));
	return {
		deliveries: counted.reduce((sum, { deliveries }) => sum + deliveries, 0),
		missing,
		repeated: counted.reduce((sum, { repeated }) => sum + repeated, surplus),
		...latencies.quantiles_ms,
		seconds: Math.max(0, micros) / 1e6,
		lost: standings.reduce((sum, { lost }) => sum + lost, 0),
		lostWhy: standings.find(({ why }) => why !== undefined)?.why,
	};
};

/**
 * What has come, when no more comes. A server that pauses, or repairs itself after a loss, is waited for until all is there or the time
 * is over: what is missing then has been lost.
 */
export const collect = async (readers: readonly Worker<ReaderMethods>[], wanted: Wanted): Promise<Result> => {
	const end = now() + wanted.graceMs * 1000;
	for (;;) {
		await untilQuiet(readers, end);
		const result = await added(readers, wanted);
		if (result.missing === 0 || now() >= end) return result;
	}
};
