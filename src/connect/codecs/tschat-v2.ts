import { isUtf8 } from 'node:buffer';
import { closeCodes } from '../../protocol/close-codes.ts';
import { ChatError, toChatError } from '../../protocol/errors.ts';
import { roomKey } from '../../protocol/logs.ts';
import { type ClientFrameType, type ClientFrameV2, clientFrames } from '../../protocol/v2/client-frames.ts';
import type { ServerFrameV2 } from '../../protocol/v2/server-frames.ts';
import { toMessageV2, toUserV2 } from '../../protocol/v2/values.ts';
import { compile, type Validate } from '../../protocol/validate.ts';
import type { ClientFrame, Codec } from '../codec.ts';
import { maxPacketBytes, packetHeaderBytes, stickyPacket } from './sticky-packet.ts';
import { textFrame } from './text-frame.ts';

const validators = new Map<string, Validate<ClientFrameV2>>();

/** Compiled when a frame of its type first comes: all of them would cost every start some milliseconds. */
const validatorOf = (type: unknown): Validate<ClientFrameV2> => {
	if (typeof type !== 'string' || !Object.hasOwn(clientFrames, type)) {
		throw new ChatError('bad-request', `type: must be one of ${Object.keys(clientFrames).join(', ')}`);
	}
	let validator = validators.get(type);
	if (validator === undefined) {
		validator = compile(clientFrames[type as ClientFrameType]) as Validate<ClientFrameV2>;
		validators.set(type, validator);
	}
	return validator;
};

const parse = (payload: Buffer): object => {
	if (!isUtf8(payload)) throw new ChatError('bad-request', 'the frame is not UTF-8');
	let value: unknown;
	try {
		value = JSON.parse(payload.toString());
	} catch {
		throw new ChatError('bad-request', 'the frame is not JSON');
	}
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		throw new ChatError('bad-request', 'the frame is not a JSON object');
	}
	return value;
};

const maxRefLength = 64;

const refOf = (frame: object): string | undefined =>
	'ref' in frame && typeof frame.ref === 'string' && frame.ref !== '' && frame.ref.length <= maxRefLength
		? frame.ref
		: undefined;

const decode = (payload: Buffer): ClientFrame => {
	const frame = parse(payload);
	try {
		return validatorOf('type' in frame ? frame.type : undefined)(frame);
	} catch (error) {
		return { type: 'invalid', ref: refOf(frame), error: toChatError(error) };
	}
};

/** Whether a first packet over TCP is v2's: gochat's has no `type`. */
export const isTschat = (payload: Buffer): boolean => {
	try {
		const frame = parse(payload);
		return 'type' in frame;
	} catch {
		return false;
	}
};

const nothing = Buffer.alloc(0);

/** Protocol v2 in the frames of one kind of connection. */
const tschat = (wrap: (json: string) => Buffer, maxFrameBytes: number): Codec => {
	const frame = (value: ServerFrameV2): Buffer => wrap(JSON.stringify(value));
	const fits = (value: ServerFrameV2): boolean => Buffer.byteLength(JSON.stringify(value)) <= maxFrameBytes;
	const fitted = (value: ServerFrameV2, shorter: ServerFrameV2): Buffer => frame(fits(value) ? value : shorter);
	return {
		decode,
		message: (message, { own, inbox }) => {
			const { ref } = message;
			const json = JSON.stringify({
				type: 'message',
				...toMessageV2(message),
				...(own && { ref }),
				...(inbox !== undefined && { inbox }),
			} satisfies ServerFrameV2);
			// logic refuses a message that does not fit when it is sent; one that is there all the same must not end the process.
			// A UTF-16 unit takes at most three bytes of UTF-8.
			const fitting = json.length * 3 <= maxFrameBytes || Buffer.byteLength(json) <= maxFrameBytes;
			return fitting ? wrap(json) : nothing;
		},
		room: (item, change) => {
			const { joined, left, any, whole } = change();
			if (!any) return nothing;
			const conv = roomKey(item.roomId);
			const { count } = item;
			const members = item.members && Object.entries(item.members).map(([id, name]) => ({ id, name }));
			if (whole)
				return fitted({ type: 'members', conv, items: members, count }, { type: 'members', conv, items: null, count });
			const presence = {
				type: 'presence' as const,
				conv,
				joined: joined.map(toUserV2),
				left: left.map(toUserV2),
				count,
			};
			return fitted(presence, { ...presence, joined: [], left: [] });
		},
		v2: {
			maxFrameBytes,
			fits,
			frame,
			receipt: ({ conv, userId, delivered, read }) =>
				frame({ type: 'receipt', conv, user: String(userId), delivered, read }),
			typing: ({ conv, user }) => frame({ type: 'typing', conv, user: toUserV2(user) }),
			closing: (why, delay) => {
				const closing = frame({ type: 'closing', ...closeCodes[why], ...(delay !== undefined && { delay }) });
				return why === 'revoked' ? Buffer.concat([frame({ type: 'revoked' }), closing]) : closing;
			},
		},
	};
};

/** A page of long messages is cut here: an answer is written as a whole, whatever its reader has not taken yet. */
const maxTextFrameBytes = 524_288;

/** Protocol v2 over WebSocket: JSON text frames. */
export const tschatWebSocket = tschat(textFrame, maxTextFrameBytes);

/** Protocol v2 over TCP: the same JSON in gochat's packets. */
export const tschatTcp = tschat(stickyPacket, maxPacketBytes - packetHeaderBytes);
