import { type PeerScenario, runBesidePeers } from './peers.ts';
import type { Found } from './result.ts';
import type { BenchOptions, Scenario } from './scenario.ts';

interface Runnable {
	readonly summary: string;
	run(options: BenchOptions): Promise<Found>;
}

const alone = ({ summary, run }: Scenario): Runnable => ({
	summary,
	run: async (options) => ({ rows: await run(options) }),
});

const besidePeers = (scenario: PeerScenario): Runnable => ({
	summary: scenario.summary,
	run: (options) => runBesidePeers(scenario, options),
});

/** Each is loaded when it is wanted: some need what others do not. */
export const scenarios: Readonly<Record<string, () => Promise<Runnable>>> = {
	fanout: async () => besidePeers((await import('./fanout.ts')).fanout),
	rooms: async () => besidePeers((await import('./rooms.ts')).rooms),
	'direct-http': async () => besidePeers((await import('./direct-http.ts')).directHttp),
	'direct-v2': async () => besidePeers((await import('./direct-v2.ts')).directV2),
	connect: async () => besidePeers((await import('./connect.ts')).connect),
	idle: async () => besidePeers((await import('./idle.ts')).idle),
	storm: async () => besidePeers((await import('./storm.ts')).storm),
	start: async () => {
		const { startSummary: summary, runStart: run } = await import('./start.ts');
		return { summary, run };
	},
	store: async () => alone((await import('./store.ts')).store),
	site: async () => alone((await import('./site.ts')).site),
};
