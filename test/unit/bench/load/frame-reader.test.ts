import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameReader } from '../../../bench/load/frame-reader.ts';

interface Frame {
	readonly code: number;
	readonly payload: string;
}

/** A server's frame with the longest header that its length needs (RFC 6455, section 5.2). */
const encode = ({ code, payload }: Frame): Buffer => {
	const bytes = Buffer.from(payload);
	const head = Buffer.alloc(bytes.length < 126 ? 2 : bytes.length < 65_536 ? 4 : 10);
	head[0] = 0x80 | code;
	if (head.length === 2) head[1] = bytes.length;
	else if (head.length === 4) {
		head[1] = 126;
		head.writeUInt16BE(bytes.length, 2);
	} else {
		head[1] = 127;
		head.writeBigUInt64BE(BigInt(bytes.length), 2);
	}
	return Buffer.concat([head, bytes]);
};

/** All at once, by the plainest of means. */
const parseSlowly = (bytes: Buffer): Frame[] => {
	const frames: Frame[] = [];
	let rest = bytes;
	while (rest.length > 0) {
		const second = rest.readUInt8(1);
		const header = second < 126 ? 2 : second === 126 ? 4 : 10;
		const length = second < 126 ? second : second === 126 ? rest.readUInt16BE(2) : Number(rest.readBigUInt64BE(2));
		frames.push({ code: rest.readUInt8(0) & 15, payload: rest.subarray(header, header + length).toString() });
		rest = rest.subarray(header + length);
	}
	return frames;
};

/** In chunks that end at the cuts; each in the same memory, as reads of a socket are. */
const parse = (bytes: Buffer, cuts: readonly number[]): Frame[] => {
	const frames: Frame[] = [];
	const reader = new FrameReader((code, memory, start, end) => {
		frames.push({ code, payload: Buffer.from(memory.subarray(start, end)).toString() });
	});
	const shared = Buffer.alloc(bytes.length + 1);
	let from = 0;
	for (const to of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
		shared.fill(0xff);
		bytes.copy(shared, 0, from, to);
		reader.read(shared, to - from);
		from = to;
	}
	return frames;
};

const codes = fc.constantFrom(0, 1, 2, 8, 9, 10);
const lengths = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constantFrom(125, 126, 127, 65_535, 65_536, 70_000));
const frame = fc.record({ code: codes, payload: lengths.map((length) => 'payload '.repeat(length).slice(0, length)) });

test('frames come whole and in order, wherever the reads are cut', () => {
	const stream = fc.array(frame, { maxLength: 8 }).chain((frames) => {
		const bytes = Buffer.concat(frames.map(encode));
		return fc.record({
			bytes: fc.constant(bytes),
			cuts: fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 30 }),
		});
	});
	fc.assert(
		fc.property(stream, ({ bytes, cuts }) => {
			expect(parse(bytes, cuts)).toEqual(parseSlowly(bytes));
		}),
	);
});

test('a stream may be cut at any byte, and at each', () => {
	const frames = [
		{ code: 1, payload: '' },
		{ code: 1, payload: 'short' },
		{ code: 9, payload: 'x'.repeat(125) },
		{ code: 1, payload: 'y'.repeat(300) },
		{ code: 1, payload: 'z'.repeat(66_000) },
		{ code: 8, payload: 'end' },
	];
	const bytes = Buffer.concat(frames.map(encode));
	expect(parse(bytes, [])).toEqual(frames);
	expect(parse(bytes, Array.from(bytes.keys()))).toEqual(frames);
	for (let cut = 0; cut < 700; cut += 1) expect(parse(bytes, [cut])).toEqual(frames);
	for (let cut = bytes.length - 20; cut < bytes.length; cut += 1) expect(parse(bytes, [cut])).toEqual(frames);
});

test('what no server may send ends the stream', () => {
	const reader = new FrameReader(() => {});
	expect(() => reader.read(Buffer.from([0x81, 0x85, 1, 2, 3, 4]), 6)).toThrow('mask');
	expect(() => reader.read(Buffer.from([0x81, 127, 0x7f, 0, 0, 0, 0, 0, 0, 0]), 10)).toThrow('a frame of');
});
