import { describe, expect, test } from 'vitest';
import { stickyPacket } from '../../src/connect/codecs/sticky-packet.ts';
import { textFrame } from '../../src/connect/codecs/text-frame.ts';
import { ChatError } from '../../src/protocol/errors.ts';
import { clientFrames } from '../../src/protocol/v2/client-frames.ts';
import { serverFrames } from '../../src/protocol/v2/server-frames.ts';
import { compile, type Validate } from '../../src/protocol/validate.ts';
import { goldenFrames } from '../support/golden-frames.ts';

const { client, refused, server } = goldenFrames;

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

describe('frames of v2 from clients', () => {
	test('there is one of each type', () => {
		expect(typesOf(client)).toEqual(new Set(Object.keys(clientFrames)));
	});

	test.each(client)('$name', ({ text, frame }) => {
		expect(JSON.parse(text)).toEqual(frame);
		expect(check(clientChecks, JSON.parse(text))).toEqual(frame);
	});

	test.each(refused)('refused, naming the field: $name', ({ text, field }) => {
		expect(() => check(clientChecks, JSON.parse(text))).toThrow(naming(field));
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
	});
});
