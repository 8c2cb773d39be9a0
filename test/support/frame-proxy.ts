import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import WebSocket, { WebSocketServer } from 'ws';

/** What happens to a frame on its way, or to its connection. `swap` has the next frame of the same direction overtake it. */
export type FrameFate = 'pass' | 'drop' | 'repeat' | 'swap' | 'delay' | 'cut';

export interface FrameProxy {
	readonly url: string;
	/** Adds to the fates of the next frames, in whatever direction they go; then all pass. */
	disturb(fates: readonly FrameFate[]): void;
	/** Cuts every connection, and refuses new ones until `heal`. */
	sever(): void;
	/** Takes connections again. What `disturb` asked for is still done. */
	heal(): void;
	/** Fates that were met so far, other than `pass`. */
	readonly disturbed: number;
	close(): Promise<void>;
}

const delayMs = 20;

/**
 * Stands between WebSocket clients and a server, and does to their frames what TCP never does but broken middleboxes, and
 * bugs, do: so a client that copes with this copes with everything.
 */
export const startFrameProxy = async (target: string, subprotocol: string): Promise<FrameProxy> => {
	const fates: FrameFate[] = [];
	let refusing = false;
	let disturbed = 0;
	const open = new Set<WebSocket>();
	const timers = new Set<NodeJS.Timeout>();
	const server = new WebSocketServer({
		host: '127.0.0.1',
		port: 0,
		handleProtocols: () => subprotocol,
		verifyClient: () => !refusing,
	});
	await once(server, 'listening');

	const nextFate = (): FrameFate => {
		const fate = fates.shift() ?? 'pass';
		if (fate !== 'pass') disturbed += 1;
		return fate;
	};

	/** Forwards the frames of one direction. */
	const forward = (from: WebSocket, to: WebSocket): void => {
		let overtaken: string | undefined;
		const pass = (frame: string) => {
			if (to.readyState === WebSocket.OPEN) to.send(frame);
		};
		from.on('message', (data) => {
			const frame = String(data);
			const fate = nextFate();
			if (fate === 'swap' && overtaken === undefined) {
				overtaken = frame;
				return;
			}
			if (fate === 'cut') {
				from.terminate();
				to.terminate();
				return;
			}
			if (fate === 'delay') {
				const timer = setTimeout(() => {
					timers.delete(timer);
					pass(frame);
				}, delayMs);
				timers.add(timer);
			} else if (fate !== 'drop') {
				pass(frame);
				if (fate === 'repeat') pass(frame);
			}
			if (overtaken !== undefined) pass(overtaken);
			overtaken = undefined;
		});
		from.on('close', (code, reason) => {
			open.delete(from);
			if (code >= 4000) to.close(code, reason);
			else to.terminate();
		});
		from.on('error', () => {});
	};

	server.on('connection', (client) => {
		const upstream = new WebSocket(target, subprotocol);
		const early: string[] = [];
		const keep = (data: WebSocket.RawData) => early.push(String(data));
		open.add(client).add(upstream);
		client.on('message', keep);
		client.on('error', () => {});
		upstream.on('error', () => client.terminate());
		upstream.on('open', () => {
			client.off('message', keep);
			forward(client, upstream);
			forward(upstream, client);
			for (const frame of early) client.emit('message', frame);
		});
		client.on('close', () => {
			open.delete(client);
			if (upstream.readyState !== WebSocket.OPEN) upstream.terminate();
		});
	});

	return {
		url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
		disturb: (more) => {
			fates.push(...more);
		},
		sever: () => {
			refusing = true;
			for (const socket of open) socket.terminate();
		},
		heal: () => {
			refusing = false;
		},
		get disturbed() {
			return disturbed;
		},
		close: async () => {
			for (const timer of timers) clearTimeout(timer);
			for (const socket of open) socket.terminate();
			await new Promise((resolve) => server.close(resolve));
		},
	};
};
