/** What the command line says; each scenario has defaults of its own for what is left out. */
export interface BenchOptions {
	/** How long each measurement goes on, in seconds. */
	readonly seconds?: number;
	readonly clients?: number;
	readonly messages?: number;
	/** Where the result goes as JSON, besides the table. */
	readonly json?: string;
}

/** A line of the result: what was measured, and numbers by column. */
export type Row = Readonly<Record<string, string | number>>;

export interface Scenario {
	/** One line for `--help`. */
	readonly summary: string;
	/** Says on stderr how it gets on; the rows of the table. */
	run(options: BenchOptions): Promise<readonly Row[]>;
}
