import { setTimeout as sleep } from 'node:timers/promises';
import { stickyPacket } from '../../../src/connect/codecs/sticky-packet.ts';
import type { Border, Campaign } from '../campaign.ts';
import { Line } from '../line.ts';
import { frame, handshake } from '../web-socket.ts';

const pieceMs = 250;
const pieces = 24;

/** Requests and frames a byte or two at a time: each holds a connection and gets nowhere. */
const lane = async (campaign: Campaign): Promise<void> => {
	const { target, world } = campaign;
	const upgrade = Buffer.from(`${handshake(target.wsPort, true).join('\r\n')}\r\n\r\n`);
	for (let [input] = campaign.take(1); input !== undefined; [input] = campaign.take(1)) {
		const { random } = input;
		const hello = stickyPacket(JSON.stringify({ op: 6, authToken: random.pick(world.tokens), roomId: 1 }));
		const request = 'POST /push/pushRoom HTTP/1.1\r\nhost: x\r\ncontent-length: 500\r\n\r\n{"authToken":"';
		const [port, bytes, at] = random.pick([
			[target.apiPort, Buffer.from(request), random.pick([0, request.length - 5])],
			[target.sitePort, Buffer.from('GET / HTTP/1.1\r\nx: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy'), 0],
			[target.wsPort, upgrade, 0],
			[
				target.wsPort,
				Buffer.concat([upgrade, frame({ opcode: 1, payload: Buffer.alloc(60_000, 0x20) })]),
				upgrade.length,
			],
			[target.tcpPort, hello, random.pick([0, 3])],
			[target.tcpPort, Buffer.concat([hello, hello]), hello.length + 2],
		] as const);
		const line = await Line.open(port);
		line.write(bytes.subarray(0, at));
		for (let piece = 0; piece < pieces && !line.ended; piece += 1) {
			line.write(bytes.subarray(at + piece * 2, at + piece * 2 + 2));
			await sleep(pieceMs);
		}
		line.drop();
	}
};

export const slow: readonly Border[] = [{ name: 'slow', share: 200, lanes: 30, lane }];
