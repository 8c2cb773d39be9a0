/** A call from the process that drives the bench. */
export interface Call {
	readonly id: number;
	readonly method: string;
	readonly params: unknown;
}

export interface Answer {
	readonly id: number;
	readonly result?: unknown;
	readonly error?: string;
}

/** What a process can be asked for: each method takes one value, and gives one. */
export type Methods = Record<string, (params: never) => unknown>;

/** CPU seconds of this process, and its memory. */
export interface Usage {
	readonly cpu_seconds: number;
	readonly rss_bytes: number;
}

export const usage = (): Usage => {
	const { user, system } = process.cpuUsage();
	return { cpu_seconds: (user + system) / 1e6, rss_bytes: process.memoryUsage.rss() };
};

/** Answers what the process that started this one asks for, and ends with it. */
export const serve = (methods: Methods): void => {
	process.on('message', async ({ id, method, params }: Call) => {
		let answer: Answer;
		try {
			answer = { id, result: await methods[method]?.(params as never) };
		} catch (error) {
			answer = { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
		}
		process.send?.(answer);
	});
	process.once('disconnect', () => process.exit());
	// Ctrl+C reaches the whole group: the driver ends its processes when it has cleaned up.
	process.on('SIGINT', () => {});
};
