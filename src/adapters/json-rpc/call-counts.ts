import { type ErrorKey, toChatError } from '../../protocol/errors.ts';
import type { Metrics } from '../../runtime/metrics/metrics.ts';
import type { RpcMethod } from './methods.ts';

/** Watches calls: what comes back is what the call gives. */
export type WatchCall = <T>(method: RpcMethod, call: Promise<T>) => Promise<T>;

/** Counts the calls of one side: how long they took, and how they failed. */
export const countCalls = (metrics: Metrics | undefined, side: 'client' | 'server'): WatchCall => {
	if (metrics === undefined) return (_, call) => call;
	const observers = new Map<RpcMethod, (seconds: number) => void>();
	const observerOf = (method: RpcMethod) => {
		const made =
			observers.get(method) ?? metrics.histogram(`tschat_rpc_${side}_duration_seconds`, { method: method.name });
		observers.set(method, made);
		return made;
	};
	const failed = (method: RpcMethod, error: ErrorKey) =>
		metrics.counter(`tschat_rpc_${side}_errors_total`, { method: method.name, error })();

	return async (method, call) => {
		const began = performance.now();
		try {
			return await call;
		} catch (error) {
			failed(method, toChatError(error).key);
			throw error;
		} finally {
			observerOf(method)((performance.now() - began) / 1000);
		}
	};
};
