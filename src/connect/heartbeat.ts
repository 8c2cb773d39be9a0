import type { Channel } from './channel.ts';
import type { CountRefusal } from './refusals.ts';

interface Options {
	readonly pingIntervalMs: number;
	readonly pingTimeoutMs: number;
	readonly authTimeoutMs: number;
	readonly refused: CountRefusal;
}

const tickMs = 500;
/** A tick that comes so late is of a process that was stopped, or had no time at all. */
const stillMs = 5000;

/**
 * One timer for all connections: a wheel whose slots take turns, so that pings are spread over the interval. Closes those
 * that do not answer, or that do not authenticate in time.
 */
export class Heartbeat {
	readonly #options: Options;
	readonly #slots: Set<Channel>[];
	readonly #unauthenticated = new Set<Channel>();
	readonly #slotOf = new WeakMap<Channel, Set<Channel>>();
	#next = 0;
	#tickedAt = performance.now();
	/** Since when the process has not stood still: before that nobody could be heard. */
	#runningSince = 0;
	#timer: NodeJS.Timeout | undefined;

	constructor(options: Options) {
		this.#options = options;
		const slots = Math.max(1, Math.round(options.pingIntervalMs / tickMs));
		this.#slots = Array.from({ length: slots }, () => new Set<Channel>());
	}

	start(): void {
		this.#tickedAt = performance.now();
		this.#timer = setInterval(() => this.#tick(), tickMs);
	}

	stop(): void {
		clearInterval(this.#timer);
	}

	add(channel: Channel): void {
		this.#unauthenticated.add(channel);
		// The slot that was served last: the first ping comes after a whole interval.
		const slot = this.#slots[(this.#next + this.#slots.length - 1) % this.#slots.length];
		if (slot === undefined) return;
		slot.add(channel);
		this.#slotOf.set(channel, slot);
	}

	authenticated(channel: Channel): void {
		this.#unauthenticated.delete(channel);
	}

	remove(channel: Channel): void {
		this.#unauthenticated.delete(channel);
		this.#slotOf.get(channel)?.delete(channel);
	}

	#tick(): void {
		const now = performance.now();
		if (now - this.#tickedAt > stillMs) this.#runningSince = now;
		this.#tickedAt = now;
		// In the order of their arrival: the first that is young enough ends the search.
		for (const channel of this.#unauthenticated) {
			if (this.#waitedMs(channel.openedAt, now) < this.#options.authTimeoutMs) break;
			this.#options.refused('auth_timeout_ms');
			channel.close('auth-timeout');
		}
		const slot = this.#slots[this.#next];
		this.#next = (this.#next + 1) % this.#slots.length;
		for (const channel of slot ?? []) if (!this.#isGone(channel, now)) channel.transport.ping();
	}

	/** How long something could have come and has not. */
	#waitedMs(since: number, now: number): number {
		return now - Math.max(since, this.#runningSince);
	}

	/** Closes one that was not heard in time. */
	#isGone(channel: Channel, now: number): boolean {
		const mustBeHeard = channel.mustBeHeard && channel.sincePaused === undefined;
		if (!mustBeHeard || this.#waitedMs(channel.heardAt, now) <= this.#options.pingTimeoutMs) return false;
		channel.close('ping-timeout');
		return true;
	}
}
