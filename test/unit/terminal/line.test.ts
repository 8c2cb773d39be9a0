import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bold, cyan, render } from '../../../src/terminal/line.ts';
import { visible } from '../../../src/terminal/visible.ts';

const obeyed = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

describe('text of others', () => {
	test.each([
		['clears the screen', '\x1b[2Jgone', '␛[2Jgone'],
		['sets the title of the window', '\x1b]0;root\x07', '␛]0;root␇'],
		['returns to the start of the line', 'bob\rann', 'bob␍ann'],
		['goes back', 'a\b\x7f', 'a␈␡'],
		['uses the eight-bit controls', '\x9b2J', '<U+009B>2J'],
		['turns the direction', 'a\u202eb', 'a<U+202E>b'],
		['cannot be seen', 'a\u200bb\ufeff', 'a<U+200B>b<U+FEFF>'],
		['has several lines', 'one\ntwo\r\nthree', 'one ⏎ two ⏎ three'],
		['has tabs', 'a\tb', 'a b'],
	])('that %s is shown, not obeyed', (_, text, shown) => {
		expect(visible(text)).toBe(shown);
	});

	test.each(['grüße', 'שלום', '日本語', '👩‍👩‍👧', 'a/b\\c'])('like %s stays as it is', (text) => {
		expect(visible(text)).toBe(text);
	});

	test('never reaches the terminal raw, whatever it is and wherever it stands', () => {
		const sequences = fc.string({ unit: fc.constantFrom('\x1b', '\x9b', '[', ']', '2', 'J', '\x07', '\r', '\n', 'a') });
		const text = fc.oneof(fc.string({ unit: 'binary' }), sequences);
		fc.assert(
			fc.property(text, text, (one, other) => {
				expect(render([one, bold(other)], false)).not.toMatch(obeyed);
				const coloured = render([one, bold(other)], true);
				expect(coloured.replace('\x1b[1m', '').replace('\x1b[22m', '')).not.toMatch(obeyed);
			}),
		);
	});
});

test('colours are there only where they are wanted', () => {
	expect(render([cyan('room 1'), '> '], true)).toBe('\x1b[36mroom 1\x1b[39m> ');
	expect(render([cyan('room 1'), '> '], false)).toBe('room 1> ');
});
