import { expect, test } from 'vitest';
import { parseRoomName } from '../../../src/logic/room-name.ts';

test('names that differ in case, width, normal form or the length of gaps have one key', () => {
	const key = parseRoomName('Caf\u00e9 Ole').key;
	for (const same of ['caf\u00e9 ole', 'CAFE\u0301 OLE', '\uff23af\u00e9 Ole', 'Caf\u00e9   Ole'])
		expect(parseRoomName(same).key).toBe(key);
	expect(parseRoomName('Café-Ole').key).not.toBe(key);
});

test('a name is shown as it was given, in NFC', () => {
	expect(parseRoomName('Cafe\u0301 2')).toEqual({ name: 'Caf\u00e9 2', key: 'caf\u00e9 2' });
	expect(parseRoomName('会议室 𝔘').name).toBe('会议室 𝔘');
});

test.each([
	['a number', '7'],
	['a number in wide digits', '\uff17'],
	['nothing', ''],
	['a gap in front', ' general'],
	['a gap behind', 'general '],
	['what becomes a gap in front when it is normalised', '\u037a'],
	['what grows too long when it is normalised', 'ﬄ'.repeat(50)],
	['too much', 'x'.repeat(51)],
	['a mark in front', '\u0301a'],
	['a line break', 'two\nlines'],
	['the null character', 'nul\0'],
	['what cannot be seen', '\u3164'],
	['something in it that cannot be seen', 'a\ufe0fb'],
	['a direction mark', 'a\u202eb'],
])('%s is no name', (_, name) => {
	expect(() => parseRoomName(name)).toThrow(expect.objectContaining({ key: 'bad-request' }));
});
