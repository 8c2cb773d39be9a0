import { setTimeout as sleep } from 'node:timers/promises';
import { type MethodName, rpcMethods } from '../../../src/protocol/rpc.ts';
import type { Border, Campaign, Input, Target } from '../campaign.ts';
import { generate } from '../inputs/generate.ts';
import { mutateBytes } from '../inputs/mutate-bytes.ts';
import { mutateJson, toText } from '../inputs/mutate-json.ts';
import type { Random } from '../inputs/random.ts';
import { Line } from '../line.ts';
import { frame, ping, text, upgraded } from '../web-socket.ts';

const batch = 20;

const methodsOf = (service: string): readonly MethodName[] =>
	(Object.keys(rpcMethods) as MethodName[]).filter((name) => name.startsWith(service));
const logicMethods = methodsOf('logic.');
const connectMethods = methodsOf('connect.');

const handshake = (port: number, authorization: string): string[] => [
	'GET /rpc HTTP/1.1',
	`Host: 127.0.0.1:${port}`,
	'Connection: Upgrade',
	'Upgrade: websocket',
	'Sec-WebSocket-Version: 13',
	'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
	`Authorization: ${authorization}`,
];

/** Where each lane calls: logic more than the two gateways. */
const callees = ({ logicRpcPort, connectRpcPorts }: Target) => [
	{ port: logicRpcPort, methods: logicMethods },
	...connectRpcPorts.map((port) => ({ port, methods: connectMethods })),
	{ port: logicRpcPort, methods: logicMethods },
];

const requestText = ({ index, random }: Input, methods: readonly MethodName[], { world }: Campaign): string => {
	const method = random.pick(methods);
	const params = generate(random, rpcMethods[method].params, world);
	const request = { jsonrpc: '2.0', id: `i-${index}`, method, params };
	if (random.chance(0.15)) return toText(request);
	if (random.chance(0.25)) return mutateJson(random, request);
	return `{"jsonrpc":"2.0","id":"i-${index}","method":"${method}","params":${mutateJson(random, params)}}`;
};

/** An answer that a handler failed on params that its schema let through. */
const failed = /"id":"i-(\d+)","error":\{"code":-32603/;

const callsLane = async (campaign: Campaign, lane: number): Promise<void> => {
	const all = callees(campaign.target);
	const callee = all[lane % all.length];
	if (callee === undefined) throw new Error('no callee');
	const { port, methods } = callee;
	const lines = handshake(port, `Bearer ${campaign.target.rpcSecret}`);
	let line: Line | undefined;
	for (let inputs = campaign.take(batch); inputs.length > 0; inputs = campaign.take(batch)) {
		while (campaign.alive() && (line === undefined || line.ended)) {
			line?.drop();
			line = await upgraded(port, lines, 1_048_576);
			if (line === undefined) await sleep(20);
		}
		if (line === undefined) break;
		const last = inputs.at(-1);
		const mark = `fence-${last?.index}.`;
		const fence = `{"jsonrpc":"2.0","id":"${mark}","method":"${methods[0]}","params":{}}`;
		const texts = inputs.map((input) => requestText(input, methods, campaign));
		// One frame for all that is JSON, answered when the last call has ended; each of the others has its own.
		const isJson = (one: string) => {
			try {
				JSON.parse(one);
				return true;
			} catch {
				return false;
			}
		};
		for (const broken of texts.filter((one) => !isJson(one))) line.write(text(broken));
		const random = inputs[0]?.random;
		if (random?.chance(0.3)) line.write(text(mutateBytes(random, Buffer.from(texts[0] ?? ''))));
		line.write(text(`[${[...texts.filter(isJson), fence].join(',')}]`));
		if ((await line.until(mark)) === 'late') campaign.fault('no answer', last, texts.at(-1));
		const [, index] = failed.exec(line.tail.toString('latin1')) ?? [];
		if (index !== undefined) {
			const at = inputs.findIndex((input) => input.index === Number(index));
			if (at >= 0) campaign.fault('a handler failed on what its schema lets through', inputs[at], texts[at]);
		}
	}
	line?.drop();
};

const strangerBytes = (random: Random, port: number, secret: string): Buffer => {
	const wrong = [
		'',
		'Bearer',
		'Bearer ',
		`Bearer ${secret}x`,
		`bearer ${secret}`,
		`Bearer ${secret.slice(1)}`,
		`Basic ${secret}`,
		`Bearer ${'x'.repeat(9000)}`,
		'Bearer \u00ff',
	];
	const good = Buffer.from(`${handshake(port, random.pick(wrong)).join('\r\n')}\r\n\r\n`, 'latin1');
	const frames = Buffer.concat([text('{"jsonrpc":"2.0","id":1,"method":"logic.stats","params":{}}'), ping('x')]);
	switch (random.int(4)) {
		case 0:
			return Buffer.concat([good, frames]);
		case 1:
			return mutateBytes(random, good);
		case 2:
			return random.bytes(1 + random.int(400));
		default:
			return frames;
	}
};

/** Frames of somebody who has the secret, below JSON-RPC. */
const rawFrames = (random: Random): Buffer => {
	const payload = Buffer.from('[{"jsonrpc":"2.0"');
	return random.pick([
		() => frame({ opcode: 1, payload, reserved: 1 + random.int(7) }),
		() => frame({ opcode: 0, payload }),
		() => frame({ opcode: 2, payload: random.bytes(50) }),
		() => frame({ opcode: 1, payload, told: random.pick([2n ** 63n, 16_777_217n]) }),
		() => frame({ opcode: 1, payload: Buffer.from(`${'['.repeat(50_000)}`) }),
		() => text(`[${'1,'.repeat(2000)}1]`),
		() => mutateBytes(random, text(payload)),
	])();
};

const strangersLane = async (campaign: Campaign, lane: number): Promise<void> => {
	const { target } = campaign;
	const all = callees(target);
	const port = all[lane % all.length]?.port ?? target.logicRpcPort;
	for (let [input] = campaign.take(1); input !== undefined; [input] = campaign.take(1)) {
		const { random } = input;
		if (random.chance(0.3)) {
			const known = await upgraded(port, handshake(port, `Bearer ${target.rpcSecret}`));
			known?.write(Buffer.concat([rawFrames(random), ping('fence')]));
			await known?.until('fence', 300);
			known?.drop();
			continue;
		}
		const bytes = strangerBytes(random, port, target.rpcSecret);
		const line = await Line.open(port);
		line.write(bytes);
		await line.until('\r\n\r\n', 200);
		if (line.tail.includes(' 101 ')) campaign.fault('let in without the secret', input, bytes);
		line.drop();
	}
};

/** JSON-RPC between modules: calls of one who has the secret, and what comes from one who has not. */
export const rpc: readonly Border[] = [
	{ name: 'rpc calls', share: 16_000, lanes: 4, lane: callsLane },
	{ name: 'rpc strangers', share: 1500, lanes: 4, lane: strangersLane },
];
