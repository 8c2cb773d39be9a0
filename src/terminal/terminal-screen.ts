import { clearScreenDown, createInterface, cursorTo, type Interface, moveCursor } from 'node:readline';
import { cyan, type Line, render } from './line.ts';
import type { Screen, ScreenListener } from './screen.ts';

interface TerminalOptions {
	readonly colours: boolean;
	/** All lines that a typed one may become. */
	readonly complete: (typed: string) => string[];
	/** Whether a typed line goes from the screen, since it is shown again otherwise. */
	readonly goes: (typed: string) => boolean;
}

const { stdin: input, stdout: output } = process;

/** A person's terminal: lines are printed above the prompt, which keeps what is being typed. */
export class TerminalScreen implements Screen {
	readonly #options: TerminalOptions;
	#prompt = '> ';
	#readline: Interface | undefined;
	/** Rows from the start of the prompt to the end of the line that was entered. */
	#enteredRows = 0;

	constructor(options: TerminalOptions) {
		this.#options = options;
	}

	show(line: Line): void {
		const rows = this.#readline?.getCursorPos().rows ?? 0;
		this.#clearFrom(rows);
		output.write(`${render(line, this.#options.colours)}\n`);
		// readline draws the prompt anew from as many rows above as its cursor was below.
		if (this.#readline !== undefined) output.write('\n'.repeat(rows));
		this.#readline?.prompt(true);
	}

	note(line: Line): void {
		this.show(line);
	}

	prompt(title: string): void {
		this.#prompt = render([cyan(title), '> '], this.#options.colours);
		this.#readline?.setPrompt(this.#prompt);
		this.#readline?.prompt(true);
	}

	start(listener: ScreenListener): void {
		const completer = (typed: string): [string[], string] => [this.#options.complete(typed), typed];
		const readline = createInterface({ input, output, terminal: true, prompt: this.#prompt, completer });
		this.#readline = readline;
		input.prependListener('keypress', this.#pressed);
		readline.on('line', (text) => {
			if (this.#options.goes(text)) this.#clearFrom(this.#enteredRows + 1);
			listener.line(text);
			readline.prompt();
		});
		readline.on('SIGINT', listener.interrupted);
		readline.on('close', listener.ended);
		readline.prompt();
	}

	close(): void {
		const readline = this.#readline;
		if (readline === undefined) return;
		this.#readline = undefined;
		input.off('keypress', this.#pressed);
		this.#clearFrom(readline.getCursorPos().rows);
		readline.removeAllListeners('close').close();
	}

	/** Before readline sees the key that enters a line: only now it can tell how many rows the line has. */
	readonly #pressed = (_: unknown, key: { name?: string } | undefined): void => {
		if (this.#readline === undefined || (key?.name !== 'return' && key?.name !== 'enter')) return;
		this.#readline.write(null, { ctrl: true, name: 'e' });
		this.#enteredRows = this.#readline.getCursorPos().rows;
	};

	/** Clears from so many rows above the cursor down to the end of the screen. */
	#clearFrom(rows: number): void {
		moveCursor(output, 0, -rows);
		cursorTo(output, 0);
		clearScreenDown(output);
	}
}
