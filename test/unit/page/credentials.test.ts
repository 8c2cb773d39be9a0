import fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { describe, expect, test } from 'vitest';
import { fitsPassword, fitsUserName } from '../../../site/src/session/credential-rules.ts';
import { deviceName } from '../../../site/src/session/device-name.ts';
import { DeviceName, Password, UserName } from '../../../src/protocol/limits.ts';

const serverTakesName = Compile(UserName);
const serverTakesPassword = Compile(Password);
const characters = fc.constantFrom('a', 'Ж', '中', '7', '_', '-', '.', ' ', '\u0301', '👍', '@', '٣');

describe('what is told before it is sent', () => {
	test.each(['a', 'Ann-Marie.2_x', '李雷', 'é', 'e\u0301', 'x'.repeat(20)])('%s is a name', (name) => {
		expect(fitsUserName(name)).toBe(true);
	});

	test.each(['', 'a b', 'ann@example', '\u0301a', '👍', 'x'.repeat(21), 'a\n'])('%j is none', (name) => {
		expect(fitsUserName(name)).toBe(false);
	});

	test('names: the same as the server takes', () => {
		fc.assert(
			fc.property(fc.string({ unit: characters, maxLength: 24 }), (name) => {
				expect(fitsUserName(name)).toBe(serverTakesName.Check(name.normalize('NFC')));
			}),
		);
	});

	test.each([5, 6, 128, 129])('passwords of %i characters: the same as the server takes', (length) => {
		for (const password of ['x'.repeat(length), '👍'.repeat(length)]) {
			expect(fitsPassword(password)).toBe(length >= 6 && length <= 128);
			expect(fitsPassword(password)).toBe(serverTakesPassword.Check(password));
		}
	});
});

const like = 'Mozilla/5.0';
const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';

describe('what a list of sessions calls this browser', () => {
	test.each([
		[`${like} (X11; Linux x86_64) ${webkit} Chrome/140.0.0.0 Safari/537.36`, 'Chrome on Linux'],
		[`${like} (X11; Linux x86_64) ${webkit} HeadlessChrome/140.0.0.0 Safari/537.36`, 'Chrome on Linux'],
		[`${like} (Windows NT 10.0; Win64; x64) ${webkit} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0`, 'Edge on Windows'],
		[
			`${like} (Windows NT 10.0; Win64; x64) ${webkit} Chrome/140.0.0.0 Safari/537.36 OPR/120.0.0.0`,
			'Opera on Windows',
		],
		[`${like} (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0`, 'Firefox on Mac'],
		[
			`${like} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15`,
			'Safari on Mac',
		],
		[
			`${like} (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1`,
			'Chrome on iPhone',
		],
		[
			`${like} (Linux; Android 15; SM-S921B) ${webkit} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`,
			'Samsung Internet on Android',
		],
		[`${like} (X11; CrOS x86_64 14541.0.0) ${webkit} Chrome/140.0.0.0 Safari/537.36`, 'Chrome on ChromeOS'],
		['Something (Linux)', 'Linux'],
	])('%s', (userAgent, name) => {
		expect(deviceName(userAgent)).toBe(name);
		expect(Compile(DeviceName).Check(name)).toBe(true);
	});

	test('one that nobody knows has no name here: the server takes the User-Agent', () => {
		expect(deviceName('curl/8.0')).toBeUndefined();
	});
});
