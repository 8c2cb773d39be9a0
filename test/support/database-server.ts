import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type RunningProcess, startProcess } from './processes.ts';

/** A real database server on a free port of 127.0.0.1, with its data in a temporary folder. */
export interface DatabaseServer {
	readonly port: number;
	/** Makes a new empty database; its URL, as `openSqlStore` takes it. */
	createDatabase(): Promise<string>;
	/** Stops the server, with connections open or not; the data stays. */
	stop(): Promise<void>;
	/** Starts it again on the same port. */
	start(): Promise<void>;
	/** SIGSTOP to the server and all its processes: takes connections, answers nothing. */
	pause(): void;
	/** SIGCONT. */
	resume(): void;
	/** Stops it and removes the data. */
	remove(): Promise<void>;
}

/** Both servers refuse to run as root: when the tests do, they run as the system user that their package made. */
export const asSystemUser = (user: string, folder: string): { cwd: string; user?: string } => {
	if (process.getuid?.() !== 0) return { cwd: folder };
	execFileSync('chown', ['-R', user, folder]);
	return { cwd: folder, user };
};

/** A program that can be started again after it was stopped. */
export class RestartableProcess {
	#process: RunningProcess | undefined;
	readonly #start: () => Promise<RunningProcess>;

	constructor(options: Parameters<typeof startProcess>, ready: RegExp) {
		this.#start = async () => {
			const started = startProcess(...options);
			await started.outputMatching(ready);
			return started;
		};
	}

	async start(): Promise<void> {
		this.#process = await this.#start();
	}

	/** To it and to the processes that it has started. */
	signalAll(signal: NodeJS.Signals): void {
		if (this.#process === undefined) return;
		const { pid } = this.#process;
		const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
		for (const one of [pid, ...children.split(' ').filter(Boolean).map(Number)]) process.kill(one, signal);
	}

	async stop(signal: NodeJS.Signals): Promise<void> {
		await this.#process?.stop({ signal });
		this.#process = undefined;
	}
}
