const { stdin, stdout } = process;

/** The whole terminal, for a table that is drawn again and again. */
export interface Screen {
	draw(lines: readonly string[]): void;
	/** Gives the terminal back as it was. */
	close(): void;
}

/** Ctrl-C is a key while the terminal gives keys as they are. */
const quitKeys = Buffer.from('qQ\x03');
const enter = '\x1b[?1049h\x1b[?25l';
const leave = '\x1b[?25h\x1b[?1049l';

/**
 * Takes the terminal: its other screen, no cursor, keys as they are pressed. `onQuit` is called for q and Ctrl-C. However the
 * process ends, the terminal is given back.
 */
export const openScreen = (onQuit: () => void): Screen => {
	let open = true;
	let shown: readonly string[] = [];

	const draw = () => {
		// Some terminals say that they have no size.
		const [rows, columns] = [stdout.rows || 24, stdout.columns || 80];
		const lines = shown.slice(0, rows - 1).map((line) => `${line.slice(0, columns)}\x1b[K`);
		stdout.write(`\x1b[H${lines.join('\r\n')}\x1b[J`);
	};
	const pressed = (keys: Buffer) => {
		if (keys.some((key) => quitKeys.includes(key))) onQuit();
	};
	const close = () => {
		if (!open) return;
		open = false;
		process.off('exit', close);
		stdout.off('resize', draw);
		stdin.off('data', pressed);
		if (stdin.isTTY) stdin.setRawMode(false);
		stdin.pause();
		stdout.write(leave);
	};

	process.on('exit', close);
	stdout.on('resize', draw);
	stdout.write(enter);
	if (stdin.isTTY) stdin.setRawMode(true);
	stdin.on('data', pressed);
	return {
		draw: (lines) => {
			shown = lines;
			if (open) draw();
		},
		close,
	};
};
