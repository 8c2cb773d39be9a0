import { ChatError } from '../../protocol/errors.ts';

/**
 * gochat's TCP packets: bytes `v`, `1`, an int16 (big-endian) that is the length with this header, the body.
 * The length is signed: nothing over 32,767 can be written.
 */
export const packetHeaderBytes = 4;
export const maxPacketBytes = 32_767;
const version = 0x7631;

/** A packet around a body. Throws `ChatError('bad-request')` when the body does not fit. */
export const stickyPacket = (body: string): Buffer => {
	const total = packetHeaderBytes + Buffer.byteLength(body);
	if (total > maxPacketBytes) throw new ChatError('bad-request', 'the message does not fit into a packet');
	const packet = Buffer.allocUnsafe(total);
	packet.writeUInt16BE(version, 0);
	packet.writeUInt16BE(total, 2);
	packet.write(body, packetHeaderBytes);
	return packet;
};

/** Cuts a byte stream into packets, wherever the reads split or join them. Keeps at most one packet's bytes. */
export class PacketReader {
	#rest: Buffer = Buffer.alloc(0);

	/** Whether a packet has begun and is not complete. */
	get partial(): boolean {
		return this.#rest.length > 0;
	}

	/** The bodies that `chunk` completes, in order. Throws `ChatError('bad-request')` on bytes that are no packet; the stream is then lost. */
	read(chunk: Buffer): Buffer[] {
		const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
		const bodies: Buffer[] = [];
		let start = 0;
		while (bytes.length - start >= packetHeaderBytes) {
			if (bytes.readUInt16BE(start) !== version) throw new ChatError('bad-request', 'not a packet of version v1');
			const total = bytes.readInt16BE(start + 2);
			if (total <= packetHeaderBytes) throw new ChatError('bad-request', 'packet without a body');
			if (bytes.length - start < total) break;
			bodies.push(bytes.subarray(start + packetHeaderBytes, start + total));
			start += total;
		}
		// A copy, so that a few waiting bytes do not hold a whole read in memory.
		this.#rest = start === bytes.length ? Buffer.alloc(0) : Buffer.from(bytes.subarray(start));
		return bodies;
	}
}
