import type { DialectName, TargetKind } from './targets/target.ts';

/** What the command line says; each scenario has defaults of its own for what is left out. */
export interface BenchOptions {
	/** How long each measurement goes on, in seconds. */
	readonly seconds?: number;
	readonly clients?: number;
	readonly messages?: number;
	/** Messages a second, or connections; without it, the highest rate that is held is looked for. */
	readonly rate?: number;
	/** Names of the targets that are measured; all that the scenario knows unless told. */
	readonly only?: readonly string[];
	/** Servers that somebody else runs, measured besides. */
	readonly target?: readonly TargetKind[];
	/** How many connect-ws the cluster has. */
	readonly servers?: number;
	/** The length of each message's body, in bytes. */
	readonly body?: number;
	/** What clients speak, where a target speaks it. */
	readonly dialect?: DialectName;
	/** Where the result goes as JSON, besides the table. */
	readonly json?: string;
	/** Where `all` puts its results, and `report` finds them. */
	readonly jsonDir?: string;
}

/** A line of the result: what was measured, and numbers by column. */
export type Row = Readonly<Record<string, string | number>>;

export interface Scenario {
	/** One line for `--help`. */
	readonly summary: string;
	/** Says on stderr how it gets on; the rows of the table. */
	run(options: BenchOptions): Promise<readonly Row[]>;
}
