import type { Result as Collected } from './load/collect.ts';
import type { SocketRoute } from './load/plan.ts';
import type { SendResult } from './load/send.ts';
import type { Bench } from './peers.ts';
import { type Latencies, rounded, roundedLatencies, type TargetResult } from './result.ts';
import type { Tried } from './saturate.ts';
import type { HttpPost } from './targets/target.ts';
import { cpuPerDelivery, watchUsage } from './usage.ts';

/** Who sends to whom: message `index` takes the route `index % routes.length`. */
export interface Flow {
	readonly routes:
		| { readonly http: string; readonly posts: readonly ((body: string) => HttpPost)[] }
		| { readonly sockets: readonly SocketRoute[] };
	/** How many clients should get a message, when it is accepted. */
	readersOf(index: number): number;
}

/** What was measured at one rate. */
export type Step = TargetResult & Tried & Latencies;

export const defaultBodyBytes = 100;
export const defaultSeconds = 5;

/** How long a delivery is waited for before it is missing: a connect server finds within 2 s what it was not told of. */
const graceMs = 5000;
/** How long a target that was overloaded has until it is tried at another rate. */
const recoveryMs = 15_000;

const longestP99Ms = 500;
const mostLate = 0.01;
/** One of HTTP has a connection of its own. */
const mostUnanswered = 2048;

/** Unanswered messages in all: what is due in the longest time that a delivery may take. More would only be a queue in front of a server that does not keep up. */
const windowAt = (rate: number): number =>
	Math.min(mostUnanswered, Math.max(64, Math.ceil((rate * longestP99Ms) / 1000)));

/** Why a rate is not held; undefined when it is. */
const whyNot = (sent: SendResult, got: Collected): string | undefined => {
	if (got.lost > 0) return `${got.lost} clients were thrown out: ${got.lostWhy}`;
	if (got.missing > 0) return `${got.missing} deliveries did not come`;
	if (got.p99_ms > longestP99Ms) return `p99 of ${rounded(got.p99_ms, 0)} ms`;
	if (sent.failed > sent.due * mostLate) return `${sent.failed} messages failed: ${sent.problem}`;
	const late = Math.max(sent.late, sent.due - sent.sent);
	if (late > sent.due * mostLate) return `${late} of ${sent.due} messages were not taken when they were due`;
	return undefined;
};

/** Until what was sent has come, and clients that were thrown out are back. */
const recover = async ({ load }: Bench): Promise<void> => {
	await load.collect(() => 0, recoveryMs);
	const { away } = await load.returned(0, recoveryMs);
	if (away > 0) throw new Error(`${away} clients could not come back`);
};

/** Sends at a constant rate for so long, and counts what comes of it. */
export const step = async (bench: Bench, flow: Flow, rate: number, seconds: number): Promise<Step> => {
	const { load, target, options, progress } = bench;
	await load.reset();
	const usage = await watchUsage(bench);
	const bodyBytes = options.body ?? defaultBodyBytes;
	const sent = await load.send({ ...flow.routes, rate, seconds, window: windowAt(rate), bodyBytes });
	const got = await load.collect((index) => (sent.isAccepted(index) ? flow.readersOf(index) : 0), graceMs);
	const used = await usage();
	const why = whyNot(sent, got);
	const times = `p50 ${rounded(got.p50_ms, 1)} ms, p99 ${rounded(got.p99_ms, 1)} ms`;
	progress(`${rounded(rate, 1)} messages a second: ${why === undefined ? 'held' : `not held, ${why}`}; ${times}`);
	if (why !== undefined) await recover(bench);
	const cpu = cpuPerDelivery(used.processes, got.deliveries);
	return {
		name: target.name,
		held_per_second: why === undefined ? rounded(sent.accepted / sent.seconds, 1) : 0,
		deliveries_per_second: got.seconds === 0 ? 0 : Math.round(got.deliveries / got.seconds),
		...roundedLatencies(got),
		missing: got.missing,
		repeated: got.repeated,
		processes: used.processes,
		rate: rounded(rate, 1),
		held: why === undefined,
		...(why !== undefined && { why }),
		...(cpu !== undefined && { cpu_us_per_delivery: cpu }),
		load: used.load,
		lag_p99_ms: rounded(sent.lag_p99_ms),
	};
};
