import { setTimeout as sleep } from 'node:timers/promises';
import type { Border, Campaign } from '../campaign.ts';
import { mutateBytes } from '../inputs/mutate-bytes.ts';
import type { Random } from '../inputs/random.ts';
import { Line } from '../line.ts';
import { frame, handshake, openWebSocket, ping, text } from '../web-socket.ts';

const json = Buffer.from('{"type":"ping"}');
const long = Buffer.alloc(70_000, 0x20);
const badUtf8 = Buffer.from([0x7b, 0xff, 0xc0, 0x80, 0xed, 0xa0, 0x80]);

/** Frames against the rules of RFC 6455, or at their edge. */
const kinds: readonly ((random: Random) => readonly Buffer[])[] = [
	(random) => [frame({ opcode: 1, payload: json, reserved: 1 + random.int(7) })],
	(random) => [frame({ opcode: random.pick([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]), payload: json })],
	() => [frame({ opcode: 1, payload: json, masked: false })],
	// A continuation that continues nothing, and a start in the middle of another message.
	(random) => [frame({ opcode: 0, payload: json, final: random.chance(0.5) })],
	() => [frame({ opcode: 1, payload: json, final: false }), text(json)],
	// A message in pieces, with a ping between, which is allowed.
	(random) => {
		const cut = random.int(json.length);
		const start = frame({ opcode: 1, payload: json.subarray(0, cut), final: false });
		return [start, ping('between'), frame({ opcode: 0, payload: json.subarray(cut) })];
	},
	(random) =>
		Array.from({ length: 1 + random.int(80) }, (_, at) =>
			frame({ opcode: at === 0 ? 1 : 0, payload: json, final: false }),
		),
	(random) =>
		Array.from({ length: 70 }, (_, at) => frame({ opcode: at === 0 ? 1 : 0, payload: random.bytes(0), final: false })),
	(random) => [frame({ opcode: random.pick([1, 2]), payload: badUtf8 })],
	// A character cut in two by fragments, and one that never ends.
	() => [
		frame({ opcode: 1, payload: Buffer.from([0x22, 0xe2, 0x82]), final: false }),
		frame({ opcode: 0, payload: Buffer.from([0xac, 0x22]) }),
	],
	() => [frame({ opcode: 1, payload: Buffer.from([0x22, 0xe2, 0x82]) })],
	(random) => [
		frame({ opcode: 1, payload: json, told: random.pick([2n ** 63n, 2n ** 64n - 1n, 2n ** 53n, 2n ** 31n, 65_537n]) }),
	],
	(random) => [frame({ opcode: 1, payload: json, form: random.pick([16, 64]) })],
	(random) => [frame({ opcode: random.pick([1, 2, 8, 9, 10]), payload: long })],
	(random) => [frame({ opcode: random.pick([8, 9, 10]), payload: json, final: false })],
	(random) => [frame({ opcode: random.pick([8, 9, 10]), payload: Buffer.alloc(126, 0x61) })],
	// Closes: one byte, codes that are none, a reason that is not UTF-8, frames behind it.
	(random) => [frame({ opcode: 8, payload: random.bytes(1) }), text(json)],
	(random) => {
		const code = Buffer.alloc(2);
		code.writeUInt16BE(random.pick([0, 999, 1000, 1004, 1005, 1006, 1015, 2999, 4001, 5000, 65_535]));
		return [frame({ opcode: 8, payload: Buffer.concat([code, random.pick([badUtf8, Buffer.from('bye')])]) })];
	},
	(random) => Array.from({ length: 200 }, () => frame({ opcode: random.pick([9, 10]), payload: json })),
	(random) => [mutateBytes(random, Buffer.concat([text(json), text(json)]))],
	(random) => [random.bytes(1 + random.int(300))],
];

