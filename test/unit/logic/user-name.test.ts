import { expect, test } from 'vitest';
import { parseUserName, userNameKey } from '../../../src/logic/user-name.ts';

test('names that differ in case, width or normal form have one key', () => {
	const key = parseUserName('Ren\u00e9').key;
	for (const same of ['ren\u00e9', 'REN\u00c9', 'Rene\u0301', '\uff32ene\u0301'])
		expect(parseUserName(same).key).toBe(key);
	expect(parseUserName('Rene').key).not.toBe(key);
});

test('a name is shown as it was given, in NFC', () => {
	expect(parseUserName('Rene\u0301')).toEqual({ name: 'Ren\u00e9', key: 'ren\u00e9' });
	expect(parseUserName('李雷').name).toBe('李雷');
});

test('signing in finds the key that signing up made', () => {
	for (const name of ['Ann', 'İstanbul', 'ﬁsh', 'ΣΑΣ', 'Straße'])
		expect(userNameKey(name)).toBe(parseUserName(name).key);
});

test('a name that grows too long or gains a space when it is normalised, begins with a mark, or has something that cannot be seen, is refused', () => {
	for (const name of ['ﬄ'.repeat(20), '\ufdfa', '', 'two words', 'nul\0', '\u0301a', '\u3164', 'a\u034fb']) {
		expect(() => parseUserName(name)).toThrow(expect.objectContaining({ key: 'bad-request' }));
		expect(userNameKey(name)).toBeUndefined();
	}
});
