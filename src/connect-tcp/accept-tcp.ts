import type { Socket } from 'node:net';
import type { ConnectServer } from '../connect/connect-server.ts';
import { clientOfAddress, type TrustedProxies } from '../runtime/client-address.ts';
import { afterProxyHeader } from './proxied.ts';
import { serveTcpConnection } from './tcp-connection.ts';

interface Options {
	readonly server: ConnectServer;
	readonly trusted: TrustedProxies;
	/** Whether trusted proxies begin each connection with a PROXY header. */
	readonly proxyProtocol: boolean;
}

/**
 * Takes a TCP connection, or closes it at once when a limit refuses it: which protocol the client speaks is not known before its
 * first packet, so it cannot be told why. Whether a PROXY header is read depends on who connects, never on what comes.
 */
export const acceptTcp = (socket: Socket, { server, trusted, proxyProtocol }: Options): void => {
	const { admission } = server;
	const take = (client: string | undefined): void => {
		if (admission.knock(client) && admission.refusal(client) === undefined) serveTcpConnection(socket, server, client);
		else socket.destroy();
	};
	const { remoteAddress } = socket;
	if (remoteAddress === undefined) socket.destroy();
	else if (proxyProtocol && trusted(remoteAddress)) {
		afterProxyHeader(socket, (client) => take(clientOfAddress(client, trusted)));
	} else take(clientOfAddress(remoteAddress, trusted));
};