const rawLane = async (campaign: Campaign): Promise<void> => {
	const { target, world } = campaign;
	for (let [input] = campaign.take(1); input !== undefined; [input] = campaign.take(1)) {
		const { random } = input;
		const v2 = random.chance(0.7);
		const line = await openWebSocket(target.wsPort, v2);
		if (line === undefined) {
			await sleep(20);
			continue;
		}
		const token = random.pick(world.tokens);
		if (random.chance(0.5))
			line.write(text(JSON.stringify(v2 ? { type: 'hello', token } : { authToken: token, roomId: 1 })));
		line.write(Buffer.concat([...random.pick(kinds)(random), ping('fence')]));
		// A header may promise bytes that never come: then nothing is answered, rightly, and the client leaves.
		await line.until('fence', 300);
		line.drop();
	}
};

const mutateLines = (random: Random, lines: readonly string[]): string[] => {
	const at = random.int(lines.length);
	const [name = '', value = ''] = (lines[at] ?? '').split(': ');
	const replaced = (line: string) => lines.map((old, index) => (index === at ? line : old));
	switch (random.int(9)) {
		case 0:
			return lines.filter((_, index) => index !== at);
		case 1:
			return [...lines, lines[at] ?? ''];
		case 2:
			return replaced(
				`${name}: ${random.pick(['', '\0', '13, 8', '0', 'x'.repeat(9000), 'websocket, h2c', 'é', value.toUpperCase()])}`,
			);
		case 3:
			return replaced(mutateBytes(random, Buffer.from(lines[at] ?? '')).toString('latin1'));
		case 4:
			return [
				...lines,
				`Sec-WebSocket-Extensions: ${random.pick(['permessage-deflate', 'permessage-deflate; client_max_window_bits=99', ';;', ',', '"', 'a=\u0001'])}`,
			];
		case 5:
			return [
				...lines,
				`Sec-WebSocket-Protocol: ${random.pick(['', ',', 'a b', '__proto__', 'tschat.v2, tschat.v2', 'x,'.repeat(3000)])}`,
			];
		case 6:
			return [...lines, ...Array.from({ length: random.pick([10, 150, 2500]) }, (_, index) => `X-${index}: y`)];
		case 7:
			return [
				`${random.pick(['GET', 'POST', 'CONNECT', 'get', 'PRI'])} ${random.pick(['/ws', '/ws?token=x', '//ws', '/ws/', '*', 'http://x/ws', '/%77s', '/ws#', '/\u0001'])} HTTP/${random.pick(['1.1', '1.0', '2.0', '9.9', ''])}`,
				...lines.slice(1),
			];
		default:
			return [
				...lines,
				`Content-Length: ${random.pick(['0', '5', '-1', '99999999999999999999'])}`,
				`Origin: ${random.pick(['null', '', 'http://evil.example', 'a'.repeat(3000)])}`,
			];
	}
};

const handshakeLane = async (campaign: Campaign): Promise<void> => {
	const { target } = campaign;
	for (let [input] = campaign.take(1); input !== undefined; [input] = campaign.take(1)) {
		const { random } = input;
		const line = await Line.open(target.wsPort);
		let lines = handshake(target.wsPort, random.chance(0.5));
		for (let left = 1 + random.int(2); left > 0; left -= 1) lines = mutateLines(random, lines);
		const sent = Buffer.from(`${lines.join('\r\n')}\r\n${random.chance(0.9) ? '\r\n' : ''}`, 'latin1');
		line.write(sent);
		if (random.chance(0.3)) line.write(text(json));
		await line.until('\r\n\r\n', 300);
		if (/^HTTP\/1\.1 5/.test(line.tail.toString('latin1'))) campaign.fault('5xx to a handshake', input, sent);
		line.drop();
	}
};

/** WebSocket below its messages: frames as bytes, and what comes before the first. */
export const webSocketRaw: readonly Border[] = [
	{ name: 'ws raw frames', share: 4000, lanes: 6, lane: rawLane },
	{ name: 'ws handshakes', share: 1500, lanes: 4, lane: handshakeLane },
];
