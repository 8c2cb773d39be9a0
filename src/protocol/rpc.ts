import type { Static } from 'typebox';
import { connectMethods } from './rpc-connect.ts';
import { logicMethods } from './rpc-logic.ts';

/** Every remote method of the cluster. The part before the dot is the service that answers it. */
export const rpcMethods = { ...logicMethods, ...connectMethods };
type RpcMethods = typeof rpcMethods;
export type MethodName = keyof RpcMethods;
export type ParamsOf<M extends MethodName> = Static<RpcMethods[M]['params']>;
export type ResultOf<M extends MethodName> = Static<RpcMethods[M]['result']>;

/** The services that answer calls. `connect` is served by both gateways, and always called by server id. */
export type RpcService = 'logic' | 'connect';

/** A handler for each method of one service. */
export type HandlersOf<S extends RpcService> = {
	[M in MethodName as M extends `${S}.${string}` ? M : never]: (params: ParamsOf<M>) => Promise<ResultOf<M>>;
};
