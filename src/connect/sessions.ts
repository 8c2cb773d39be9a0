import type { RpcClient } from '../ports/rpc.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Channel } from './channel.ts';

/** How long a revocation is remembered, for sockets that were being authenticated when it came. */
const rememberMs = 30_000;
/** How often logic is asked what has ended lately, whoever ended it: so a revocation that was not told here holds within a second too. */
const askIntervalMs = 400;
/** How long the answer may take: another logic process is asked after a third of it. */
const askDeadlineMs = 900;
/** Logic tells what ended in the last ten seconds. After a longer silence, as of a process that was stopped, all sessions are compared. */
const maxSilenceMs = 5000;
/** How often all are compared anyway: so those that have sockets count as used. */
const compareIntervalMs = 15_000;
/** A session that should have expired and has not is asked for again no earlier. */
const askAgainMs = 1000;
const idsPerCall = 1000;

/** Which sockets belong to which session, so that the end of a session is the end of its sockets. */
export class Sessions {
	readonly #rpc: RpcClient;
	readonly #logger: Logger;
	readonly #channels = new Map<string, Set<Channel>>();
	/** When each session that has sockets expires, as far as is known here: use moves it, which is told when it has passed. */
	readonly #expiries = new Map<string, number>();
	/** No session expires before. */
	#nextExpiry = Number.POSITIVE_INFINITY;
	/** Revoked session ids, with when to forget them. */
	readonly #revoked = new Map<string, number>();
	#timer: NodeJS.Timeout | undefined;
	#asking = false;
	#comparing = false;
	#expiring = false;
	/** Whether something may have ended of which logic tells no more. */
	#missed = false;
	/** When logic was asked last with success, and when all were compared, on the clock of `performance.now()`. */
	#heardAt = Number.NEGATIVE_INFINITY;
	#comparedAt = Number.NEGATIVE_INFINITY;

	constructor(options: { rpc: RpcClient; logger: Logger }) {
		this.#rpc = options.rpc;
		this.#logger = options.logger;
	}

	start(): void {
		this.#timer = setInterval(() => void this.#tick(), askIntervalMs);
	}

	stop(): void {
		clearInterval(this.#timer);
	}

	/** Adds a socket to its session, which expires at `expiresAt` unless it is used; false if the session has ended meanwhile. */
	add(sessionId: string, channel: Channel, expiresAt: number): boolean {
		if (this.#revoked.has(sessionId)) return false;
		const channels = this.#channels.get(sessionId);
		if (channels === undefined) this.#channels.set(sessionId, new Set([channel]));
		else channels.add(channel);
		this.#expect(sessionId, expiresAt);
		return true;
	}

	remove(sessionId: string, channel: Channel): void {
		const channels = this.#channels.get(sessionId);
		channels?.delete(channel);
		if (channels?.size !== 0) return;
		this.#channels.delete(sessionId);
		this.#expiries.delete(sessionId);
	}

	/** Closes the sockets of these sessions; how many there were. */
	revoke(ids: readonly string[]): number {
		let closed = 0;
		for (const id of ids) {
			// To the end of the order: the first is the one to be forgotten first.
			this.#revoked.delete(id);
			this.#revoked.set(id, performance.now() + rememberMs);
			for (const channel of this.#channels.get(id) ?? []) {
				channel.close('revoked');
				closed += 1;
			}
		}
		return closed;
	}

	async #tick(): Promise<void> {
		const now = performance.now();
		for (const [id, until] of this.#revoked) {
			if (until > now) break;
			this.#revoked.delete(id);
		}
		if (this.#channels.size === 0) return;
		// Not after the others, which may wait for an answer.
		void this.#expire(Date.now());
		await this.#ask();
		await this.#compare();
	}

	#expect(id: string, expiresAt: number): void {
		this.#expiries.set(id, expiresAt);
		this.#nextExpiry = Math.min(this.#nextExpiry, expiresAt);
	}

	/** Asks for the sessions that should have expired: use may have moved that. */
	async #expire(now: number): Promise<void> {
		if (this.#expiring || now < this.#nextExpiry) return;
		this.#expiring = true;
		this.#nextExpiry = Number.POSITIVE_INFINITY;
		const due: string[] = [];
		for (const [id, expiresAt] of this.#expiries) {
			if (expiresAt <= now) due.push(id);
			// Those that are due are asked for again if the answer does not come.
			this.#expect(id, expiresAt <= now ? now + askAgainMs : expiresAt);
		}
		try {
			await this.#check(due);
		} catch (error) {
			this.#logger.debug({ err: error }, 'not told which sessions have expired');
		}
		this.#expiring = false;
	}

	/** Closes the sockets of those that have ended or expired, and learns when the others expire. */
	async #check(ids: readonly string[]): Promise<void> {
		for (let start = 0; start < ids.length; start += idsPerCall) {
			const asked = ids.slice(start, start + idsPerCall);
			const { ended, expiresAt } = await this.#rpc.call('logic.endedSessions', { ids: asked });
			this.revoke(ended);
			const soonest = Date.now() + askAgainMs;
			for (const [index, id] of asked.entries()) {
				const told = expiresAt?.[index] ?? 0;
				if (told > 0 && this.#channels.has(id)) this.#expect(id, Math.max(told, soonest));
			}
		}
	}

	/** A revocation is told by RPC; one that was not, or got lost, is found here. */
	async #ask(): Promise<void> {
		if (this.#asking) return;
		this.#asking = true;
		const askedAt = performance.now();
		try {
			const { ids } = await this.#rpc.call('logic.recentlyEnded', {}, { deadlineMs: askDeadlineMs });
			this.revoke(ids ?? []);
			if (ids === null || askedAt - this.#heardAt > maxSilenceMs) this.#missed = true;
			this.#heardAt = askedAt;
		} catch (error) {
			this.#logger.debug({ err: error }, 'not told which sessions have ended');
		}
		this.#asking = false;
	}

	async #compare(): Promise<void> {
		const startedAt = performance.now();
		const due = this.#missed || startedAt - this.#comparedAt > compareIntervalMs;
		if (this.#comparing || !due) return;
		this.#comparing = true;
		this.#missed = false;
		try {
			await this.#check([...this.#channels.keys()]);
			this.#comparedAt = startedAt;
		} catch (error) {
			this.#missed = true;
			this.#logger.debug({ err: error }, 'sessions not compared');
		}
		this.#comparing = false;
	}
}
