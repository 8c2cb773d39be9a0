import type { HandlersOf, MethodName, ParamsOf, ResultOf, RpcService } from '../protocol/rpc.ts';

export interface CallOptions {
	/** Calls this server, and no other. Without it any instance of the method's service may answer. */
	readonly serverId?: string;
	/** How long the caller waits in all, retries included. */
	readonly deadlineMs?: number;
}

/**
 * Calls to other modules.
 *
 * Guarantees of every adapter:
 * - params and results are validated against the declared schemas on both sides;
 * - every call ends within its deadline: with the result, the `ChatError` that the handler threw, `timeout`, or `unavailable`;
 * - a call that failed on its way (`unavailable`, or a connection lost under it) is tried on another instance if its method is
 *   idempotent or it was never sent; a peer that hangs delays only calls to itself, and idempotent calls leave it for another;
 * - the instance with the fewest calls under way is asked first.
 */
export interface RpcClient {
	call<M extends MethodName>(method: M, params: ParamsOf<M>, options?: CallOptions): Promise<ResultOf<M>>;
}

export interface RpcServer {
	/** The address to register, or null where calls do not cross a network. */
	readonly address: string | null;
	/** Takes no new calls, finishes those under way (bounded), closes. */
	close(): Promise<void>;
}

export interface Rpc extends RpcClient {
	/** Answers a service's calls under a server id. Throws if a declared method has no handler. */
	serve<S extends RpcService>(service: S, serverId: string, handlers: HandlersOf<S>): Promise<RpcServer>;
	/** Fails calls under way and closes connections. */
	close(): Promise<void>;
}
