import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';

export interface TcpProxy {
	readonly port: number;
	/** Closes all connections and refuses new ones: to both sides the other looks dead. */
	cut(): void;
	/** Takes connections again. */
	heal(): void;
	/** Nothing goes through the present connections any more, though they stay open; new ones work. */
	freeze(): void;
	/** What arrives from now on is passed on so many milliseconds later, in either direction; 0 ends it. */
	delay(ms: number): void;
	close(): Promise<void>;
}

/**
 * Stands between a client and a server of this host, to break their connection in ways that a server cannot. Told several ports,
 * it gives each connection to the next of them that takes it, as a load balancer would.
 */
export const startTcpProxy = async (...targetPorts: readonly number[]): Promise<TcpProxy> => {
	const sockets = new Set<Socket>();
	let refusing = false;
	let delayMs = 0;
	let turn = 0;
	const late = () =>
		new Transform({
			transform: (chunk, _encoding, pass) => {
				if (delayMs === 0) pass(null, chunk);
				else setTimeout(pass, delayMs, null, chunk);
			},
		});
	const join = (inbound: Socket, outbound: Socket) => {
		for (const [from, to] of [
			[inbound, outbound],
			[outbound, inbound],
		] as const) {
			sockets.add(from);
			from.setNoDelay(true);
			from.on('error', () => {});
			from.on('close', () => {
				sockets.delete(from);
				to.destroy();
			});
			from.pipe(late()).pipe(to);
		}
	};
	/** The first of the targets that takes the connection, from the one at `index` on. */
	const reach = (inbound: Socket, index: number, left: number): void => {
		const outbound = connect(targetPorts[index % targetPorts.length] ?? 0, '127.0.0.1');
		const refused = () => {
			if (left > 1) reach(inbound, index + 1, left - 1);
			else inbound.destroy();
		};
		outbound.once('error', refused);
		outbound.once('connect', () => {
			outbound.off('error', refused);
			if (refusing || inbound.destroyed) {
				outbound.destroy();
				inbound.destroy();
			} else join(inbound, outbound);
		});
	};
	const server = createServer((inbound) => {
		if (refusing) return void inbound.destroy();
		inbound.on('error', () => {});
		turn += 1;
		reach(inbound, turn, targetPorts.length);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const cut = () => {
		refusing = true;
		for (const socket of sockets) socket.destroy();
	};
	return {
		port: (server.address() as AddressInfo).port,
		cut,
		heal: () => {
			refusing = false;
		},
		freeze: () => {
			for (const socket of sockets) socket.unpipe().pause();
		},
		delay: (ms) => {
			delayMs = ms;
		},
		close: async () => {
			cut();
			await new Promise((resolve) => server.close(resolve));
		},
	};
};
