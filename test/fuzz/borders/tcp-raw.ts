import { stickyPacket } from '../../../src/connect/codecs/sticky-packet.ts';
import type { Border, Campaign } from '../campaign.ts';
import { cutAnywhere, mutateBytes, splice } from '../inputs/mutate-bytes.ts';
import type { Random } from '../inputs/random.ts';
import { Line } from '../line.ts';

/** A packet whose header tells another length or version than it has. */
const headed = (random: Random, good: Buffer): Buffer => {
	const bytes = Buffer.from(good);
	if (random.chance(0.3)) bytes.writeUInt16BE(random.pick([0, 0x7630, 0x3176, 0x7632, 0xffff, 0x4745]), 0);
	else bytes.writeInt16BE(random.pick([-32_768, -1, 0, 1, 3, 4, 5, bytes.length - 1, bytes.length + 1, 32_767]), 2);
	return bytes;
};

const bytesOf = (random: Random, { world }: Campaign): Buffer => {
	const v2 = random.chance(0.5);
	const token = random.pick(world.tokens);
	const hello = stickyPacket(JSON.stringify(v2 ? { type: 'hello', token } : { op: 6, authToken: token, roomId: 1 }));
	const packet = stickyPacket(JSON.stringify(v2 ? { type: 'ping' } : { op: 3, msg: 'hello', roomId: 1 }));
	const begin = random.chance(0.5) ? hello : Buffer.alloc(0);
	switch (random.int(6)) {
		case 0:
		case 1:
			return Buffer.concat([begin, headed(random, packet), packet]);
		case 2:
			return Buffer.concat([begin, mutateBytes(random, Buffer.concat([packet, packet, hello]))]);
		case 3:
			return splice(random, Buffer.concat([hello, packet]), packet);
		case 4:
			return Buffer.concat([begin, ...Array.from({ length: 100 }, () => packet)]);
		default:
			return random.bytes(1 + random.int(500));
	}
};

const lane = async (campaign: Campaign): Promise<void> => {
	for (let [input] = campaign.take(1); input !== undefined; [input] = campaign.take(1)) {
		const { random } = input;
		const bytes = bytesOf(random, campaign);
		const line = await Line.open(campaign.target.tcpPort);
		const pieces = random.chance(0.05) ? bytes.length : random.pick([1, 2, 5]);
		for (const piece of cutAnywhere(random, bytes, pieces)) {
			line.write(piece);
			if (random.chance(0.3)) await new Promise(setImmediate);
		}
		// What is cut off stays incomplete: the server ends when the client has.
		line.end();
		if ((await line.until(undefined)) === 'late') campaign.fault('not closed after the client ended', input, bytes);
		line.drop();
	}
};

/** gochat's packets with headers that lie, split anywhere. */
export const tcpRaw: readonly Border[] = [{ name: 'tcp raw', share: 3000, lanes: 4, lane }];
