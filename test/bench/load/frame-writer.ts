import { randomBytes } from 'node:crypto';

export const opcode = { continuation: 0, text: 1, close: 8, ping: 9, pong: 10 } as const;

/** One for the whole process: it has to be none of zeros, so that a server has a client's work with it, and no secret. */
const mask = randomBytes(4).map((byte) => byte | 1);

/** A client's frame: final and masked (RFC 6455, section 5.3). */
export const clientFrame = (code: number, payload: Uint8Array): Buffer => {
	const { length } = payload;
	const head = length < 126 ? 2 : 4;
	if (length > 65_535) throw new Error('the bench sends no frame that long');
	const frame = Buffer.allocUnsafe(head + mask.length + length);
	frame[0] = 0x80 | code;
	if (head === 2) {
		frame[1] = 0x80 | length;
	} else {
		frame[1] = 0x80 | 126;
		frame.writeUInt16BE(length, 2);
	}
	frame.set(mask, head);
	for (let at = 0; at < length; at += 1) {
		frame[head + mask.length + at] = (payload[at] ?? 0) ^ (mask[at & 3] ?? 0);
	}
	return frame;
};
