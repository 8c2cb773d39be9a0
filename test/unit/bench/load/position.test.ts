import { expect, test } from 'vitest';
import { tschatWebSocket } from '../../../../src/connect/codecs/tschat-v2.ts';
import { positionOf } from '../../../bench/load/position.ts';

const message = (conv: 'room:12' | 'dm:1:2', seq: number): Buffer =>
	tschatWebSocket.message(
		{ id: '1', conv, seq, from: { id: 1, name: 'ann' }, to: null, kind: 'text', body: '"seq":9', at: 0, ref: 'r' },
		{ own: false, inbox: undefined },
	);

test('the position of a room message is read from the frame that the server makes', () => {
	const frame = message('room:12', 4711);
	expect(positionOf(frame, frame.indexOf('{'), frame.length)).toBe(4711);
});

test('direct messages and other frames have none', () => {
	for (const frame of [message('dm:1:2', 3), Buffer.from('{"type":"joined","conv":"room:1","seq":1}')]) {
		expect(positionOf(frame, frame.indexOf('{'), frame.length)).toBe(0);
	}
});
