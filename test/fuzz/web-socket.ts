import { v2Subprotocol } from '../../src/protocol/v2/subprotocol.ts';
import { Line } from './line.ts';

export interface RawFrame {
	readonly opcode: number;
	readonly payload: Buffer;
	readonly final?: boolean;
	/** The three reserved bits, as a number from 0 to 7. */
	readonly reserved?: number;
	readonly masked?: boolean;
	/** The length that the header tells; that of the payload if left out. */
	readonly told?: bigint;
	/** How the length is written; the shortest form if left out. */
	readonly form?: 7 | 16 | 64;
}

const mask = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

const lengthBytes = (length: bigint, form: 7 | 16 | 64): Buffer => {
	if (form === 7) return Buffer.from([Number(length & 0x7fn)]);
	const bytes = Buffer.alloc(form === 16 ? 3 : 9);
	bytes[0] = form === 16 ? 126 : 127;
	if (form === 16) bytes.writeUInt16BE(Number(length & 0xffffn), 1);
	else bytes.writeBigUInt64BE(BigInt.asUintN(64, length), 1);
	return bytes;
};

/** A client's frame as RFC 6455, section 5.2, has it, or against it. */
export const frame = ({ opcode, payload, final = true, reserved = 0, masked = true, told, form }: RawFrame): Buffer => {
	const length = told ?? BigInt(payload.length);
	const head = lengthBytes(length, form ?? (length < 126n ? 7 : length < 65_536n ? 16 : 64));
	head[0] = (head[0] ?? 0) | (masked ? 0x80 : 0);
	const first = Buffer.from([(final ? 0x80 : 0) | (reserved << 4) | opcode]);
	if (!masked) return Buffer.concat([first, head, payload]);
	return Buffer.concat([first, head, mask, payload.map((byte, at) => byte ^ (mask[at & 3] ?? 0))]);
};

export const text = (payload: string | Buffer): Buffer => frame({ opcode: 1, payload: Buffer.from(payload) });
export const ping = (payload: string): Buffer => frame({ opcode: 9, payload: Buffer.from(payload) });

/** The lines of a good handshake. */
export const handshake = (port: number, v2: boolean): string[] => [
	'GET /ws HTTP/1.1',
	`Host: 127.0.0.1:${port}`,
	'Connection: Upgrade',
	'Upgrade: websocket',
	'Sec-WebSocket-Version: 13',
	'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
	...(v2 ? [`Sec-WebSocket-Protocol: ${v2Subprotocol}`] : []),
];

/** Sends a handshake; the open WebSocket, or undefined where the server took none. */
export const upgraded = async (port: number, lines: readonly string[], keep?: number): Promise<Line | undefined> => {
	const line = await Line.open(port, keep);
	line.write(`${lines.join('\r\n')}\r\n\r\n`);
	if ((await line.until('\r\n\r\n')) === 'seen' && line.tail.includes(' 101 ')) {
		line.readFrames();
		return line;
	}
	line.drop();
	return undefined;
};

/** An open WebSocket of a client, or undefined. */
export const openWebSocket = (port: number, v2: boolean): Promise<Line | undefined> =>
	upgraded(port, handshake(port, v2));
