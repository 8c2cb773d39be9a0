import { describe, expect, test } from 'vitest';
import type { Codec } from '../../src/connect/codec.ts';
import { stickyPacket } from '../../src/connect/codecs/sticky-packet.ts';
import { textFrame } from '../../src/connect/codecs/text-frame.ts';
import { isTschat, tschatTcp, tschatWebSocket } from '../../src/connect/codecs/tschat-v2.ts';
import { type CloseKey, closeCodes } from '../../src/protocol/close-codes.ts';
import { ChatError } from '../../src/protocol/errors.ts';
import { roomOf } from '../../src/protocol/logs.ts';
import { Message, type UserRef } from '../../src/protocol/message.ts';
import { clientFrames } from '../../src/protocol/v2/client-frames.ts';
import { type ServerFrameV2, serverFrames } from '../../src/protocol/v2/server-frames.ts';
import type { UserV2 } from '../../src/protocol/v2/values.ts';
import { compile, type Validate } from '../../src/protocol/validate.ts';
import { goldenFrames } from '../support/golden-frames.ts';
import { message } from '../support/messages.ts';

const { client, refused, malformed, server } = goldenFrames;
const codecs = { WebSocket: tschatWebSocket, TCP: tschatTcp };

/** The check of each frame type, by the type. */
const checks = (frames: typeof clientFrames | typeof serverFrames): Map<string, Validate<unknown>> =>
	new Map(Object.entries(frames).map(([type, schema]) => [type, compile(schema)]));
const clientChecks = checks(clientFrames);
const serverChecks = checks(serverFrames);
const check = (all: Map<string, Validate<unknown>>, value: { type?: unknown }): unknown => {
	const known = all.get(String(value.type));
	if (known === undefined) throw new ChatError('bad-request', 'type: not known');
	return known(value);
};
/** An error begins with the field that is wrong (and what lies below it), or ends with the fields that are missing. */
const naming = (field: string): RegExp =>
	new RegExp(`^${field}(\\.[^ ]+)?: |^must have required properties (.+, )?${field}(,|$)`);
const typesOf = (frames: readonly { readonly frame: { readonly type: string } }[]) =>
	new Set(frames.map(({ frame }) => frame.type));

const userRef = ({ id, name }: UserV2): UserRef => ({ id: Number(id), name });

/** What the codec makes of the event that a frame tells of; undefined for answers, which are written as frames. */
const happened = (codec: Codec, frame: ServerFrameV2): Buffer | undefined => {
	switch (frame.type) {
		case 'message': {
			const { ref = 'of another', inbox, from, at, type: _, ...rest } = frame;
			const message = { ...rest, from: userRef(from), to: null, at: Date.parse(at), ref };
			return codec.message(message, { own: frame.ref !== undefined, inbox });
		}
		case 'presence': {
			const item = { type: 'room', roomId: roomOf(frame.conv) ?? 0, at: 0, count: frame.count, members: null } as const;
			return codec.room(item, () => ({
				joined: frame.joined.map(userRef),
				left: frame.left.map(userRef),
				any: true,
				whole: false,
			}));
		}
		case 'receipt': {
			const { user, ...rest } = frame;
			return codec.v2?.receipt({ ...rest, userId: Number(user), feeds: ['user:1'] });
		}
		case 'typing':
			return codec.v2?.typing({ ...frame, user: userRef(frame.user), feeds: ['user:1'] });
		case 'revoked':
			return codec.v2?.closing('revoked', undefined);
		case 'closing': {
			const why = Object.entries(closeCodes).find(([, { code }]) => code === frame.code)?.[0];
			return codec.v2?.closing(why as CloseKey, frame.delay);
		}
		default:
			return undefined;
	}
};

