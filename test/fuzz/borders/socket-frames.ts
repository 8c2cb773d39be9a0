import { setTimeout as sleep } from 'node:timers/promises';
import Type, { type TSchema } from 'typebox';
import { stickyPacket } from '../../../src/connect/codecs/sticky-packet.ts';
import { EnterFrame, op, TcpFrame } from '../../../src/protocol/gochat-v1.ts';
import { clientFrames } from '../../../src/protocol/v2/client-frames.ts';
import { compile } from '../../../src/protocol/validate.ts';
import { goldenFrames } from '../../support/golden-frames.ts';
import type { Border, Campaign, Input } from '../campaign.ts';
import { generate } from '../inputs/generate.ts';
import { cutAnywhere, mutateBytes, splice } from '../inputs/mutate-bytes.ts';
import { mutateJson, toText } from '../inputs/mutate-json.ts';
import type { Random } from '../inputs/random.ts';
import { Line } from '../line.ts';
import { openWebSocket, ping, text } from '../web-socket.ts';

/** Frames of one client protocol on one kind of connection. */
interface Dialect {
	readonly open: (campaign: Campaign) => Promise<Line | undefined>;
	readonly schemas: readonly TSchema[];
	/** Payloads to begin with that are not made from the schemas. */
	readonly samples: readonly string[];
	readonly wrap: (payload: Buffer) => Buffer;
	/** The first frame of a connection that signs in. */
	readonly hello: (token: string, resumes: boolean) => string;
	/** Whether a connection surely goes on after a payload: what is sent behind others must not be sent in vain. */
	readonly goesOn: (payload: Buffer) => boolean;
	/** What is answered when all before it is dealt with, and the mark in the answer; undefined: the end of the connection. */
	readonly fence: ((mark: string) => Buffer) | undefined;
}

const golden = [...goldenFrames.client, ...goldenFrames.refused, ...goldenFrames.malformed].map((one) => one.text);
const v2Schemas = Object.values(clientFrames);
const v2Hello = (token: string, resumes: boolean) =>
	JSON.stringify({ type: 'hello', token, ...(resumes && { cursors: { 'room:1': 0 }, inbox: 0 }) });
const isV2 = (payload: Buffer): boolean => {
	try {
		const value: unknown = JSON.parse(payload.toString());
		return typeof value === 'object' && value !== null && 'type' in value && value.type !== 'hello';
	} catch {
		return false;
	}
};
const tcpFrame = compile(TcpFrame);
const isMessageV1 = (payload: Buffer): boolean => {
	try {
		return tcpFrame(JSON.parse(payload.toString())).op !== op.enter;
	} catch {
		return false;
	}
};
const v2Ping = (mark: string) => JSON.stringify({ type: 'ping', ref: mark });
const packet = (payload: Buffer): Buffer => {
	const head = stickyPacket('');
	head.writeInt16BE(Math.min(32_767, head.length + payload.length), 2);
	return Buffer.concat([head, payload.subarray(0, 32_767 - head.length)]);
};

const webSocketV2: Dialect = {
	open: ({ target }) => openWebSocket(target.wsPort, true),
	schemas: v2Schemas,
	samples: golden,
	wrap: text,
	hello: v2Hello,
	goesOn: isV2,
	fence: (mark) => text(v2Ping(mark)),
};
const webSocketV1: Dialect = {
	open: ({ target }) => openWebSocket(target.wsPort, false),
	schemas: [EnterFrame],
	samples: ['{"authToken":"abc","roomId":12,"op":9,"fromUserId":3}', 'ping msg', ...golden.slice(0, 3)],
	wrap: text,
	hello: (authToken) => JSON.stringify({ authToken, roomId: 1 }),
	goesOn: () => false,
	fence: ping,
};
const tcpV2: Dialect = {
	...webSocketV2,
	open: ({ target }) => Line.open(target.tcpPort),
	wrap: packet,
	fence: (mark) => packet(Buffer.from(v2Ping(mark))),
};
const tcpV1: Dialect = {
	open: ({ target }) => Line.open(target.tcpPort),
	schemas: [
		TcpFrame,
		TcpFrame,
		EnterFrame,
		Type.Union([Type.Literal('ping msg'), Type.Object({ op: Type.Integer() })]),
	],
	samples: ['ping msg', '{"op":5,"roomId":1}', ...golden.slice(0, 3)],
	wrap: packet,
	hello: (authToken) => JSON.stringify({ op: 6, authToken, roomId: 1 }),
	goesOn: isMessageV1,
	fence: undefined,
};

