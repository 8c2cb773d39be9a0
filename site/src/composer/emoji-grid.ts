import { type Emoji, type EmojiGroup, emojiGroups } from './emoji-data.ts';

/** Emoji in a row of the grid. */
export const columns = 8;

/** Where in the grid: its row, and its place in the row. */
export interface Cell {
	readonly row: number;
	readonly column: number;
}

const rowsOf = (emoji: readonly Emoji[]): Emoji[][] =>
	Array.from({ length: Math.ceil(emoji.length / columns) }, (_, row) =>
		emoji.slice(row * columns, (row + 1) * columns),
	);

/** Some of the grid's rows, under the name of a group; null: what a search has found. */
export interface Section {
	readonly group: EmojiGroup | null;
	readonly rows: readonly (readonly Emoji[])[];
}

/** All emoji by group, or those that one of their names, English or Chinese, has the words of. */
export const sectionsFor = (search: string): Section[] => {
	const words = search.toLowerCase().split(/\s+/).filter(Boolean);
	if (words.length === 0) return emojiGroups.map(({ group, emoji }) => ({ group, rows: rowsOf(emoji) }));
	const matches = ({ symbol, en, zh }: Emoji) => words.every((word) => `${symbol} ${en} ${zh}`.includes(word));
	return [{ group: null, rows: rowsOf(emojiGroups.flatMap(({ emoji }) => emoji.filter(matches))) }];
};

/** Where an arrow key leads to; undefined for other keys, and above the first row. Rows may be of different lengths. */
export const moved = (rows: readonly (readonly unknown[])[], at: Cell, key: string): Cell | undefined => {
	const lengthOf = (row: number): number => rows[row]?.length ?? 0;
	const beside = (row: number, column: number): Cell | undefined =>
		column < lengthOf(row) ? { row, column } : undefined;
	const inRow = (row: number): Cell => ({ row, column: Math.min(at.column, lengthOf(row) - 1) });
	switch (key) {
		case 'ArrowRight':
			return beside(at.row, at.column + 1) ?? beside(at.row + 1, 0) ?? at;
		case 'ArrowLeft':
			if (at.column > 0) return { row: at.row, column: at.column - 1 };
			return at.row > 0 ? { row: at.row - 1, column: lengthOf(at.row - 1) - 1 } : at;
		case 'ArrowDown':
			return at.row + 1 < rows.length ? inRow(at.row + 1) : at;
		case 'ArrowUp':
			return at.row > 0 ? inRow(at.row - 1) : undefined;
		case 'Home':
			return { row: 0, column: 0 };
		case 'End':
			return { row: rows.length - 1, column: lengthOf(rows.length - 1) - 1 };
		default:
			return undefined;
	}
};
