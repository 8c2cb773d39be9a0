/**
 * A WebSocket text frame from a server: final, not masked (RFC 6455, section 5.2).
 * Frames of a server are the same bytes for every client, so one buffer serves all readers of a room.
 */
export const textFrame = (payload: string): Buffer => {
	const length = Buffer.byteLength(payload);
	const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
	const frame = Buffer.allocUnsafe(header + length);
	frame[0] = 0x81;
	if (header === 2) {
		frame[1] = length;
	} else if (header === 4) {
		frame[1] = 126;
		frame.writeUInt16BE(length, 2);
	} else {
		frame[1] = 127;
		frame.writeBigUInt64BE(BigInt(length), 2);
	}
	frame.write(payload, header);
	return frame;
};
