/** JSON text as it stands: for what no JavaScript value is written as. */
export class Raw {
	readonly text: string;

	constructor(text: string) {
		this.text = text;
	}
}

const nested = (open: string, close: string, depth: number): Raw => new Raw(open.repeat(depth) + close.repeat(depth));

export const hostileNumbers: readonly (number | Raw)[] = [
	...[0, -1, 1, 0.5, -0.5, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536],
	...[2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, -(2 ** 53), 2 ** 63, 8.64e15, 8.64e15 + 1, 1e300],
	...['-0', '1e400', '-1e400', '1E5', '1.0', '0x1f', '01', '1e', '123456789012345678901234567890', 'NaN', '-'].map(
		(text) => new Raw(text),
	),
];

export const hostileTexts: readonly (string | Raw)[] = [
	...['', ' ', '\0', 'a\0b', '\ud800', '\udc00\ud800', 'x'.repeat(300), 'x'.repeat(9000), '😀'.repeat(2100)],
	...['\u0001'.repeat(5400), '\u202e\u2066\ufeff', 'Å\u0301\u0323'.repeat(40), 'İ'.repeat(20), '\ufdfa'.repeat(20)],
	...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'null', 'undefined', 'NaN', 'true', '[object Object]'],
	...['../../etc/passwd', '%00', '%', '%c0%ae', "' or 1=1 --", '"; drop table users; --', '$(id)', '{{7*7}}'],
	...['\r\nx-injected: 1\r\n\r\n', '<script>alert(1)</script>', '*', '$', '-1', '0', '9007199254740993', '1e3'],
	...['room:', 'room:0', 'room:01', 'room:-1', 'room:1 ', 'room:9999999999999999', 'room:1\n', 'dm:1', 'dm:1:1'],
	...['dm:2:1', 'dm:0:1', 'dm:9999999999999999:9999999999999998', 'user:1', 'user:0', 'group:1', 'x'.repeat(70)],
	...['"\\ud800"', '"\\u0000"', '"\\u"', '"\\x41"', '"', '"\n"'].map((text) => new Raw(text)),
];

export const hostileValues: readonly unknown[] = [
	...[null, true, false, [], {}, [[]], [null], { length: 1e9 }, { type: 'hello' }, [1, 2, 3], '1', 1],
	...[nested('[', ']', 50), nested('[', ']', 5000), nested('{"a":', '}', 1000)],
	new Raw('{"__proto__":{"admin":true}}'),
	new Raw('{"constructor":{"prototype":{"admin":true}}}'),
	new Raw(`[${'0,'.repeat(3000)}0]`),
	new Raw(`{${Array.from({ length: 1500 }, (_, index) => `"k${index}":${index}`).join(',')}}`),
	new Raw(''),
];

/** Names that mean something to JavaScript. */
export const hostileKeys: readonly string[] = [
	...['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', 'toJSON', 'then', 'length'],
	...['', '0', '-1', 'type', 'ref', 'id', '\0', '\ud800', 'k'.repeat(2000), '/'.repeat(20_000)],
];

/** Bytes that begin or break something in UTF-8, WebSocket, HTTP or gochat's packets. */
export const hostileBytes: readonly Buffer[] = [
	...[
		[0],
		[0xff],
		[0xc0, 0x80],
		[0xed, 0xa0, 0x80],
		[0xf4, 0x90, 0x80, 0x80],
		[0xe2, 0x82],
		[0x80],
		[0xef, 0xbb, 0xbf],
	],
	...[[0x0d, 0x0a], [0x0d, 0x0a, 0x0d, 0x0a], [0x0a], [0x22], [0x5c], [0x7b], [0x7d], [0x5b], [0x2c], [0x3a]],
	...[
		[0x76, 0x31, 0, 5, 0x7b],
		[0x76, 0x31, 0xff, 0xff],
		[0x76, 0x31, 0, 0],
		[0x76, 0x31, 0, 4],
		[0x81, 0xfe],
		[0x88, 0x80],
	],
].map((bytes) => Buffer.from(bytes));
