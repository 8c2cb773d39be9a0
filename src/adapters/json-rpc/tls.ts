import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Certificates } from '../../ports/certificates.ts';

/** TLS between modules is mutual: each side demands a certificate that the one CA signed. */
export interface RpcTls {
	/** With `ca`. */
	readonly certificates: Certificates;
	/** Name that the certificate of whoever is called must hold; empty: the host of its address. */
	readonly name: string;
}

const handshakeMs = 5000;

const secure = ({ certificates }: RpcTls) => ({ ...certificates.current, minVersion: 'TLSv1.2' as const });

/** What a caller shows, and demands. */
export const callerTls = (tls: RpcTls): object => ({
	...secure(tls),
	...(tls.name !== '' && { servername: tls.name }),
});

/** The server that callers connect to. New connections get the certificate as it is renewed. */
export const createRpcServer = (tls: RpcTls | undefined, listener: RequestListener): Server => {
	if (tls === undefined) return createServer(listener);
	const demanding = { requestCert: true, rejectUnauthorized: true, handshakeTimeout: handshakeMs };
	const server = createHttpsServer({ ...secure(tls), ...demanding }, listener);
	const end = tls.certificates.onRenewed(() => server.setSecureContext(secure(tls)));
	server.once('close', end);
	return server;
};
