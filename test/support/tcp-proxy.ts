import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
	readonly port: number;
	/** Closes all connections and refuses new ones: to both sides the other looks dead. */
	cut(): void;
	/** Nothing goes through the present connections any more, though they stay open; new ones work. */
	freeze(): void;
	close(): Promise<void>;
}

/** Stands between a client and a server of this host, to break their connection in ways that a server cannot. */
export const startTcpProxy = async (targetPort: number): Promise<TcpProxy> => {
	const sockets = new Set<Socket>();
	let refusing = false;
	const server = createServer((inbound) => {
		if (refusing) return void inbound.destroy();
		const outbound = connect(targetPort, '127.0.0.1');
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
			from.pipe(to);
		}
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const cut = () => {
		refusing = true;
		for (const socket of sockets) socket.destroy();
	};
	return {
		port: (server.address() as AddressInfo).port,
		cut,
		freeze: () => {
			for (const socket of sockets) socket.unpipe().pause();
		},
		close: async () => {
			cut();
			await new Promise((resolve) => server.close(resolve));
		},
	};
};
