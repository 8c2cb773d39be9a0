import { now } from './clock.ts';
import { Histogram } from './histogram.ts';
import type { ReaderPlan } from './plan.ts';
import type { ReaderMethods } from './reader-process.ts';
import type { Worker } from './worker.ts';

export interface ConnectOptions {
	/** A second in all; 0, unless told: as fast as it goes, with at most 200 under way. */
	readonly rate?: number;
	/** What they get is not counted. */
	readonly idle?: boolean;
	/** Where those go, each in turn, whose server ends the connection (protocol v2 resumes); none unless told. */
	readonly returnTo?: readonly string[];
}

export interface Connected {
	readonly seconds: number;
	readonly errors: number;
	/** Why the first one failed. */
	readonly problem: string | undefined;
	/** From the first packet of a connection until it was in. */
	readonly p50_ms: number;
	readonly p95_ms: number;
	readonly p99_ms: number;
}

const mostUnderWay = 200;

/** Connections to one server from one address; there are ports for 28,000. */
const mostFromAnAddress = 20_000;

const localAddress = (index: number, count: number): string | undefined =>
	count > mostFromAnAddress ? `127.0.0.${2 + Math.floor(index / mostFromAnAddress)}` : undefined;

export const connectAll = async (
	readers: readonly Worker<ReaderMethods>[],
	plans: readonly ReaderPlan[],
	{ rate = 0, idle = false, returnTo = [] }: ConnectOptions,
): Promise<Connected> => {
	const placed = plans.map((plan, index) => ({ plan, localAddress: localAddress(index, plans.length) }));
	const began = now();
	const opened = await Promise.all(
		readers.map((reader, at) =>
			reader.call('connect', {
				plans: placed.filter((_, index) => index % readers.length === at),
				rate: rate / readers.length,
				mostUnderWay: Math.max(1, Math.floor(mostUnderWay / readers.length)),
				idle,
				returnTo,
			}),
		),
	);
	const seconds = (now() - began) / 1e6;
	const times = new Histogram();
	for (const one of opened) times.merge(one.times);
	return {
		seconds,
		errors: opened.reduce((sum, { errors }) => sum + errors, 0),
		problem: opened.find(({ problem }) => problem !== undefined)?.problem,
		...times.quantiles_ms,
	};
};
