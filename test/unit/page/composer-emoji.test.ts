import { describe, expect, test } from 'vitest';
import { emojiGroups, emojiName } from '../../../site/src/composer/emoji-data.ts';
import { columns, moved, sectionsFor } from '../../../site/src/composer/emoji-grid.ts';
import { isOnlyEmoji } from '../../../site/src/thread/markdown/shortcodes.ts';

const all = emojiGroups.flatMap(({ emoji }) => emoji);
const found = (search: string) => sectionsFor(search).flatMap(({ rows }) => rows.flat().map(({ symbol }) => symbol));

describe('the emoji', () => {
	test('are emoji, each once, with a name of its own in both languages', () => {
		expect(all.length).toBeGreaterThan(120);
		for (const emoji of all) expect(isOnlyEmoji(emoji.symbol), JSON.stringify(emoji)).toBe(true);
		for (const key of [
			({ symbol }: (typeof all)[number]) => symbol,
			(emoji: (typeof all)[number]) => emojiName(emoji, 'en'),
			(emoji: (typeof all)[number]) => emojiName(emoji, 'zh'),
		]) {
			const keys = all.map(key);
			expect(keys.filter((value, index) => value === '' || keys.indexOf(value) !== index)).toEqual([]);
		}
	});

	test.each([
		['rocket', '🚀'],
		['Tears JOY', '😂'],
		['joy tears', '😂'],
		['火箭', '🚀'],
		['点赞', '👍'],
		['🚀', '🚀'],
	])('%s finds %s', (search, symbol) => {
		expect(found(search)).toContain(symbol);
		expect(found(search).length).toBeLessThan(5);
	});

	test('are all there without a search, and none for what nothing is called', () => {
		expect(found('  ')).toHaveLength(all.length);
		expect(found('no such thing')).toEqual([]);
	});
});

describe('arrow keys', () => {
	const rows = [Array(columns).fill(0), [0, 0, 0], Array(columns).fill(0)];

	test.each([
		[0, 0, 'ArrowRight', 0, 1],
		[0, 7, 'ArrowRight', 1, 0],
		[2, 7, 'ArrowRight', 2, 7],
		[1, 0, 'ArrowLeft', 0, 7],
		[0, 0, 'ArrowLeft', 0, 0],
		[0, 6, 'ArrowDown', 1, 2],
		[1, 2, 'ArrowDown', 2, 2],
		[2, 3, 'ArrowDown', 2, 3],
		[2, 6, 'ArrowUp', 1, 2],
		[1, 1, 'Home', 0, 0],
		[0, 0, 'End', 2, 7],
	])('from %d, %d by %s to %d, %d', (row, column, key, toRow, toColumn) => {
		expect(moved(rows, { row, column }, key)).toEqual({ row: toRow, column: toColumn });
	});

	test('lead above the first row to the search', () => {
		expect(moved(rows, { row: 0, column: 3 }, 'ArrowUp')).toBeUndefined();
	});
});
