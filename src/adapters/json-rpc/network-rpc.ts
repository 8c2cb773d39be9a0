import type { CallOptions, Rpc, RpcServer } from '../../ports/rpc.ts';
import type { ServiceRegistry } from '../../ports/service-registry.ts';
import { ChatError } from '../../protocol/errors.ts';
import type { MethodName, ParamsOf, ResultOf } from '../../protocol/rpc.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Metrics } from '../../runtime/metrics/metrics.ts';
import { countCalls } from './call-counts.ts';
import { Caller } from './caller.ts';
import { createDispatcher, type Dispatcher } from './dispatcher.ts';
import { createKeepAlive } from './keep-alive.ts';
import { type Listener, listen } from './listener.ts';
import type { RpcTls } from './tls.ts';

export interface NetworkRpcOptions {
	/** Where other modules are found. */
	readonly registry: ServiceRegistry;
	/** Where to listen, once a service is served. */
	readonly host: string;
	/** 0 lets the system choose. */
	readonly port: number;
	/** Host by which others reach this process. */
	readonly advertiseHost: string;
	/** Shared by all modules: sent with each connection, and demanded. */
	readonly secret: string;
	/** Accepted as well, while the secret is being changed; empty or absent: none. */
	readonly otherSecret?: string;
	/** Absent: calls are plain. */
	readonly tls?: RpcTls | undefined;
	/** Longest message, either way; a longer one ends the connection that it came over. */
	readonly maxMessageBytes: number;
	/** How long calls wait that don't say. */
	readonly deadlineMs: number;
	readonly logger?: Logger;
	readonly metrics?: Metrics;
}

/** Calls over JSON-RPC 2.0 on WebSockets: one connection from each calling process to each instance it calls. */
export const createNetworkRpc = async (options: NetworkRpcOptions): Promise<Rpc> => {
	const {
		registry,
		host,
		port,
		advertiseHost,
		secret,
		otherSecret = '',
		tls,
		maxMessageBytes,
		deadlineMs,
		logger,
		metrics,
	} = options;
	const secrets = otherSecret === '' ? [secret] : [secret, otherSecret];
	const keepAlive = createKeepAlive();
	const caller = new Caller({
		registry,
		deadlineMs,
		secret,
		tls,
		maxMessageBytes,
		keepAlive,
		watchCall: countCalls(metrics, 'client'),
		logger,
	});
	const answering = { logger, watchCall: countCalls(metrics, 'server') };
	const served = new Set<Dispatcher>();
	let listening: Promise<Listener> | undefined;
	let closed = false;

	const remove = async (dispatcher: Dispatcher): Promise<void> => {
		if (!served.delete(dispatcher) || listening === undefined) return;
		const listener = await listening;
		if (served.size === 0) listening = undefined;
		await listener.remove(dispatcher);
	};

	return {
		call: <M extends MethodName>(method: M, params: ParamsOf<M>, callOptions?: CallOptions) =>
			// The caller has checked the result against the schema that its type is derived from.
			caller.call(method, params, callOptions) as Promise<ResultOf<M>>,
		serve: async (service, serverId, handlers): Promise<RpcServer> => {
			if (closed) throw new ChatError('unavailable', 'this process is stopping');
			const dispatcher = createDispatcher(service, serverId, handlers, answering);
			listening ??= listen({ host, port, secrets, tls, maxMessageBytes, logger }, keepAlive);
			const listener = await listening.catch((error: unknown) => {
				listening = undefined;
				throw error;
			});
			listener.add(dispatcher);
			served.add(dispatcher);
			return {
				address: `${tls === undefined ? 'ws' : 'wss'}://${advertiseHost.includes(':') ? `[${advertiseHost}]` : advertiseHost}:${listener.port}`,
				close: () => remove(dispatcher),
			};
		},
		close: async () => {
			closed = true;
			caller.close();
			await Promise.all([...served].map(remove));
			keepAlive.close();
		},
	};
};
