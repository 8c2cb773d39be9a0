import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import WebSocket, { WebSocketServer } from 'ws';
import type { ServerFrameV2 } from '../../../src/protocol/v2/server-frames.ts';
import { v2Subprotocol } from '../../../src/protocol/v2/subprotocol.ts';

/** The other end of a client's connections, which says what the test has it say: also what a good server never would. */
export interface Peer {
	readonly url: string;
	/** When each connection came, in ms. */
	readonly arrivals: number[];
	say(frame: ServerFrameV2): void;
	/** Closes the present connection with a code. */
	close(code: number): void;
	stop(): Promise<void>;
}

export const welcome = {
	type: 'welcome',
	user: { id: '7', name: 'ann' },
	serverId: 'peer',
	limits: { bodyBytes: 8192, rooms: 200, historyPage: 200, frameBytes: 65_536 },
	heartbeat: 60_000,
	inbox: 0,
	conversations: [],
} satisfies ServerFrameV2;

/** `greet` is called for each frame of a client with the number of its connection, counted from 1. */
export const startPeer = async (greet: (peer: Peer, connection: number) => void): Promise<Peer> => {
	const server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => v2Subprotocol });
	await once(server, 'listening');
	let present: WebSocket | undefined;
	const arrivals: number[] = [];
	const peer: Peer = {
		url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
		arrivals,
		say: (frame) => present?.send(JSON.stringify(frame)),
		close: (code) => present?.close(code),
		stop: async () => {
			for (const socket of server.clients) socket.terminate();
			await new Promise((resolve) => server.close(resolve));
		},
	};
	server.on('connection', (socket) => {
		present = socket;
		const connection = arrivals.push(performance.now());
		socket.on('error', () => {});
		socket.on('message', () => {
			if (socket.readyState === WebSocket.OPEN) greet(peer, connection);
		});
	});
	return peer;
};
