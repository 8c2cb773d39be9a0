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

/** In each of Node's versions, though its documentation leaves it out: where readline believes that its cursor is. */
interface Rows {
	/** Rows below the start of the prompt. A paste that wraps leaves it behind. */
	prevRows: number;
}

const { stdin: input, stdout: output } = process;

/** A person's terminal: lines are printed above the prompt, which keeps what is being typed. */
export class TerminalScreen implements Screen {
	readonly #options: TerminalOptions;
	#prompt = '> ';
	#readline: (Interface & Rows) | undefined;
	/** Rows from the start of the prompt to the end of the line that was entered. */
	#enteredRows = 0;

	constructor(options: TerminalOptions) {
		this.#options = options;
	}

	show(line: Line): void {
		const readline = this.#readline;
		this.#clearFrom(readline?.getCursorPos().rows ?? 0);
		output.write(`${render(line, this.#options.colours)}\n`);
		if (readline === undefined) return;
		readline.prevRows = 0;
		readline.prompt(true);
	}

	note(line: Line): void {
		this.show(line);
	}

	prompt(title: string): void {
		this.#prompt = render([cyan(title), '> '], this.#options.colours);
		const readline = this.#readline;
		if (readline === undefined) return;
		readline.prevRows = readline.getCursorPos().rows;
		readline.setPrompt(this.#prompt);
		readline.prompt(true);
	}

	start(listener: ScreenListener): void {
		const completer = (typed: string): [string[], string] => [this.#options.complete(typed), typed];
		const options = { input, output, terminal: true, prompt: this.#prompt, completer };
		const readline = createInterface(options) as Interface & Rows;
		this.#readline = readline;
		input.prependListener('keypress', this.#pressed);
		readline.on('line', (text) => {
			if (this.#options.goes(text)) this.#clearFrom(this.#enteredRows + 1);
			void listener.line(text);
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

	/** Before readline sees a key. Of one that enters a line, only now it can tell how many rows the line has. */
	readonly #pressed = (_: unknown, key: { name?: string } | undefined): void => {
		const readline = this.#readline;
		if (readline === undefined) return;
		readline.prevRows = readline.getCursorPos().rows;
		if (key?.name !== 'return' && key?.name !== 'enter') return;
		readline.write(null, { ctrl: true, name: 'e' });
		this.#enteredRows = readline.getCursorPos().rows;
	};

	/** Clears from so many rows above the cursor down to the end of the screen. */
	#clearFrom(rows: number): void {
		moveCursor(output, 0, -rows);
		cursorTo(output, 0);
		clearScreenDown(output);
	}
}
