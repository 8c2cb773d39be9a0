import type { ServiceName } from '../../ports/service-registry.ts';

/** One metric, declared once. Names and units are Prometheus' (https://prometheus.io/docs/practices/naming/). */
export interface Declaration {
	readonly kind: 'counter' | 'gauge' | 'histogram';
	readonly help: string;
	/** Besides `module`, which all have. Each takes few values, whatever clients send. */
	readonly labels: readonly string[];
	/** Upper bounds of a histogram. */
	readonly buckets?: readonly number[];
	/** The modules that show it. */
	readonly modules: readonly ServiceName[];
	/** Counted by an adapter, which the modules of one process share: then `module` is `all`. Where only a cluster has the adapter, it is shown there alone. */
	readonly adapter?: 'always' | 'cluster';
	/** Shown only where the settings ask for what it tells of. */
	readonly optional?: true;
}

export type Declarations = Readonly<Record<`tschat_${string}`, Declaration>>;

/** Seconds, for what takes from a tenth of a millisecond to ten seconds. */
export const durations = [
	0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** Seconds, for what is counted under many labels. */
export const roughDurations = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 1, 2.5, 5, 10];

/** How many things one step takes along. */
export const amounts = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

export const gateways = ['connect-ws', 'connect-tcp'] as const;
export const allModules = ['api', 'logic', 'connect-ws', 'connect-tcp', 'task', 'site'] as const;
