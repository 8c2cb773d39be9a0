import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { runFolder } from './run-folder.ts';

const isFree = async (port: number): Promise<boolean> => {
	const server = createServer();
	const free = await new Promise<boolean>((resolve) =>
		server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true)),
	);
	await new Promise((resolve) => server.close(resolve));
	return free;
};

const givenPorts = new Set<number>();

/**
 * A port of 127.0.0.1 that is free now. It lies below the range from which the system serves port 0 and outgoing
 * connections, so that none of these takes it before its server starts.
 */
export const freePort = async (): Promise<number> => {
	const port = randomInt(11_000, 32_768);
	if (givenPorts.has(port) || !(await isFree(port))) return freePort();
	givenPorts.add(port);
	return port;
};

const cleanups = new Set<() => void>();
process.once('exit', () => {
	for (const cleanup of cleanups) cleanup();
});

/** A new empty folder, removed when the test run ends at the latest. */
export const temporaryFolder = (name: string): { path: string; remove(): void } => {
	// The test run is the parent of the process that runs a test file.
	const run = runFolder(process.ppid);
	mkdirSync(run, { recursive: true, mode: 0o755 });
	const path = mkdtempSync(join(run, `${name}-`));
	const remove = () => {
		cleanups.delete(remove);
		rmSync(path, { recursive: true, force: true });
	};
	cleanups.add(remove);
	return { path, remove };
};

export interface RunningProcess {
	readonly pid: number;
	/** Everything printed so far, stdout and stderr together. */
	output(): string;
	/** Resolves once the output matches; rejects with the output if the process ends first or the time is over. */
	outputMatching(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
	signal(signal: NodeJS.Signals): void;
	/** Exit code, or the signal's name. */
	readonly exited: Promise<number | NodeJS.Signals>;
	/** SIGTERM (or the given signal), SIGKILL after the time-out; resolves when it is gone. */
	stop(options?: { signal?: NodeJS.Signals; timeoutMs?: number }): Promise<void>;
}

export interface ProcessOptions {
	readonly env?: Record<string, string>;
	readonly cwd?: string;
	/** Runs as this system user (needs root). */
	readonly user?: string;
}

/**
 * Starts a program that cannot outlive the test process: the kernel kills it when its parent dies
 * (`setpriv --pdeathsig`), whatever the parent died of.
 */
export const startProcess = (
	command: string,
	args: readonly string[],
	options: ProcessOptions = {},
): RunningProcess => {
	const identity =
		options.user === undefined ? [] : [`--reuid=${options.user}`, `--regid=${options.user}`, '--init-groups'];
	const child: ChildProcess = spawn('setpriv', [...identity, '--pdeathsig', 'KILL', command, ...args], {
		env: { ...process.env, ...options.env },
		cwd: options.cwd,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let text = '';
	const listeners = new Set<() => void>();
	const append = (chunk: Buffer) => {
		text += chunk.toString();
		for (const listener of listeners) listener();
	};
	child.stdout?.on('data', append);
	child.stderr?.on('data', append);

	let gone = false;
	const exited = new Promise<number | NodeJS.Signals>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code, signal) => {
			gone = true;
			for (const listener of listeners) listener();
			resolve(code ?? signal ?? 1);
		});
	});
	exited.catch(() => {});

	return {
		get pid() {
			if (child.pid === undefined) throw new Error(`${command} did not start`);
			return child.pid;
		},
		output: () => text,
		exited,
		signal: (signal) => void child.kill(signal),
		outputMatching: (pattern, timeoutMs = 20_000) =>
			new Promise((resolve, reject) => {
				const finish = (act: () => void) => {
					clearTimeout(timer);
					listeners.delete(look);
					act();
				};
				const fail = (why: string) =>
					finish(() => reject(new Error(`${command} ${args.join(' ')}: ${why} ${pattern}\n${text}`)));
				const look = () => {
					const match = pattern.exec(text);
					if (match !== null) finish(() => resolve(match));
					else if (gone) fail('ended without printing');
				};
				const timer = setTimeout(() => fail('did not print in time'), timeoutMs);
				child.once('error', (error) => fail(error.message));
				listeners.add(look);
				look();
			}),
		stop: async ({ signal = 'SIGTERM', timeoutMs = 10_000 } = {}) => {
			if (gone) return;
			child.kill(signal);
			const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
			await exited.catch(() => {});
			clearTimeout(timer);
		},
	};
};
