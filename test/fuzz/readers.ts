import { setTimeout as sleep } from 'node:timers/promises';
import { stickyPacket } from '../../src/connect/codecs/sticky-packet.ts';
import type { Target } from './campaign.ts';
import type { Account } from './fuzz-cluster.ts';
import { fuzzRooms } from './inputs/world.ts';
import { Line } from './line.ts';
import { openWebSocket, text } from './web-socket.ts';

const hello = (token: string) =>
	JSON.stringify({
		type: 'hello',
		token,
		inbox: 0,
		cursors: Object.fromEntries(fuzzRooms.map((room) => [`room:${room}`, 0])),
	});

const opens: readonly ((target: Target, token: string) => Promise<Line | undefined>)[] = [
	async ({ wsPort }, authToken) => {
		const line = await openWebSocket(wsPort, false);
		line?.write(text(JSON.stringify({ authToken, roomId: fuzzRooms[0] })));
		return line;
	},
	async ({ wsPort }, token) => {
		const line = await openWebSocket(wsPort, true);
		line?.write(text(hello(token)));
		return line;
	},
	async ({ tcpPort }, authToken) => {
		const line = await Line.open(tcpPort);
		line.write(stickyPacket(JSON.stringify({ op: 6, authToken, roomId: fuzzRooms[0] })));
		return line;
	},
	async ({ tcpPort }, token) => {
		const line = await Line.open(tcpPort);
		line.write(stickyPacket(hello(token)));
		return line;
	},
];

export const readersNeeded = opens.length;

/**
 * Keeps a reader of each client protocol in the rooms and inboxes that are fuzzed, so that what gets in is also encoded
 * and written. They come again when they are closed.
 */
export const startReaders = (target: Target, accounts: readonly Account[]): { stop(): Promise<void> } => {
	let stopped = false;
	const lines = new Set<Line>();
	const read = async (open: (typeof opens)[number], token: string): Promise<void> => {
		while (!stopped) {
			const line = await open(target, token);
			if (line !== undefined) {
				lines.add(line);
				while (!stopped && !line.ended) await line.until(undefined, 250);
				lines.delete(line);
				line.drop();
			}
			await sleep(20);
		}
	};
	const reading = opens.map((open, at) => read(open, accounts[at]?.token ?? ''));
	return {
		stop: async () => {
			stopped = true;
			await Promise.all(reading);
		},
	};
};
