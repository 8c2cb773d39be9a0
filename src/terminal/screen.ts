import type { Line } from './line.ts';

export interface ScreenListener {
	/** A line was typed, or came through the pipe. Resolves when it has been dealt with. */
	line(text: string): Promise<void>;
	/** There is no more input. */
	ended(): void;
	/** Ctrl-C. */
	interrupted(): void;
}

/** Where a person, or a program, types and reads. */
export interface Screen {
	/** A message, or the answer to a command. */
	show(line: Line): void;
	/** What happens besides. */
	note(line: Line): void;
	/** The title of what is typed to. */
	prompt(title: string): void;
	/** Input from now on. */
	start(listener: ScreenListener): void;
	/** Takes no more input; lines may still be shown. */
	close(): void;
}
