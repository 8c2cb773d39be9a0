import type { BenchOptions } from './scenario.ts';

export interface Run {
	/** Of its file, and of its place in docs/performance.md. */
	readonly name: string;
	readonly scenario: string;
	readonly options: BenchOptions;
}

const clusterOnly = { only: ['tschat-cluster'] } as const;
const oneOrTwoServers = { ...clusterOnly, rate: 200 };

/** What `all` does, in this order. What the command line says goes before these options. */
export const runs: readonly Run[] = [
	{ name: 'fanout', scenario: 'fanout', options: {} },
	{ name: 'fanout-latency', scenario: 'fanout', options: { rate: 100 } },
	{ name: 'fanout-5000', scenario: 'fanout', options: { clients: 5000 } },
	// As many deliveries a second to 500 clients as to 5,000.
	{ name: 'fanout-500-even', scenario: 'fanout', options: { ...clusterOnly, clients: 500, rate: 1000 } },
	{ name: 'fanout-5000-even', scenario: 'fanout', options: { ...clusterOnly, clients: 5000, rate: 100 } },
	// Each server has 500 clients, and the load leaves a core free.
	{ name: 'fanout-one-server', scenario: 'fanout', options: { ...oneOrTwoServers, clients: 500, servers: 1 } },
	{ name: 'fanout-two-servers', scenario: 'fanout', options: { ...oneOrTwoServers, clients: 1000, servers: 2 } },
	...['rooms', 'direct-http', 'direct-v2', 'connect', 'idle', 'storm', 'start', 'store', 'site'].map((scenario) => ({
		name: scenario,
		scenario,
		options: {},
	})),
];
