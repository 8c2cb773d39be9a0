import type { CallOptions } from '../../ports/rpc.ts';
import type { ServiceRegistry } from '../../ports/service-registry.ts';
import { ChatError, toChatError } from '../../protocol/errors.ts';
import type { RpcService } from '../../protocol/rpc.ts';
import { inCallSpan } from '../../runtime/tracing/spans.ts';
import type { WatchCall } from './call-counts.ts';
import { asFailure, type Failure, mayRetry, TransportFailure, told } from './failure.ts';
import { inTime } from './in-time.ts';
import { methodNamed, type RpcMethod } from './methods.ts';
import type { Peer, PeerOptions } from './peer.ts';
import { PeerPool } from './peer-pool.ts';
import { exceeds } from './wire.ts';

export interface CallerOptions extends Omit<PeerOptions, 'onUp'> {
	readonly registry: ServiceRegistry;
	/** How long calls wait that don't say. */
	readonly deadlineMs: number;
	/** Sees each call with its outcome. */
	readonly watchCall: WatchCall;
}

/** A server that was named becomes known within this time, which the registry guarantees, or it is gone. */
const namedServerMs = 1000;
/** Of its deadline, a try may use a third while there are other instances, but not less than this. */
const minTryMs = 300;
/** When all instances failed: how often they are looked at again, besides when one changes. */
const lookAgainMs = 250;
/** Room for the envelope around the params. */
const envelopeBytes = 128;

/** A call while it is carried out. */
interface Call {
	readonly method: RpcMethod;
	/** JSON, encoded once for all tries. */
	readonly params: string;
	readonly serverId: string | undefined;
	readonly deadlineMs: number;
	/** On the clock of `performance.now()`. */
	readonly endsAt: number;
}

/** Carries out calls: finds an instance, and tries again where the port's retry rule allows it. */
export class Caller {
	readonly #options: CallerOptions;
	readonly #pools = new Map<RpcService, PeerPool>();
	readonly #opening = new Map<RpcService, Promise<PeerPool>>();
	#closed = false;

	constructor(options: CallerOptions) {
		this.#options = options;
	}

	/** The validated result. Rejects with nothing but `ChatError`. */
	async call(name: string, params: unknown, options: CallOptions = {}): Promise<unknown> {
		const method = methodNamed(name);
		if (method === undefined) throw new ChatError('unknown-method');
		return this.#options.watchCall(method, this.#call(method, params, options));
	}

	async #call(method: RpcMethod, params: unknown, options: CallOptions): Promise<unknown> {
		method.checkParams(params);
		const text = JSON.stringify(params);
		if (exceeds(text, this.#options.maxMessageBytes - envelopeBytes))
			throw new ChatError('bad-request', 'the request is too large');
		const deadlineMs = options.deadlineMs ?? this.#options.deadlineMs;
		const endsAt = performance.now() + deadlineMs;
		const pool = this.#pools.get(method.service) ?? (await this.#openPool(method.service, deadlineMs));
		const call = { method, params: text, serverId: options.serverId, deadlineMs, endsAt };
		const carryOut = () => (call.serverId === undefined ? this.#callAny(call, pool) : this.#callNamed(call, pool));
		const result = await inCallSpan(method.name, carryOut);
		try {
			return method.checkResult(result);
		} catch (error) {
			this.#options.logger?.error({ err: error, method: method.name }, 'rpc result not valid');
			throw toChatError(error);
		}
	}

	close(): void {
		this.#closed = true;
		for (const pool of this.#pools.values()) pool.close();
	}

	async #callAny(call: Call, pool: PeerPool): Promise<unknown> {
		const { idempotent } = call.method;
		let tried: Set<Peer> | undefined;
		let failure: Failure | undefined;
		for (let left = call.deadlineMs; left > 0; left = call.endsAt - performance.now()) {
			if (this.#closed) throw stopping();
			const peer = pool.pick(tried);
			if (peer === undefined) {
				// None that answered had better to say. Where the way was the trouble, one may be up again.
				if (failure instanceof ChatError) throw failure;
				// A long deadline is for a long answer, not for finding somebody who gives it.
				const patience = Math.min(left, this.#options.deadlineMs - (call.deadlineMs - left));
				if (patience <= 0) break;
				if (tried === undefined || !pool.pick()?.healthy)
					await pool.changes.wait(pool.size === 0 ? patience : Math.min(patience, lookAgainMs));
				tried = undefined;
				continue;
			}
			try {
				const others = pool.size - (tried?.size ?? 0) > 1;
				const tryMs = idempotent && others ? Math.min(left, Math.max(minTryMs, call.deadlineMs / 3)) : left;
				return await peer.call(call.method.name, call.params, tryMs);
			} catch (error) {
				failure = asFailure(error);
				if (!mayRetry(failure, idempotent)) break;
				tried ??= new Set();
				tried.add(peer);
			}
		}
		const { service } = call.method;
		const cause = new Error(`no ${service} server is known`);
		throw told(failure) ?? new ChatError('unavailable', undefined, { cause });
	}

	/** There is no other instance to go to: tried again only over a new connection, once, when the old one was lost. */
	async #callNamed(call: Call, pool: PeerPool, again = call.method.idempotent): Promise<unknown> {
		const peer = await this.#named(call, pool);
		try {
			return await peer.call(call.method.name, call.params, call.endsAt - performance.now());
		} catch (error) {
			const failure = asFailure(error);
			const lost = failure instanceof TransportFailure && failure.kind === 'lost';
			if (!lost || !again || this.#closed) throw told(failure);
		}
		return this.#callNamed(call, pool, false);
	}

	async #named({ method, serverId = '', deadlineMs }: Call, pool: PeerPool): Promise<Peer> {
		const knownBy = performance.now() + Math.min(namedServerMs, deadlineMs);
		for (;;) {
			if (this.#closed) throw stopping();
			const peer = pool.get(serverId);
			if (peer !== undefined) return peer;
			const left = knownBy - performance.now();
			if (left <= 0) throw new ChatError('unavailable', `no ${method.service} server ${serverId} is known`);
			await pool.changes.wait(left);
		}
	}

	async #openPool(service: RpcService, withinMs: number): Promise<PeerPool> {
		if (this.#closed) throw stopping();
		let opening = this.#opening.get(service);
		if (opening === undefined) {
			opening = PeerPool.open(this.#options.registry, service, this.#options).then(
				(pool) => {
					if (this.#closed) pool.close();
					this.#pools.set(service, pool);
					return pool;
				},
				(error: unknown) => {
					// The next call asks the registry again.
					this.#opening.delete(service);
					throw new ChatError('unavailable', undefined, { cause: error });
				},
			);
			this.#opening.set(service, opening);
		}
		return await inTime(opening, withinMs);
	}
}

const stopping = (): ChatError => new ChatError('unavailable', 'this process is stopping');
