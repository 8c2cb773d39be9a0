import type { BenchOptions } from './scenario.ts';

export interface Run {
	/** Of its file, and of its place in docs/performance.md. */
	readonly name: string;
	readonly scenario: string;
	readonly options: BenchOptions;
}

const oneOrTwoServers = { rate: 200, only: ['tschat-cluster'] } as const;

/** What `all` does, in this order. What the command line says goes before these options. */
export const runs: readonly Run[] = [
	{ name: 'fanout', scenario: 'fanout', options: {} },
	{ name: 'fanout-latency', scenario: 'fanout', options: { rate: 100 } },
	{ name: 'fanout-5000', scenario: 'fanout', options: { clients: 5000 } },
	// Each server has 500 clients, and the load leaves a core free.
	{ name: 'fanout-one-server', scenario: 'fanout', options: { ...oneOrTwoServers, clients: 500, servers: 1 } },
	{ name: 'fanout-two-servers', scenario: 'fanout', options: { ...oneOrTwoServers, clients: 1000, servers: 2 } },
	...['rooms', 'direct-http', 'direct-v2', 'connect', 'idle', 'storm', 'start', 'store', 'site'].map((scenario) => ({
		name: scenario,
		scenario,
		options: {},
	})),
];
