import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxPacketBytes, PacketReader, stickyPacket } from '../../../src/connect/codecs/sticky-packet.ts';

const readAll = (chunks: readonly Buffer[]): string[] => {
	const reader = new PacketReader();
	return chunks.flatMap((chunk) => reader.read(chunk).map((body) => body.toString()));
};

describe('sticky packets', () => {
	test('"hi" is 76 31 00 06 68 69', () => {
		expect(stickyPacket('hi').toString('hex')).toBe('763100066869');
	});

	test('are cut out of the stream wherever reads split or join them', () => {
		const body = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
		fc.assert(
			fc.property(fc.array(body, { minLength: 1, maxLength: 10 }), fc.array(fc.nat()), (bodies, cuts) => {
				const stream = Buffer.concat(bodies.map(stickyPacket));
				const at = [0, ...cuts.map((cut) => cut % stream.length).sort((a, b) => a - b), stream.length];
				const chunks = at.slice(1).map((end, index) => stream.subarray(at[index], end));
				expect(readAll(chunks)).toEqual(bodies);
			}),
		);
	});

	test('come out byte by byte too', () => {
		const stream = Buffer.concat([stickyPacket('one'), stickyPacket('two')]);
		expect(readAll(Array.from(stream, (byte) => Buffer.from([byte])))).toEqual(['one', 'two']);
	});

	test('the longest that the length field can say passes, one byte more is refused', () => {
		const longest = 'x'.repeat(maxPacketBytes - 4);
		expect(readAll([stickyPacket(longest)])).toEqual([longest]);
		expect(() => stickyPacket(`${longest}x`)).toThrow('does not fit');
	});

	test.each([
		['length 0', '76310000'],
		['a length shorter than the header', '76310003'],
		['a length without a body', '76310004'],
		['a negative length', '7631ffff'],
		['the most negative length', '76318000'],
		['another version', '76320006'],
		['an HTTP request', Buffer.from('GET / HTTP/1.1').toString('hex')],
	])('%s is refused', (_what, hex) => {
		expect(() => new PacketReader().read(Buffer.from(hex, 'hex'))).toThrow();
	});
});
