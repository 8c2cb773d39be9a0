import { ChatError } from '../../protocol/errors.ts';
import { EnterFrame, op, TcpFrame } from '../../protocol/gochat-v1.ts';
import { compile } from '../../protocol/validate.ts';
import type { ClientFrame, Codec } from '../codec.ts';
import { countBody, messageBody, roomBody } from './gochat-body.ts';
import { maxPacketBytes, packetHeaderBytes, stickyPacket } from './sticky-packet.ts';
import { textFrame } from './text-frame.ts';

const parse = (payload: Buffer): unknown => {
	try {
		return JSON.parse(payload.toString());
	} catch {
		throw new ChatError('bad-request', 'the frame is not JSON');
	}
};

const asEnter = compile(EnterFrame);
const asTcpFrame = compile(TcpFrame);
const room = (roomId: number | undefined): number | undefined =>
	roomId === undefined || roomId < 1 ? undefined : roomId;

/** gochat's protocol over WebSocket: JSON text frames. */
export const gochatWebSocket: Codec = {
	decode: (payload) => {
		const frame = asEnter(parse(payload));
		return { type: 'enter', token: frame.authToken, roomId: room(frame.roomId) };
	},
	message: (message) => textFrame(messageBody(message)),
	room: (item) => textFrame(roomBody(item)),
	v2: null,
};

const decodePacket = (payload: Buffer): ClientFrame => {
	const frame = asTcpFrame(parse(payload));
	switch (frame.op) {
		case op.enter:
			return { type: 'enter', token: frame.authToken, roomId: room(frame.roomId) };
		case op.room:
			return { type: 'sendToRoom', roomId: room(frame.roomId), body: frame.msg };
		case op.direct:
			return { type: 'sendToUser', userId: frame.toUserId, body: frame.msg };
	}
};

const fits = (body: string): boolean => packetHeaderBytes + Buffer.byteLength(body) <= maxPacketBytes;

/** gochat's protocol over TCP: the same JSON in sticky packets. A member list that does not fit into a packet goes out as a count. */
export const gochatTcp: Codec = {
	decode: decodePacket,
	message: (message) => {
		const body = messageBody(message);
		// logic refuses a message that does not fit when it is sent; one that is there all the same must not end the process.
		return fits(body) ? stickyPacket(body) : Buffer.alloc(0);
	},
	room: (item) => {
		const body = roomBody(item);
		return stickyPacket(fits(body) ? body : countBody(item));
	},
	v2: null,
};
