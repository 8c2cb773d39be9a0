import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bodyOf, MarkerReader, minBodyBytes } from '../../../bench/load/marker.ts';

const index = fc.integer({ min: 0, max: 999_999_999 });
const sentAt = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
/** What may stand around a body: anything, but no marker. */
const around = fc.stringMatching(/^[ -}~]{0,30}$/).filter((text) => !/~\d{1,9}~\d{16}~/.test(text));

test('a message is known by its body, wherever that lies in a frame, with others before it', () => {
	const frames = fc.array(fc.tuple(around, index, sentAt, around), { minLength: 1, maxLength: 10 });
	fc.assert(
		fc.property(frames, (messages) => {
			const marker = new MarkerReader();
			for (const [before, number, at, after] of messages) {
				const body = bodyOf(number, at, 40);
				const bytes = Buffer.from(`${before}${body}${after}~7~0000000000000001~`);
				expect(marker.find(bytes, 0, bytes.length)).toBe(true);
				// A `~` in front may begin a marker of its own together with the body's first digits.
				const first = /~(\d{1,9})~(\d{16})~/.exec(bytes.toString());
				expect([marker.index, marker.sentAt]).toEqual([Number(first?.[1]), Number(first?.[2])]);
			}
		}),
	);
});

test('what is cut, and what lies behind the end of a frame, is no message', () => {
	const bytes = Buffer.from(`{"msg":"${bodyOf(123, 456, 28)}"}`);
	const end = bytes.lastIndexOf('~') + 1;
	for (let cut = 0; cut < end; cut += 1) expect(new MarkerReader().find(bytes, 0, cut)).toBe(false);
	expect(new MarkerReader().find(bytes, 0, end)).toBe(true);
	for (const text of [
		'',
		'~',
		'~~',
		'~1~2~',
		'~~0000000000000001~',
		'~1234567890~0000000000000001~',
		'~1~00000000000000x1~',
	]) {
		expect(new MarkerReader().find(Buffer.from(text), 0, text.length)).toBe(false);
	}
});

test('a body has the length asked for, and the shortest one holds any index', () => {
	expect(bodyOf(999_999_999, Number.MAX_SAFE_INTEGER, minBodyBytes)).toHaveLength(minBodyBytes);
	expect(bodyOf(0, 1.5, 100)).toHaveLength(100);
});
