import { WebSocket } from 'ws';
import type { ServiceInstance } from '../../ports/service-registry.ts';
import { wordsOf } from '../cure.ts';
import { callerTls, type RpcTls } from './tls.ts';
import { looseSubprotocol } from './wire.ts';

export interface SocketOptions {
	readonly secret: string;
	/** With it only addresses that begin with wss: are called, and without it none of those. */
	readonly tls: RpcTls | undefined;
	readonly maxMessageBytes: number;
}

/** `closeTimeout` bounds how long the server may take to confirm a close; the typings of `ws` do not know it. */
const socketOptions = { perMessageDeflate: false, handshakeTimeout: 2000, closeTimeout: 500 };

/** Begins to connect to an instance. Throws where its address cannot be used. */
export const openSocket = (
	{ serverId, rpc }: ServiceInstance,
	{ secret, tls, maxMessageBytes }: SocketOptions,
): WebSocket => {
	const secured = rpc?.startsWith('wss:') === true;
	if (tls !== undefined && !secured) throw new Error('it is plain, and this process calls over TLS only');
	if (tls === undefined && secured) throw new Error('it is called over TLS only, and this process has no rpc.tls_cert');
	return new WebSocket(`${rpc}/rpc?server=${encodeURIComponent(serverId)}`, [looseSubprotocol], {
		headers: { authorization: `Bearer ${secret}` },
		maxPayload: maxMessageBytes,
		...socketOptions,
		...(tls && callerTls(tls)),
	});
};

/** Why there is no connection, in words that name the setting where the driver has but a number. */
export const socketFailure = (error: unknown): string => {
	const reason = wordsOf(error);
	return reason === 'Unexpected server response: 401'
		? 'it refuses the rpc.secret of this process, which has to be its rpc.secret or its rpc.other_secret (401)'
		: reason;
};