const payloadOf = (random: Random, { schemas, samples }: Dialect, { world }: Campaign): Buffer => {
	const value = generate(random, random.pick(schemas), world);
	if (random.chance(0.25)) return Buffer.from(toText(value));
	if (random.chance(0.75)) return Buffer.from(mutateJson(random, value));
	const sample = Buffer.from(random.pick(samples));
	return random.chance(0.7) ? mutateBytes(random, sample) : splice(random, sample, Buffer.from(toText(value)));
};

const maxBatch = 40;
const connectionLife = 400;

const lane =
	(dialect: Dialect) =>
	async (campaign: Campaign): Promise<void> => {
		let line: Line | undefined;
		let used = 0;
		let signedIn = false;

		const connected = async (random: Random): Promise<Line | undefined> => {
			while (campaign.alive() && (line === undefined || line.ended || used > connectionLife)) {
				line?.drop();
				line = await dialect.open(campaign);
				if (line === undefined) {
					await sleep(20);
					continue;
				}
				used = 0;
				// Some are sent to a server that does not know yet who it is.
				signedIn = random.chance(0.9);
				if (signedIn)
					line.write(dialect.wrap(Buffer.from(dialect.hello(random.pick(campaign.world.tokens), random.chance(0.2)))));
			}
			return line;
		};

		/** Of a connection that is to last for a while: the first of a few that does not end it. */
		const nextOf = ({ random }: Input, lasting: boolean): Buffer => {
			let payload = payloadOf(random, dialect, campaign);
			for (let tries = 0; lasting && tries < 4 && !dialect.goesOn(payload); tries += 1) {
				payload = payloadOf(random, dialect, campaign);
			}
			return payload;
		};

		/** One after the other, up to the first after which the server may close. */
		const batchOf = (first: Input): { last: Input; payloads: Buffer[] } => {
			const lasting = signedIn && first.random.chance(0.85);
			const payloads = [nextOf(first, lasting)];
			let last = first;
			while (signedIn && payloads.length < maxBatch && dialect.goesOn(payloads.at(-1) as Buffer)) {
				const [next] = campaign.take(1);
				if (next === undefined) break;
				last = next;
				payloads.push(nextOf(next, lasting));
			}
			return { last, payloads };
		};

		for (let [input] = campaign.take(1); input !== undefined; [input] = campaign.take(1)) {
			const { random } = input;
			const open = await connected(random);
			if (open === undefined) break;
			const { last, payloads } = batchOf(input);
			const mark = `fence-${last.index}.`;
			const bytes = Buffer.concat([...payloads.map(dialect.wrap), ...(dialect.fence ? [dialect.fence(mark)] : [])]);
			for (const piece of cutAnywhere(random, bytes, random.pick([1, 1, 2, 7]))) {
				open.write(piece);
				if (random.chance(0.2)) await new Promise(setImmediate);
			}
			if (dialect.fence === undefined) open.end();
			const outcome = await open.until(dialect.fence && mark);
			if (outcome === 'late') {
				campaign.fault('neither answered nor closed', last, payloads.at(-1));
				open.drop();
			}
			used = dialect.fence === undefined ? Number.POSITIVE_INFINITY : used + payloads.length;
		}
		line?.drop();
	};

/** Frames of both protocols on both gateways: mutated, of wrong types, in any order, before and after the connection is signed in. */
export const socketFrames: readonly Border[] = [
	{ name: 'ws v2 frames', share: 22_000, lanes: 4, lane: lane(webSocketV2) },
	{ name: 'ws v1 frames', share: 2500, lanes: 3, lane: lane(webSocketV1) },
	{ name: 'tcp v2 packets', share: 15_000, lanes: 3, lane: lane(tcpV2) },
	{ name: 'tcp v1 packets', share: 6000, lanes: 3, lane: lane(tcpV1) },
];
