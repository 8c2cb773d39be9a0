import type { Config } from '../runtime/config-schema.ts';
import { Rate } from '../runtime/rate.ts';
import type { Channel } from './channel.ts';
import { Recent } from './recent.ts';
import type { CountRefusal } from './refusals.ts';

/** What the connections of a user have sent; of each connection for itself before it has a user. */
export interface Spent {
	/** As `Rate` keeps them. */
	framesUntil: number;
	bytesUntil: number;
	/** The same of what they were given of what they missed. */
	resumedUntil: number;
	/** Connections of the user. */
	channels: number;
}

/** When a client that was closed for flooding should come back. */
const floodingDelayMs = 30_000;

const nothingSpent = (): Spent => ({ framesUntil: 0, bytesUntil: 0, resumedUntil: 0, channels: 0 });

const isIdle = ({ framesUntil, bytesUntil, resumedUntil, channels }: Spent): boolean =>
	channels === 0 && Math.max(framesUntil, bytesUntil, resumedUntil) <= performance.now();

/**
 * How much clients may send: a token bucket of frames and one of bytes for each user, whichever of the user's connections they come
 * by, so that neither more connections nor new ones give more. What comes while one of them is over its burst waits.
 */
export class InboundRate {
	readonly #refused: CountRefusal;
	readonly #users = new Recent<number, Spent>(isIdle);
	readonly #frames: Rate;
	readonly #bytes: Rate;
	readonly #resumed: Rate;
	/** How far over their burst frames that cannot wait may be. */
	readonly #debtMs: number;

	constructor({ limits, refused }: { limits: Config['limits']; refused: CountRefusal }) {
		this.#refused = refused;
		this.#frames = new Rate({ perSecond: limits.frames_per_second, burst: limits.frames_burst });
		this.#bytes = new Rate({ perSecond: limits.bytes_per_second, burst: limits.bytes_burst });
		this.#resumed = new Rate({ perSecond: limits.resume_bytes_per_second, burst: limits.resume_bytes_burst });
		this.#debtMs = limits.frames_debt * this.#frames.itemMs;
	}

	/** Users of whom something is kept. */
	get users(): number {
		return this.#users.size;
	}

	/** What a new connection has sent. */
	readonly begin = nothingSpent;

	/** From now on the connection spends what its user may send. To be called before it gets its identity. */
	authenticated(channel: Channel, userId: number): void {
		this.closed(channel);
		// Its own becomes the user's if there is none; otherwise what it has sent so far is a frame or two.
		channel.spent = this.#users.of(userId, () => (channel.identity === undefined ? channel.spent : nothingSpent()));
		channel.spent.channels += 1;
	}

	closed(channel: Channel): void {
		if (channel.identity === undefined) return;
		channel.spent.channels -= 1;
		if (channel.spent.channels === 0) this.#users.settle(channel.identity.user.id);
	}

	/** Takes what has come on a channel, as soon as it has; it is waited for with the next frame that is dealt with. */
	received(channel: Channel, bytes: number): void {
		const { spent } = channel;
		spent.bytesUntil = this.#bytes.spend(spent.bytesUntil, bytes, performance.now());
	}

	/** Takes frames that are to be dealt with now; in how many ms they may be. */
	take(channel: Channel, frames: number): number {
		const now = performance.now();
		const { spent } = channel;
		spent.framesUntil = this.#frames.spend(spent.framesUntil, frames, now);
		const framesOver = this.#frames.overMs(spent.framesUntil, now);
		const bytesOver = this.#bytes.overMs(spent.bytesUntil, now);
		if (framesOver <= 0 && bytesOver <= 0) return 0;
		this.#refused(framesOver > bytesOver ? 'frames_per_second' : 'bytes_per_second');
		return Math.max(framesOver, bytesOver);
	}

	/** Adds what a frame has cost besides, once that is known: the next one waits for it. */
	spend(channel: Channel, frames: number): void {
		const { spent } = channel;
		spent.framesUntil = this.#frames.spend(spent.framesUntil, frames, performance.now());
	}

	/** Resolves when a client may be given more of what it missed, or has gone. To be asked before each piece: another connection of the user may have been given as much as there was. */
	async resumable(channel: Channel): Promise<void> {
		while (!channel.closed) {
			const overMs = this.#resumed.overMs(channel.spent.resumedUntil, performance.now());
			if (overMs <= 0) return;
			this.#refused('resume_bytes_per_second');
			await channel.wait(overMs);
		}
	}

	/** Counts bytes that a client was given of what it missed. */
	resumed(channel: Channel, bytes: number): void {
		const { spent } = channel;
		spent.resumedUntil = this.#resumed.spend(spent.resumedUntil, bytes, performance.now());
	}

	/** Takes a frame that cannot wait, as a ping. False when it came too fast to be answered; so many of them close the channel. */
	takeNow(channel: Channel): boolean {
		const inTime = this.take(channel, 1) === 0;
		const { spent } = channel;
		// Bytes that wait for their rate are no debt of frames.
		const framesOverMs = this.#frames.overMs(spent.framesUntil, performance.now());
		if (framesOverMs > this.#debtMs) {
			// The user's other connections have only to wait for their next frames.
			spent.framesUntil -= framesOverMs;
			this.flooded(channel);
		}
		return inTime && !channel.closed;
	}

	/** What a channel sends while it takes its time to close is not read if it is much. */
	receivedLate(channel: Channel): void {
		if (this.take(channel, 1) > 0) channel.transport.pauseReading();
	}

	/** Closes a channel that sends what cannot be made to wait. */
	flooded(channel: Channel): void {
		if (channel.closed) return;
		this.#refused('frames_debt');
		channel.close('flooding', Math.round(floodingDelayMs * (1 + Math.random())));
	}
}
