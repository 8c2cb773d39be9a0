import { visible } from './visible.ts';

const styles = { bold: [1, 22], dim: [2, 22], red: [31, 39], cyan: [36, 39] } as const;

interface Span {
	readonly text: string;
	readonly style: keyof typeof styles;
}

/** A line to show, in pieces. Any text may be in it: `render` is the only way to a terminal, and makes all of it harmless. */
export type Line = readonly (string | Span)[];

export const bold = (text: string): Span => ({ text, style: 'bold' });
export const dim = (text: string): Span => ({ text, style: 'dim' });
export const red = (text: string): Span => ({ text, style: 'red' });
export const cyan = (text: string): Span => ({ text, style: 'cyan' });

/** The line as a terminal takes it, without a line end. */
export const render = (line: Line, colours: boolean): string =>
	line
		.map((piece) => {
			if (typeof piece === 'string') return visible(piece);
			const [on, off] = styles[piece.style];
			return colours ? `\x1b[${on}m${visible(piece.text)}\x1b[${off}m` : visible(piece.text);
		})
		.join('');
