import { connect } from 'node:net';
import WebSocket from 'ws';
import { PacketReader, stickyPacket } from '../../src/connect/codecs/sticky-packet.ts';
import type { ConversationKey } from '../../src/protocol/logs.ts';
import type { GochatFrame } from '../support/gochat-client.ts';
import type { Sighting, Sightings } from './sightings.ts';

/** A URL for WebSocket, a port for TCP. */
type Address = string | number;

interface ListenerOptions {
	readonly name: string;
	readonly address: Address;
	readonly session: { readonly token: string; readonly user: { readonly name: string } };
	readonly roomId: number;
	readonly sightings: Sightings;
	readonly saw?: (body: string) => void;
}

const againMs = 200;

/** One connection of gochat's protocol: `lost` is called once, and nothing after it. */
const dial = (
	{ address, session, roomId }: ListenerOptions,
	on: { frame(frame: GochatFrame): void; lost(): void },
): (() => void) => {
	if (typeof address === 'string') {
		const socket = new WebSocket(address);
		socket.on('error', () => {});
		socket.on('open', () => socket.send(JSON.stringify({ authToken: session.token, roomId })));
		socket.on('message', (data) => on.frame(JSON.parse(String(data))));
		socket.on('close', on.lost);
		return () => socket.terminate();
	}
	const socket = connect(address, '127.0.0.1');
	const reader = new PacketReader();
	socket.on('error', () => {});
	socket.on('connect', () => {
		socket.write(stickyPacket(JSON.stringify({ op: 6, authToken: session.token, roomId })));
	});
	socket.on('data', (chunk) => {
		for (const body of reader.read(chunk)) {
			const text = body.toString();
			if (text !== 'ping msg') on.frame(JSON.parse(text));
		}
	});
	socket.on('close', on.lost);
	return () => socket.destroy();
};

/**
 * A client of gochat's protocol, which knows no resume: whenever its connection is lost, it makes a new one, and begins anew
 * there. Within a connection everything is owed from its join on, once and in order.
 */
export const startGochatListener = (options: ListenerOptions): { stop(): void } => {
	const { name, session, sightings, saw } = options;
	let [stopped, connections] = [false, 0];
	let timer: NodeJS.Timeout | undefined;
	let hangUp = () => {};

	const begin = () => {
		connections += 1;
		const reader = { name: `${name}, connection ${connections}`, token: session.token };
		const watched = new Map<ConversationKey, Sighting>();
		const room: ConversationKey = `room:${options.roomId}`;
		const sightingOf = (conv: ConversationKey): Sighting => {
			const sighting = watched.get(conv) ?? sightings.open(reader, conv);
			watched.set(conv, sighting);
			return sighting;
		};
		hangUp = dial(options, {
			frame: ({ op, conv, seq, id, msg: body, roomUserInfo }) => {
				if (op === 5 && Object.values(roomUserInfo ?? {}).includes(session.user.name)) {
					sightingOf(room).since ??= performance.now();
				}
				if (conv === undefined || seq === undefined || id === undefined || body === undefined) return;
				sightings.see(sightingOf(conv as ConversationKey), { conv: conv as ConversationKey, seq, id, body });
				saw?.(body);
			},
			lost: () => {
				for (const sighting of watched.values()) sighting.ended = true;
				if (!stopped) timer = setTimeout(begin, againMs);
			},
		});
	};
	begin();
	return {
		stop: () => {
			stopped = true;
			clearTimeout(timer);
			hangUp();
		},
	};
};
