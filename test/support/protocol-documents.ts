import type { TObject } from 'typebox';
import { closeCodes } from '../../src/protocol/close-codes.ts';
import { type ClientFrameType, clientFrames } from '../../src/protocol/v2/client-frames.ts';
import { type ServerFrameType, serverFrames } from '../../src/protocol/v2/server-frames.ts';
import { goldenFrames } from './golden-frames.ts';

type Frames = Readonly<Record<string, TObject>>;
type Side = 'client' | 'server';

const descriptionOf = (frame: TObject | undefined): unknown => Object(frame).description;

/** A JSON Schema of all frames of one side; each frame type is an entry of `$defs`. */
const jsonSchema = (side: Side, description: string, frames: Frames): object => ({
	$schema: 'https://json-schema.org/draft/2020-12/schema',
	$id: `urn:tschat:v2:${side}-frames`,
	title: `${side} frames of tschat.v2`,
	description,
	oneOf: Object.keys(frames).map((type) => ({ $ref: `#/$defs/${type}` })),
	$defs: Object.fromEntries(
		Object.entries(frames).map(([type, frame]) => [type, { title: type, description: descriptionOf(frame), ...frame }]),
	),
});

/** What the server answers besides `error`; null for frames that have no other answer. */
const answers: Record<ClientFrameType, ServerFrameType | null> = {
	hello: 'welcome',
	join: 'joined',
	leave: 'left',
	send: 'sent',
	ack: null,
	read: null,
	history: 'messages',
	receipts: 'receipts',
	typing: null,
	members: 'members',
	online: 'online',
	conversations: 'conversations',
	ping: 'pong',
};

const unasked: readonly ServerFrameType[] = [
	'resumed',
	'reset',
	'message',
	'receipt',
	'presence',
	'typing',
	'revoked',
	'closing',
	'error',
];

const channel = { $ref: '#/channels/connection' };
/** Both sides have frames of the same name: a message of the channel is named for its side too. */
const nameOf = (side: Side, type: string): string => `${side}.${type}`;
const refTo = (side: Side, type: string): object => ({ $ref: `${channel.$ref}/messages/${nameOf(side, type)}` });

const messages = (side: Side, frames: Frames): Record<string, object> =>
	Object.fromEntries(
		Object.keys(frames).map((type) => [
			nameOf(side, type),
			{
				name: type,
				title: type,
				summary: descriptionOf(frames[type]),
				payload: { $ref: `./schemas/${side}-frames.json#/$defs/${type}` },
				examples: goldenFrames[side]
					.filter(({ frame }) => frame.type === type)
					.map(({ name, frame }) => ({ name, payload: frame })),
			},
		]),
	);

const receive = ([type, answer]: [string, ServerFrameType | null]): [string, object] => [
	type,
	{
		action: 'receive',
		channel,
		messages: [refTo('client', type)],
		reply: { channel, messages: [...(answer === null ? [] : [refTo('server', answer)]), refTo('server', 'error')] },
	},
];

/** The protocol as AsyncAPI 3.0, seen from the server: it receives what clients send. */
const asyncApi = (): object => ({
	asyncapi: '3.0.0',
	info: {
		title: 'tschat.v2',
		version: '2.0.0',
		description:
			"tschat's client protocol: JSON frames over WebSocket or TCP. docs/protocol.md is its page for people.",
		license: { name: 'MIT' },
	},
	defaultContentType: 'application/json',
	servers: {
		ws: {
			host: 'localhost:7000',
			pathname: '/ws',
			protocol: 'ws',
			description: 'A frame is a text frame; the subprotocol is `tschat.v2`.',
		},
		tcp: {
			host: 'localhost:{port}',
			protocol: 'tcp',
			description:
				"A frame is a packet: the bytes `v` `1`, a big-endian int16 with the packet's whole length, the JSON.",
			variables: { port: { enum: ['7001', '7002'], default: '7001' } },
		},
	},
	channels: {
		connection: {
			address: '/',
			description: `The first frame is hello. Close codes: ${Object.values(closeCodes)
				.map(({ code, reason }) => `${code} ${reason}`)
				.join('; ')}.`,
			servers: [{ $ref: '#/servers/ws' }, { $ref: '#/servers/tcp' }],
			messages: { ...messages('client', clientFrames), ...messages('server', serverFrames) },
			bindings: {
				ws: {
					method: 'GET',
					headers: { type: 'object', properties: { 'Sec-WebSocket-Protocol': { type: 'string', const: 'tschat.v2' } } },
				},
			},
		},
	},
	operations: {
		...Object.fromEntries(Object.entries(answers).map(receive)),
		events: { action: 'send', channel, messages: unasked.map((type) => refTo('server', type)) },
	},
});

/** The documents that are made from the schemas and the golden frames, by their path in the project. */
export const protocolDocuments: Readonly<Record<string, object>> = {
	'docs/schemas/client-frames.json': jsonSchema(
		'client',
		'What a client sends: one JSON object a frame, told apart by `type`. Fields that are not named here are ignored.',
		clientFrames,
	),
	'docs/schemas/server-frames.json': jsonSchema(
		'server',
		'What a server sends: one JSON object a frame, told apart by `type`. Clients ignore types and fields that they do not know.',
		serverFrames,
	),
	'docs/asyncapi.json': asyncApi(),
};
