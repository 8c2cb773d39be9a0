/**
 * A signal that comes this soon after the first is an echo of it, not impatience: on Ctrl-C the terminal signals
 * the whole process group, and npm passes its own on to us once more.
 */
const echoMs = 500;

interface StopOptions {
	readonly timeoutMs: number;
	/** Undoes everything. Resolves to whether all of it went well. */
	stop(): Promise<boolean>;
	/** What is not undone yet. */
	pending(): string[];
	/** Told to the person who started the process. */
	tell(line: string): void;
	/** Whatever nobody caught. */
	unexpected(error: unknown): void;
}

/**
 * Ends this process in order, once: on SIGTERM or SIGINT with exit code 0, on an error that nobody caught with 1.
 * A second signal ends it at once; so does the time-out, naming what did not stop.
 * Returns the same for callers: `end(exitCode)`.
 */
export const installOrderlyStop = (options: StopOptions): ((exitCode: number) => void) => {
	let begun: number | undefined;
	let exitCode = 0;

	const end = async (code: number): Promise<void> => {
		exitCode = Math.max(exitCode, code);
		if (begun !== undefined) return;
		begun = performance.now();
		setTimeout(() => {
			options.tell(`not stopped within ${options.timeoutMs} ms: ${options.pending().join(', ') || 'nothing'}`);
			process.exit(1);
		}, options.timeoutMs);
		const clean = await options.stop();
		process.exit(clean ? exitCode : 1);
	};

	const onSignal = (signal: NodeJS.Signals): void => {
		if (begun === undefined) return void end(0);
		if (performance.now() - begun < echoMs) return;
		options.tell(`second ${signal}: ended without waiting for ${options.pending().join(', ')}`);
		process.exit(1);
	};
	process.on('SIGTERM', onSignal);
	process.on('SIGINT', onSignal);
	// Node turns unhandled rejections into uncaught exceptions.
	process.on('uncaughtException', (error) => {
		options.unexpected(error);
		void end(1);
	});
	return (code) => void end(code);
};
