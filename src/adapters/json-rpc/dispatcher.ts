import { ChatError } from '../../protocol/errors.ts';
import type { HandlersOf, RpcService } from '../../protocol/rpc.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { WatchCall } from './call-counts.ts';
import { NotBegun } from './failure.ts';
import { methodsOf, type RpcMethod } from './methods.ts';

type Handler = (params: unknown) => Promise<unknown>;

/** Answers the calls to one service under one server id, wherever they came from. */
export interface Dispatcher {
	readonly service: RpcService;
	readonly serverId: string;
	/** True once `drain` was called: calls are refused with `unavailable`, so that callers go elsewhere. */
	readonly closing: boolean;
	/** Validates, runs the handler, validates again. Rejects with nothing but `ChatError`. */
	dispatch(method: RpcMethod, params: unknown): Promise<unknown>;
	/** Refuses new calls; resolves when those under way have ended, after `withinMs` at the latest. */
	drain(withinMs: number): Promise<void>;
}

/** Throws when the handlers are not exactly those that the service declares. */
const handlerTable = (service: RpcService, handlers: object): ReadonlyMap<string, Handler> => {
	const given = new Map<string, Handler>(Object.entries(handlers));
	const declared = methodsOf(service);
	const missing = declared.filter(({ name }) => typeof given.get(name) !== 'function').map(({ name }) => name);
	if (missing.length > 0) throw new Error(`service ${service} has no handler for ${missing.join(', ')}`);
	const unknown = [...given.keys()].filter((name) => !declared.some((method) => method.name === name));
	if (unknown.length > 0) throw new Error(`service ${service} declares no method ${unknown.join(', ')}`);
	return given;
};

export const createDispatcher = <S extends RpcService>(
	service: S,
	serverId: string,
	handlers: HandlersOf<S>,
	{ logger, watchCall }: { readonly logger?: Logger | undefined; readonly watchCall: WatchCall },
): Dispatcher => {
	const table = handlerTable(service, handlers);
	let underWay = 0;
	let closing = false;
	let drained: (() => void) | undefined;

	const run = async (method: RpcMethod, params: unknown): Promise<unknown> => {
		const handler = table.get(method.name);
		if (handler === undefined) throw new ChatError('unknown-method');
		method.checkParams(params);
		try {
			return method.checkResult(await handler(params));
		} catch (error) {
			if (error instanceof ChatError) throw error;
			logger?.error({ err: error, method: method.name }, 'rpc handler failed');
			throw new ChatError('internal', undefined, { cause: error });
		}
	};

	return {
		service,
		serverId,
		get closing() {
			return closing;
		},
		dispatch: async (method, params) => {
			if (closing) throw new NotBegun();
			underWay += 1;
			try {
				return await watchCall(method, run(method, params));
			} finally {
				underWay -= 1;
				if (underWay === 0) drained?.();
			}
		},
		drain: async (withinMs) => {
			closing = true;
			if (underWay === 0) return;
			await new Promise<void>((resolve) => {
				const timer = setTimeout(resolve, withinMs);
				drained = () => {
					clearTimeout(timer);
					resolve();
				};
			});
		},
	};
};
