import { spawn } from 'node:child_process';
import { join } from 'node:path';

const main = join(import.meta.dirname, '..', '..', 'dist', 'main.js');

/** A `tschat chat`, or another command, that is typed to and read from. */
export interface Terminal {
	/** What it printed on stdout. */
	readonly lines: readonly string[];
	/** What it printed on stderr. */
	readonly notes: readonly string[];
	/** stdout and stderr as they came. */
	raw(): string;
	type(...lines: readonly string[]): void;
	/** Keys as they are, without a line end. */
	press(keys: string): void;
	/** No more input. */
	end(): void;
	signal(signal: NodeJS.Signals): void;
	/** Resolves with the first line, of either stream, that matches; rejects with all when the time is over or it has ended. */
	printed(pattern: RegExp, timeoutMs?: number): Promise<string>;
	readonly exited: Promise<number>;
}

interface TerminalOptions {
	readonly env?: Readonly<Record<string, string>>;
	/** Gives it a terminal of its own instead of pipes. */
	readonly pseudo?: boolean;
	/** Which of the program's commands; `chat` unless told otherwise. */
	readonly command?: string;
}

/** Starts it on pipes, or on a pseudo terminal. It cannot outlive the test process. */
export const startTerminal = (
	args: readonly string[],
	{ env = {}, pseudo = false, command: name = 'chat' }: TerminalOptions = {},
): Terminal => {
	const command = [process.execPath, main, name, ...args];
	// `script` copies what it reads to the terminal, and what is printed there to its own output.
	const run = pseudo ? ['script', '--quiet', '--return', '--command', command.join(' '), '/dev/null'] : command;
	const { TSCHAT_PASSWORD: _, NO_COLOR: __, ...inherited } = process.env;
	const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...run], { env: { ...inherited, ...env } });
	const lines: string[] = [];
	const notes: string[] = [];
	const listeners = new Set<() => void>();
	let raw = '';
	let gone = false;
	const tell = () => {
		for (const listener of [...listeners]) listener();
	};
	for (const [stream, printed] of [
		[child.stdout, lines],
		[child.stderr, notes],
	] as const) {
		let rest = '';
		stream.setEncoding('utf8').on('data', (text: string) => {
			raw += text;
			const parts = (rest + text).split('\n');
			rest = parts.pop() ?? '';
			printed.push(...parts);
			tell();
		});
	}
	// It may have ended before it has read everything.
	child.stdin.on('error', () => {});
	const exited = new Promise<number>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code) => {
			gone = true;
			tell();
			resolve(code ?? -1);
		});
	});
	return {
		lines,
		notes,
		raw: () => raw,
		type: (...typed) => void child.stdin.write(typed.map((line) => `${line}\n`).join('')),
		press: (keys) => void child.stdin.write(keys),
		end: () => void child.stdin.end(),
		signal: (signal) => void child.kill(signal),
		printed: (pattern, timeoutMs = 15_000) =>
			new Promise((resolve, reject) => {
				const finish = (act: () => void) => {
					clearTimeout(timer);
					listeners.delete(look);
					act();
				};
				const fail = () => finish(() => reject(new Error(`${pattern} was not printed\n${raw}`)));
				const look = () => {
					const line = [...lines, ...notes].find((text) => pattern.test(text)) ?? pattern.exec(raw)?.[0];
					if (line !== undefined) finish(() => resolve(line));
					else if (gone) fail();
				};
				const timer = setTimeout(fail, timeoutMs);
				listeners.add(look);
				look();
			}),
		exited,
	};
};
