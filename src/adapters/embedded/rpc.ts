import type { CallOptions, Rpc } from '../../ports/rpc.ts';
import { ChatError } from '../../protocol/errors.ts';
import type { MethodName, ParamsOf, ResultOf, RpcService } from '../../protocol/rpc.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Metrics } from '../../runtime/metrics/metrics.ts';
import { inSpan } from '../../runtime/tracing/spans.ts';
import { countCalls } from '../json-rpc/call-counts.ts';
import { ChangeSignal } from '../json-rpc/change-signal.ts';
import { createDispatcher, type Dispatcher } from '../json-rpc/dispatcher.ts';
import { inTime } from '../json-rpc/in-time.ts';
import { methodNamed, type RpcMethod } from '../json-rpc/methods.ts';

export interface EmbeddedRpcOptions {
	/** How long calls wait that don't say. */
	readonly deadlineMs?: number;
	readonly logger?: Logger;
	readonly metrics?: Metrics;
}

/** A named server starts to serve within this time, or it is gone. */
const namedServerMs = 1000;
/** How long calls under way may take to end when a service stops. */
const drainMs = 3000;

/**
 * Calls between modules of one process: the dispatcher and checks of the network adapter, without the network.
 * Params and results are handed over as they are, not copied: both sides treat them as read-only.
 */
export const createEmbeddedRpc = (options: EmbeddedRpcOptions = {}): Rpc => {
	const { deadlineMs: defaultDeadlineMs = 5000, logger, metrics } = options;
	const watchCall = countCalls(metrics, 'client');
	const answering = { logger, watchCall: countCalls(metrics, 'server') };
	const dispatchers = new Set<Dispatcher>();
	const changes = new ChangeSignal();
	let turn = 0;
	let closed = false;

	const pick = (service: RpcService, serverId: string | undefined): Dispatcher | undefined => {
		const able = [...dispatchers].filter(
			(each) => each.service === service && (serverId === undefined || each.serverId === serverId),
		);
		turn += 1;
		return able[turn % able.length];
	};

	const find = async (service: RpcService, serverId: string | undefined, withinMs: number): Promise<Dispatcher> => {
		const end = performance.now() + (serverId === undefined ? withinMs : Math.min(withinMs, namedServerMs));
		for (;;) {
			if (closed) throw new ChatError('unavailable', 'this process is stopping');
			const dispatcher = pick(service, serverId);
			if (dispatcher !== undefined) return dispatcher;
			const left = end - performance.now();
			if (left <= 0) throw new ChatError('unavailable', `no ${service} server ${serverId ?? ''} runs in this process`);
			await changes.wait(left);
		}
	};

	const call = async (name: string, params: unknown, options: CallOptions = {}): Promise<unknown> => {
		const method = methodNamed(name);
		if (method === undefined) throw new ChatError('unknown-method');
		return watchCall(method, callNamed(method, params, options));
	};

	const callNamed = async (
		method: RpcMethod,
		params: unknown,
		{ serverId, deadlineMs }: CallOptions,
	): Promise<unknown> => {
		const withinMs = deadlineMs ?? defaultDeadlineMs;
		const start = performance.now();
		const dispatcher = pick(method.service, serverId) ?? (await find(method.service, serverId, withinMs));
		return inTime(
			inSpan(method.name, () => dispatcher.dispatch(method, params)),
			withinMs - (performance.now() - start),
		);
	};

	return {
		call: <M extends MethodName>(method: M, params: ParamsOf<M>, callOptions?: CallOptions) =>
			// The dispatcher has checked the result against the schema that its type is derived from.
			call(method, params, callOptions) as Promise<ResultOf<M>>,
		serve: async (service, serverId, handlers) => {
			if (closed) throw new ChatError('unavailable', 'this process is stopping');
			const dispatcher = createDispatcher(service, serverId, handlers, answering);
			dispatchers.add(dispatcher);
			changes.notify();
			return {
				address: null,
				close: async () => {
					dispatchers.delete(dispatcher);
					await dispatcher.drain(drainMs);
				},
			};
		},
		close: async () => {
			closed = true;
			changes.notify();
			await Promise.all([...dispatchers].map((dispatcher) => dispatcher.drain(drainMs)));
			dispatchers.clear();
		},
	};
};
