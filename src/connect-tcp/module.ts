import type { Server, Socket } from 'node:net';
import { Arrivals } from '../connect/arrivals.ts';
import { startGateway } from '../connect/gateway.ts';
import { trustedProxies } from '../runtime/client-address.ts';
import { listen } from '../runtime/listen.ts';
import type { CreateModule } from '../runtime/module.ts';
import { createSocketServer } from '../runtime/secure-server.ts';
import { acceptTcp } from './accept-tcp.ts';

/** How long clients get to close after the server did, before they are cut. */
const closeGraceMs = 1000;

/** The TCP gateway: the same service on each of its ports. */
export const createConnectTcpModule: CreateModule = async (context) => {
	const { host, ports, public_url, proxy_protocol } = context.config.connect_tcp;
	const { certificates } = context;
	const scheme = certificates === undefined ? 'tcp' : 'tls';
	const trusted = trustedProxies(context.config.proxy.trusted);
	return {
		service: 'connect-tcp',
		start: async () => {
			const gateway = await startGateway(context);
			const open = new Set<Socket>();
			const servers: Server[] = [];
			const listening: number[] = [];
			for (const port of ports.split(',').map(Number)) {
				// Half open: a client may send and leave, and what it sent counts.
				const arrivals = new Arrivals(gateway.server.admission, trusted);
				const options = { server: gateway.server, arrivals, trusted, proxyProtocol: proxy_protocol };
				const opened = (socket: Socket): void => {
					open.add(socket);
					socket.on('error', () => {});
					socket.on('close', () => open.delete(socket));
					acceptTcp(socket, options);
				};
				const { arrived } = arrivals;
				const server = createSocketServer(certificates, { allowHalfOpen: true }, { arrived, opened });
				server.maxConnections = gateway.mostSockets;
				server.on('drop', () => gateway.server.refused('connections_total'));
				servers.push(server);
				listening.push(await listen(server, host, port));
			}
			return {
				rpc: gateway.rpcAddress,
				publicUrl: public_url === '' ? `${scheme}://${context.clientHost(host)}:${listening.join(',')}` : public_url,
				notReady: () => gateway.notReady(),
				stop: async () => {
					const closed = Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
					await gateway.stop();
					const timer = setTimeout(() => {
						for (const socket of open) socket.destroy();
					}, closeGraceMs);
					await closed;
					clearTimeout(timer);
				},
			};
		},
	};
};
