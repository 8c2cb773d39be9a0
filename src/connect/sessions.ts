import type { RpcClient } from '../ports/rpc.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Channel } from './channel.ts';

/** How long a revocation is remembered, for sockets that were being authenticated when it came. */
const rememberMs = 30_000;
/** How often logic is asked for revocations that did not arrive. */
const askIntervalMs = 15_000;
const idsPerCall = 1000;

/** Which sockets belong to which session, so that the end of a session is the end of its sockets. */
export class Sessions {
	readonly #rpc: RpcClient;
	readonly #logger: Logger;
	readonly #channels = new Map<string, Set<Channel>>();
	/** Revoked session ids, with when to forget them. */
	readonly #revoked = new Map<string, number>();
	#timer: NodeJS.Timeout | undefined;

	constructor(options: { rpc: RpcClient; logger: Logger }) {
		this.#rpc = options.rpc;
		this.#logger = options.logger;
	}

	start(): void {
		this.#timer = setInterval(() => void this.#ask(), askIntervalMs);
	}

	stop(): void {
		clearInterval(this.#timer);
	}

	/** Adds a socket to its session; false if the session has ended meanwhile. */
	add(sessionId: string, channel: Channel): boolean {
		if (this.#revoked.has(sessionId)) return false;
		const channels = this.#channels.get(sessionId);
		if (channels === undefined) this.#channels.set(sessionId, new Set([channel]));
		else channels.add(channel);
		return true;
	}

	remove(sessionId: string, channel: Channel): void {
		const channels = this.#channels.get(sessionId);
		channels?.delete(channel);
		if (channels?.size === 0) this.#channels.delete(sessionId);
	}

	/** Closes the sockets of these sessions; how many there were. */
	revoke(ids: readonly string[]): number {
		let closed = 0;
		for (const id of ids) {
			this.#revoked.set(id, Date.now() + rememberMs);
			for (const channel of this.#channels.get(id) ?? []) {
				channel.close('revoked');
				closed += 1;
			}
		}
		return closed;
	}

	/** A revocation is told by RPC; one that got lost is found here. */
	async #ask(): Promise<void> {
		const now = Date.now();
		for (const [id, until] of this.#revoked) if (until < now) this.#revoked.delete(id);
		const ids = [...this.#channels.keys()];
		try {
			for (let start = 0; start < ids.length; start += idsPerCall) {
				const asked = ids.slice(start, start + idsPerCall);
				const { ended } = await this.#rpc.call('logic.endedSessions', { ids: asked });
				this.revoke(ended);
			}
		} catch (error) {
			this.#logger.debug({ err: error }, 'sessions not compared');
		}
	}
}
