import { afterEach, describe, expect, test } from 'vitest';
import { TschatError } from '../../../src/client/errors.ts';
import { Marks } from '../../../src/client/marks.ts';
import type { ClientFrameV2 } from '../../../src/protocol/v2/client-frames.ts';
import { TestWire, upTo } from './support.ts';

let marks: Marks;
afterEach(() => marks.stop());
const start = () => {
	const wire = new TestWire();
	marks = new Marks(wire);
	const told = () => wire.take().map((frame) => ('seq' in frame ? [frame.type, frame.conv, frame.seq] : []));
	return { wire, told };
};

describe('how far a user has got', () => {
	test('is told at once, then at most once a second, and only the furthest', async () => {
		const { wire, told } = start();
		const sentAt: number[] = [];
		const second = new Promise<void>((resolve) => {
			wire.send = (frame: ClientFrameV2) => {
				wire.frames.push(frame);
				if (sentAt.push(performance.now()) === 2) resolve();
			};
		});
		for (const seq of upTo(50)) marks.delivered('room:1', seq);
		await second;
		expect(told()).toEqual([
			['ack', 'room:1', 1],
			['ack', 'room:1', 50],
		]);
		expect((sentAt[1] ?? 0) - (sentAt[0] ?? 0)).toBeGreaterThan(990);
	});

	test('is not kept of what was left: no server would ever confirm it', () => {
		const { told } = start();
		marks.read('room:1', 5);
		marks.read('room:2', 6);
		marks.forget('room:1');
		expect(marks.unsentReads()).toEqual({ 'room:2': 6 });
		marks.opened();
		marks.flush();
		expect(told().filter(([, conv]) => conv === 'room:2')).toHaveLength(1);
	});

	test('never goes back', () => {
		const { told } = start();
		marks.read('room:1', 5);
		marks.read('room:1', 3);
		marks.flush();
		expect(told()).toEqual([['read', 'room:1', 5]]);
	});

	test('is told again on the next connection, unless the server knows', () => {
		const { told } = start();
		marks.read('room:1', 5);
		marks.read('room:2', 6);
		marks.flush();
		told();
		expect(marks.unsentReads()).toEqual({ 'room:1': 5, 'room:2': 6 });
		marks.known('room:1', { read: 7 });
		marks.opened();
		marks.flush();
		expect(told()).toEqual([['read', 'room:2', 6]]);
		expect(marks.unsentReads()).toEqual({ 'room:2': 6 });
	});

	test('is told again when it was refused for the moment', () => {
		const { told } = start();
		marks.read('room:1', 5);
		told();
		expect(marks.refused('read room:1', new TschatError('unavailable', 'later', { retryable: true }))).toBe(true);
		marks.flush();
		expect(told()).toEqual([['read', 'room:1', 5]]);
	});

	test('is not told again when it is refused for good', () => {
		const { told } = start();
		marks.read('room:1', 5);
		expect(told()).toEqual([['read', 'room:1', 5]]);
		expect(marks.refused('read room:1', new TschatError('not-found', 'not found'))).toBe(false);
		expect(marks.refused('of something else', new TschatError('not-found', 'not found'))).toBe(false);
		marks.opened();
		marks.flush();
		expect(told()).toEqual([]);
		expect(marks.unsentReads()).toEqual({});
	});
});
