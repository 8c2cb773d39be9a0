import { expect, test } from 'vitest';
import { createOriginLog, originCheck } from '../../../src/connect-ws/origin.ts';

const allowed = (setting: string, ...origins: (string | undefined)[]) => origins.map(originCheck(setting));

test('clients that are no browsers send no origin, and may come', () => {
	expect(allowed('https://chat.example', undefined)).toEqual([true]);
});

test('any origin may come with *', () => {
	expect(allowed('*', 'https://other.example', 'null', undefined)).toEqual([true, true, true]);
});

test('only those of the list may come', () => {
	const list = 'https://chat.example, http://localhost:8080';
	expect(allowed(list, 'https://chat.example', 'http://localhost:8080')).toEqual([true, true]);
	expect(
		allowed(
			list,
			'http://chat.example',
			'https://chat.example:8443',
			'https://evil-chat.example',
			'https://chat.example.evil.example',
			'https://sub.chat.example',
			'http://localhost',
			'https://chat.example, https://other.example',
			'',
		),
	).toEqual(Array(8).fill(false));
});

test('case, the port of the scheme and a slash at the end make no difference', () => {
	expect(allowed('https://Chat.Example:443/,http://plain.example:80', 'https://chat.example')).toEqual([true]);
	expect(allowed('https://chat.example', 'HTTPS://CHAT.EXAMPLE', 'https://chat.example:443')).toEqual([true, true]);
	expect(allowed('http://plain.example:80', 'http://plain.example', 'http://plain.example:443')).toEqual([true, false]);
});

test('a page without an origin is not in any list, whatever the list says', () => {
	expect(allowed('null', 'null')).toEqual([false]);
	expect(allowed('https://chat.example', 'null', 'file://')).toEqual([false, false]);
});

test('an app of a scheme of its own can be listed', () => {
	expect(allowed('capacitor://localhost', 'capacitor://localhost', 'capacitor://other')).toEqual([true, false]);
});

test('refused ones are all counted, and the log names one at a time', () => {
	const lines: unknown[] = [];
	let count = 0;
	const tell = createOriginLog({ warn: (told: object) => lines.push(told) } as never, () => {
		count += 1;
	});
	for (const origin of [`https://${'x'.repeat(1000)}`, 'https://b.example', 'https://c.example']) tell(origin);
	expect(count).toBe(3);
	expect(lines).toEqual([{ origin: `https://${'x'.repeat(192)}` }]);
});
