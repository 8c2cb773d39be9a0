import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { gochatTcp, gochatWebSocket } from '../../src/connect/codecs/gochat-v1.ts';
import { textFrame } from '../../src/connect/codecs/text-frame.ts';
import type { Message } from '../../src/protocol/message.ts';
import type { RoomItem } from '../../src/protocol/queue-items.ts';

interface Vectors {
	client: { name: string; over: 'ws' | 'tcp'; payload: string; frame: object | null }[];
	server: {
		name: string;
		message?: Omit<Message, 'at'> & { at: string };
		room?: RoomItem;
		body: string;
		wsHeader: string;
		tcpHeader: string;
	}[];
}

const vectors: Vectors = JSON.parse(readFileSync(new URL('./gochat-v1.json', import.meta.url), 'utf8'));
/** The vectors write times as local ones, as the protocol does. */
const withTime = (message: Omit<Message, 'at'> & { at: string }): Message => ({
	...message,
	at: new Date(message.at).getTime(),
});
const codecs = { ws: gochatWebSocket, tcp: gochatTcp };

/** What only protocol v2 asks for. */
const reader = { own: false, inbox: undefined };
const noChange = () => ({ joined: [], left: [], any: false, whole: false });

describe('gochat frames from clients', () => {
	test.each(vectors.client)('$name', ({ over, payload, frame }) => {
		const decode = () => codecs[over].decode(Buffer.from(payload));
		if (frame === null) expect(decode).toThrow();
		else expect(decode()).toEqual(frame);
	});
});

describe('gochat frames to clients, byte for byte', () => {
	test.each(vectors.server)('$name', ({ message, room, body, wsHeader, tcpHeader }) => {
		for (const [codec, header] of [
			[gochatWebSocket, wsHeader],
			[gochatTcp, tcpHeader],
		] as const) {
			const frame =
				room === undefined ? message && codec.message(withTime(message), reader) : codec.room(room, noChange);
			const expected = Buffer.concat([Buffer.from(header, 'hex'), Buffer.from(body)]);
			expect(frame?.toString('hex')).toBe(expected.toString('hex'));
		}
	});

	test('a member list that does not fit into a packet goes out as a count', () => {
		const members = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [index + 1, 'n'.repeat(80)]));
		const packet = gochatTcp.room({ type: 'room', roomId: 1, at: 0, count: 500, members }, noChange);
		expect(JSON.parse(packet.subarray(4).toString())).toEqual({ op: 4, count: 500, roomId: 1 });
	});

	test.each([
		[0, '8100'],
		[125, '817d'],
		[126, '817e007e'],
		[65_535, '817effff'],
		[65_536, '817f0000000000010000'],
	])('a text frame of %i bytes begins %s', (length, header) => {
		const frame = textFrame('x'.repeat(length));
		expect(frame.subarray(0, header.length / 2).toString('hex')).toBe(header);
		expect(frame.length).toBe(header.length / 2 + length);
	});
});
