import { cpus, loadavg, totalmem } from 'node:os';
import type { BenchOptions, Row } from './scenario.ts';
import type { ProcessUsage } from './targets/processes.ts';

export interface Latencies {
	readonly p50_ms: number;
	readonly p95_ms: number;
	readonly p99_ms: number;
}

/** What one target did in a scenario. Null where the scenario does not measure that. */
export interface TargetResult {
	readonly name: string;
	/** Messages accepted a second at the highest rate that was held, or at the rate that was told; 0 where none was held. */
	readonly held_per_second: number | null;
	readonly deliveries_per_second: number | null;
	/** From when a message was due to be sent until a client had it; where there are none, from the first packet of a connection until it was in. */
	readonly p50_ms: number | null;
	readonly p95_ms: number | null;
	readonly p99_ms: number | null;
	/** Deliveries of accepted messages that did not come, and those that came again. */
	readonly missing: number | null;
	readonly repeated: number | null;
	/** The servers, over the measured stretch. */
	readonly processes: readonly ProcessUsage[];

	/** The rate that was measured, and whether it was held; why not. */
	readonly rate?: number;
	readonly held?: boolean;
	readonly why?: string;
	/** Of all processes of the target. */
	readonly cpu_us_per_delivery?: number;
	/** At half of the rate that was held. */
	readonly half_load?: Latencies & { readonly held_per_second: number };
	readonly connections_per_second?: number;
	readonly rss_bytes_per_connection?: number;
	/** From the first lost connection until the last client was back and had what it missed. */
	readonly seconds_to_recover?: number;
	/** How long clients were away. */
	readonly away_ms?: Latencies;
	/** Clients that did not get in, or not back. */
	readonly clients_lost?: number;
	/** Lines of level error in logic's log. */
	readonly errors?: number;
	/** From the start of a process until it said that it is ready, and until `/readyz` did. */
	readonly ready_ms?: Readonly<Record<string, number>>;
	readonly answer_ms?: Readonly<Record<string, number>>;
	/** The processes that made the load, and how late a message left them: they must not be the limit. */
	readonly load?: readonly ProcessUsage[];
	readonly lag_p99_ms?: number;
}

/** What a scenario found: rows, or what each of several targets did. */
export type Found =
	| { readonly rows: readonly Row[] }
	| { readonly clients: number; readonly targets: readonly TargetResult[] };

/** When and where something was measured. */
interface Setting {
	/** When the run began, and how many processes wanted to run then, over the last minute. */
	readonly at: string;
	readonly machine: {
		readonly node: string;
		readonly cpus: number;
		readonly cpu: string;
		readonly memory_bytes: number;
		readonly load: number;
	};
}

/** As it is kept. */
export type Result = Found & Setting & { readonly scenario: string; readonly options: object };

/** To be called before anything is measured. */
export const settingNow = (): Setting => ({
	at: new Date().toISOString(),
	machine: {
		node: process.version,
		cpus: cpus().length,
		cpu: cpus()[0]?.model ?? 'unknown',
		memory_bytes: totalmem(),
		load: rounded(loadavg()[0] ?? 0, 1),
	},
});

/** What was asked for, without where the result goes. */
export const keptOptions = ({ json, jsonDir, target, ...options }: BenchOptions): object => ({
	...options,
	...(target !== undefined && { target: target.map(({ name }) => name) }),
});

/** With so many digits behind the point. */
export const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));

export const roundedLatencies = ({ p50_ms, p95_ms, p99_ms }: Latencies): Latencies => ({
	p50_ms: rounded(p50_ms),
	p95_ms: rounded(p95_ms),
	p99_ms: rounded(p99_ms),
});

/** Of a scenario in which no messages are sent: nothing was counted, so nothing is known to be missing or not. */
export const noMessages = {
	held_per_second: null,
	deliveries_per_second: null,
	missing: null,
	repeated: null,
} as const;
