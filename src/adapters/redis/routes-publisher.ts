import { nanoid } from 'nanoid';
import type { RouteChange, RouteEntry, RoutePublisher } from '../../ports/route-directory.ts';
import { ChatError } from '../../protocol/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import { redisUnavailable } from './connection.ts';
import type { Holder, RouteScripts } from './routes-scripts.ts';

/** Most changes written, and most feeds removed, in one script call: a few milliseconds of Redis. */
const chunkSize = 1000;
/** How often a Redis that does not answer is tried. */
const downIntervalMs = 500;
/** Heartbeats between two looks for dead servers. */
const beatsPerReap = 4;

/**
 * What Redis holds of this server:
 * - `current`: what was written, under our lease;
 * - `lost`: something else (it came back empty, or the lease ran out), so the snapshot is due under a new lease;
 * - `down`: unknown, it does not answer. Changes are refused, the snapshot will have them.
 */
type State = 'current' | 'lost' | 'down' | 'closed';

/** A call of `apply` that has not been answered. */
interface Waiting {
	readonly changes: readonly RouteChange[];
	readonly resolve: () => void;
	readonly reject: (error: unknown) => void;
}

export interface PublisherOptions {
	readonly serverId: string;
	readonly snapshot: () => Iterable<RouteEntry>;
	readonly leaseMs: number;
	readonly logger: Logger | undefined;
}

/**
 * One writer at a time writes the snapshot where that is due, then what waits, coalesced. Every script checks that our
 * incarnation holds the lease, so a command from before an outage that Redis executes late changes nothing.
 */
export class RedisRoutePublisher implements RoutePublisher {
	readonly #scripts: RouteScripts;
	readonly #options: PublisherOptions;
	#state: State = 'lost';
	#holder: Holder;
	#waiting: Waiting[] = [];
	#writer: Promise<void> | undefined;
	#timer: NodeJS.Timeout | undefined;
	#beats = 0;

	constructor(scripts: RouteScripts, options: PublisherOptions) {
		this.#scripts = scripts;
		this.#options = options;
		this.#holder = { serverId: options.serverId, incarnation: nanoid() };
	}

	/** Writes the first snapshot and starts the heartbeat. Rejects with `ChatError('unavailable')` if Redis does not take it. */
	async start(): Promise<void> {
		try {
			await this.#republish();
		} catch (error) {
			throw redisUnavailable(error);
		}
		this.#scheduleBeat();
	}

	/** After `close` there is nothing left to keep: changes are dropped. */
	apply(changes: readonly RouteChange[]): Promise<void> {
		if (changes.length === 0 || this.#state === 'closed') return Promise.resolve();
		if (this.#state === 'down') return Promise.reject(new ChatError('unavailable'));
		return new Promise((resolve, reject) => {
			this.#waiting.push({ changes, resolve, reject });
			this.#writer ??= this.#write();
		});
	}

	async close(): Promise<void> {
		await this.#writer;
		const reachable = this.#state === 'current';
		this.abandon();
		if (!reachable) return;
		try {
			await this.#scripts.renew(this.#holder, 0);
			await this.#dropAll();
		} catch (error) {
			this.#options.logger?.warn({ err: redisUnavailable(error) }, 'routes are left to end with their lease');
		}
	}

	/** Stops the heartbeat, and leaves the entries to end with their lease. */
	abandon(): void {
		this.#state = 'closed';
		clearTimeout(this.#timer);
		this.#rejectWaiting(new ChatError('unavailable'));
	}

	#scheduleBeat(): void {
		const interval = this.#options.leaseMs / 4;
		clearTimeout(this.#timer);
		const delay = this.#state === 'down' ? Math.min(downIntervalMs, interval) : interval;
		this.#timer = setTimeout(() => void this.#beat(), delay).unref();
	}

	async #beat(): Promise<void> {
		// A writer that is at work renews the lease with all that it writes.
		if (this.#writer === undefined) {
			try {
				const held = await this.#scripts.renew(this.#holder, this.#options.leaseMs);
				if (this.#state === 'down' || (this.#state === 'current' && !held)) {
					this.#state = 'lost';
					this.#writer ??= this.#write();
				}
				this.#beats += 1;
				if (this.#beats % beatsPerReap === 0) await this.#scripts.dropDead(chunkSize);
			} catch (error) {
				this.#fail(error);
			}
		}
		if (this.#state !== 'closed') this.#scheduleBeat();
	}

	/** Works until nothing is left to write. Never rejects. */
	async #write(): Promise<void> {
		try {
			// What is applied within this tick goes out together.
			await Promise.resolve();
			while (this.#state === 'lost' || (this.#state === 'current' && this.#waiting.length > 0)) {
				await (this.#state === 'lost' ? this.#republish() : this.#writeWaiting());
			}
			// Down or closed in the meantime: nobody will write what is left.
			this.#rejectWaiting(new ChatError('unavailable'));
		} catch (error) {
			this.#fail(error);
		} finally {
			this.#writer = undefined;
		}
	}

	/** Takes a new lease, removes what stands under the old one, and writes the snapshot. */
	async #republish(): Promise<void> {
		this.#holder = { serverId: this.#options.serverId, incarnation: nanoid() };
		await this.#scripts.take(this.#holder, this.#options.leaseMs);
		const dropped = await this.#dropAll();
		// Changes that are applied from here on wait, and are written after it.
		const entries = Array.from(this.#options.snapshot(), ({ key, user }) => ({ key, user, present: true }));
		if (!dropped || !(await this.#writeAll(entries))) {
			throw new ChatError('unavailable', `another process publishes routes as ${this.#options.serverId}`);
		}
		if (this.#state === 'lost') this.#state = 'current';
	}

	async #writeWaiting(): Promise<void> {
		const batch = this.#takeBatch();
		try {
			if (await this.#writeAll(batch.flatMap(({ changes }) => changes))) {
				for (const { resolve } of batch) resolve();
				return;
			}
		} catch (error) {
			for (const { reject } of batch) reject(redisUnavailable(error));
			throw error;
		}
		this.#waiting.unshift(...batch);
		if (this.#state === 'current') this.#state = 'lost';
	}

	/** Calls whose changes fit into one chunk together; a larger one comes alone. */
	#takeBatch(): Waiting[] {
		let size = 0;
		const end = this.#waiting.findIndex(({ changes }) => {
			size += changes.length;
			return size > chunkSize;
		});
		return this.#waiting.splice(0, end === -1 ? this.#waiting.length : Math.max(end, 1));
	}

	/** False when our incarnation does not hold the lease. */
	async #writeAll(changes: readonly RouteChange[]): Promise<boolean> {
		for (let from = 0; from < changes.length; from += chunkSize) {
			const chunk = changes.slice(from, from + chunkSize);
			if (!(await this.#scripts.write(this.#holder, this.#options.leaseMs, chunk))) return false;
		}
		return true;
	}

	/** False when another incarnation holds the lease. */
	async #dropAll(): Promise<boolean> {
		for (;;) {
			const left = await this.#scripts.drop(this.#holder, chunkSize);
			if (left <= 0) return left === 0;
		}
	}

	#fail(error: unknown): void {
		if (this.#state === 'closed') return;
		if (this.#state !== 'down') {
			this.#options.logger?.warn({ err: redisUnavailable(error) }, 'routes not written, will publish them again');
		}
		this.#state = 'down';
		this.#rejectWaiting(redisUnavailable(error));
		this.#scheduleBeat();
	}

	#rejectWaiting(error: ChatError): void {
		for (const { reject } of this.#waiting.splice(0)) reject(error);
	}
}
