import { describe, expect, test } from 'vitest';
import { completions } from '../../../src/terminal/commands.ts';
import { roomChoice, roomNumber } from '../../../src/terminal/options.ts';
import { parseInput, unknownCommand } from '../../../src/terminal/parse.ts';

describe('a line', () => {
	test.each(['hello', ' 1/2', '- /quit'])('like "%s" is said as it is', (line) => {
		expect(parseInput(line)).toEqual({ kind: 'text', body: line });
	});

	test('with a slash is a command, with two a text with one', () => {
		expect(parseInput('/dm  bob ')).toEqual({ kind: 'command', name: 'dm', args: ['bob'] });
		expect(parseInput('/')).toEqual({ kind: 'command', name: '', args: [] });
		expect(parseInput('//etc')).toEqual({ kind: 'text', body: '/etc' });
	});

	test.each(['', '   ', '\t'])('of nothing says nothing: "%s"', (line) => {
		expect(parseInput(line)).toEqual({ kind: 'nothing' });
	});
});

test('an unknown command names the nearest', () => {
	const known = ['join', 'leave'];
	expect(unknownCommand('joim', known)).toBe('there is no /joim; did you mean /join? (/help lists all)');
	expect(unknownCommand('xyzzy', known)).toBe('there is no /xyzzy (/help lists all)');
});

test.each([
	['7', 7],
	['room:7', 7],
	['0', undefined],
	['07', undefined],
	['-1', undefined],
	['1e3', undefined],
	['lobby', undefined],
	['9007199254740992', undefined],
	['', undefined],
])('the room "%s" is %s', (text, room) => {
	expect(roomNumber(text)).toBe(room);
});

test.each([
	['7', 7],
	['room:7', 7],
	['general', 'general'],
	['#General talk', 'General talk'],
	['1st floor', '1st floor'],
	['0', undefined],
	['#7', undefined],
	['room:lobby', undefined],
	['9007199254740992', undefined],
	['', undefined],
	['#', undefined],
])('the room "%s", by number or name, is %s', (text, room) => {
	expect(roomChoice(text)).toBe(room);
});

test('commands and names are completed', () => {
	expect(completions('/ro', [], [])).toEqual(['/room', '/rooms']);
	expect(completions('/dm B', ['ann', 'bob', 'Bea'], ['Big talk'])).toEqual(['/dm bob', '/dm Bea']);
	expect(completions('/room b', ['bob'], ['general', 'Big talk'])).toEqual(['/room Big talk']);
	expect(completions('b', ['bob'], ['big'])).toEqual([]);
});
