import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { type Load, startLoad } from './load/load.ts';
import type { Found, TargetResult } from './result.ts';
import type { BenchOptions } from './scenario.ts';
import { bare } from './targets/bare.ts';
import { socketio } from './targets/socketio.ts';
import type { RunningTarget, TargetKind } from './targets/target.ts';
import { tschatCluster } from './targets/tschat-cluster.ts';
import { tschatEmbedded } from './targets/tschat-embedded.ts';

/** What is measured in a run, in this order. */
export const kinds: readonly TargetKind[] = [tschatCluster, tschatEmbedded, socketio, bare];

/** One target of a run, with the load that is put on it. */
export interface Bench {
	readonly target: RunningTarget;
	readonly load: Load;
	readonly clients: number;
	readonly options: BenchOptions;
	/** Says on stderr how this target gets on. */
	progress(text: string): void;
}

/** A scenario that is run on several targets, one after the other. */
export interface PeerScenario {
	/** One line for `--help`. */
	readonly summary: string;
	/** Unless told. */
	readonly clients: number;
	/** Names of the targets that can do it; all unless told. */
	readonly targets?: readonly string[];
	/** How many connect-ws a cluster has; one unless told. */
	readonly servers?: number;
	measure(bench: Bench): Promise<TargetResult>;
}

const chosen = ({ targets }: PeerScenario, { only, target = [] }: BenchOptions): readonly TargetKind[] =>
	[...kinds, ...target].filter(({ name }) => (targets?.includes(name) ?? true) && (only?.includes(name) ?? true));

const measureOne = async (scenario: PeerScenario, kind: TargetKind, options: BenchOptions): Promise<TargetResult> => {
	const folder = mkdtempSync(join(tmpdir(), 'target-'));
	const progress = (text: string) => void process.stderr.write(`${kind.name}: ${text}\n`);
	progress('starting');
	try {
		const connectServers = options.servers ?? scenario.servers ?? 1;
		const target = await kind.start({ folder, connectServers });
		const load = startLoad();
		try {
			return await scenario.measure({ target, load, clients: options.clients ?? scenario.clients, options, progress });
		} finally {
			// The load first: a server that is stopped waits for its clients.
			await load.close();
			await target.stop();
		}
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
};

/** Each target is started, measured and stopped before the next one. Rejects when none of those asked for can do it. */
export const runBesidePeers = async (scenario: PeerScenario, options: BenchOptions): Promise<Found> => {
	const found = chosen(scenario, options);
	if (found.length === 0) throw new InvalidArgumentError(`this scenario cannot be run on ${options.only?.join(', ')}`);
	for (const kind of found) await kind.probe?.();
	const targets: TargetResult[] = [];
	for (const kind of found) targets.push(await measureOne(scenario, kind, options));
	return { clients: options.clients ?? scenario.clients, targets };
};
