import type { Socket } from 'node:net';
import type { Arrivals } from '../connect/arrivals.ts';
import type { ConnectServer } from '../connect/connect-server.ts';
import { clientOfAddress, type TrustedProxies } from '../runtime/client-address.ts';
import { afterProxyHeader } from './proxied.ts';
import { serveTcpConnection } from './tcp-connection.ts';

interface Options {
	readonly server: ConnectServer;
	/** Those of the listening server: it has counted the connection there already. */
	readonly arrivals: Arrivals;
	readonly trusted: TrustedProxies;
	/** Whether trusted proxies begin each connection with a PROXY header. */
	readonly proxyProtocol: boolean;
}

/**
 * Takes a TCP connection, or closes it at once when a limit refuses it: which protocol the client speaks is not known before its
 * first packet, so it cannot be told why. Whether a PROXY header is read depends on who connects, never on what comes.
 */
export const acceptTcp = (socket: Socket, { server, arrivals, trusted, proxyProtocol }: Options): void => {
	const { admission } = server;
	const take = (client: string | undefined): void => {
		if (admission.refusal(client) === undefined) {
			arrivals.served(socket);
			serveTcpConnection(socket, server, client);
		} else socket.destroy();
	};
	const { remoteAddress } = socket;
	if (remoteAddress === undefined) socket.destroy();
	else if (proxyProtocol && trusted(remoteAddress)) {
		afterProxyHeader(socket, (named) => {
			const client = clientOfAddress(named, trusted);
			// The connection was the proxy's: its client has not knocked yet.
			if (admission.knock(client)) take(client);
			else socket.destroy();
		});
	} else take(clientOfAddress(remoteAddress, trusted));
};