describe('frames of v2 from clients', () => {
	test('there is one of each type', () => {
		expect(typesOf(client)).toEqual(new Set(Object.keys(clientFrames)));
	});

	test.each(client)('$name', ({ text, frame }) => {
		expect(JSON.parse(text)).toEqual(frame);
		expect(check(clientChecks, JSON.parse(text))).toEqual(frame);
		for (const codec of Object.values(codecs)) expect(codec.decode(Buffer.from(text))).toEqual(frame);
	});

	test.each(refused)('refused, naming the field: $name', ({ text, field }) => {
		expect(() => check(clientChecks, JSON.parse(text))).toThrow(naming(field));
		const message = expect.stringMatching(naming(field));
		for (const codec of Object.values(codecs)) {
			expect(codec.decode(Buffer.from(text))).toMatchObject({
				type: 'invalid',
				error: { key: 'bad-request', message },
			});
		}
	});

	test.each(malformed)('breaks the protocol: $name', ({ text }) => {
		for (const codec of Object.values(codecs)) expect(() => codec.decode(Buffer.from(text))).toThrow(ChatError);
		expect(isTschat(Buffer.from(text))).toBe(false);
	});

	test('a refusal carries the ref of what was refused, if it is one', () => {
		const decode = (frame: object) => tschatWebSocket.decode(Buffer.from(JSON.stringify(frame)));
		expect(decode({ type: 'join', ref: 'j1' })).toMatchObject({ type: 'invalid', ref: 'j1' });
		for (const ref of [7, 'r'.repeat(65)]) expect(decode({ type: 'join', ref })).toMatchObject({ ref: undefined });
	});

	test('bytes that are not UTF-8 break the protocol', () => {
		expect(() => tschatWebSocket.decode(Buffer.from('{"type":"ping","x":"\xff"}', 'latin1'))).toThrow(ChatError);
	});

	test('over TCP the first packet tells v2 from gochat', () => {
		for (const { text } of client) expect(isTschat(Buffer.from(text))).toBe(true);
		expect(isTschat(Buffer.from('{"op":6,"authToken":"abc","roomId":1}'))).toBe(false);
	});
});

describe('frames of v2 to clients, byte for byte', () => {
	test('there is one of each type', () => {
		expect(typesOf(server)).toEqual(new Set(Object.keys(serverFrames)));
	});

	test.each(server)('$name', ({ text, frame, webSocket, packet }) => {
		expect(JSON.stringify(frame)).toBe(text);
		expect(check(serverChecks, frame)).toBe(frame);
		expect(Object.keys(serverFrames[frame.type].properties)).toEqual(expect.arrayContaining(Object.keys(frame)));
		if (webSocket !== undefined) expect(textFrame(text).toString('hex')).toBe(webSocket);
		if (packet !== undefined) expect(stickyPacket(text).toString('hex')).toBe(packet);
		expect(tschatWebSocket.v2?.frame(frame)).toEqual(textFrame(text));
		expect(tschatTcp.v2?.frame(frame)).toEqual(stickyPacket(text));
	});

	test.each(server)('from what happened: $name', ({ text, frame }) => {
		for (const codec of Object.values(codecs)) {
			const bytes = happened(codec, frame);
			if (bytes !== undefined) expect(bytes.toString()).toContain(text);
		}
	});

	test('where nobody came or went, nothing goes out', () => {
		const item = { type: 'room', roomId: 1, at: 0, count: 2, members: null } as const;
		const nothing = { joined: [], left: [], any: false, whole: false };
		for (const codec of Object.values(codecs)) expect(codec.room(item, () => nothing)).toHaveLength(0);
	});

	test('a presence too long for a packet goes out as a count', () => {
		const joined = Array.from({ length: 500 }, (_, index) => ({ id: index + 1, name: 'n'.repeat(80) }));
		const item = { type: 'room', roomId: 1, at: 0, count: 500, members: null } as const;
		const packet = tschatTcp.room(item, () => ({ joined, left: [], any: true, whole: false }));
		expect(packet).toEqual(stickyPacket('{"type":"presence","conv":"room:1","joined":[],"left":[],"count":500}'));
	});

	test('a message too long for a packet is left out of the stream over TCP, and breaks nothing', () => {
		const long = message(1, { body: '\u0001'.repeat(8192) });
		expect(tschatTcp.message(long, { own: false, inbox: undefined })).toHaveLength(0);
		expect(tschatWebSocket.message(long, { own: false, inbox: undefined }).length).toBeGreaterThan(6 * 8192);
	});

	test('a message of the last moment there is has a time; a later one is no message', () => {
		const check = compile(Message);
		const last = message(1, { at: 8_640_000_000_000_000 });
		for (const codec of Object.values(codecs)) {
			const frame = codec.message(check(last), { own: false, inbox: undefined });
			expect(frame.toString()).toContain('"at":"+275760-09-13T00:00:00.000Z"');
		}
		expect(() => check({ ...last, at: last.at + 1 })).toThrow('at: ');
	});
});
