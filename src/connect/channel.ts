import { setTimeout as sleep } from 'node:timers/promises';
import type { CloseKey } from '../protocol/close-codes.ts';
import type { ConversationKey, FeedKey } from '../protocol/logs.ts';
import type { UserRef } from '../protocol/message.ts';
import type { ServerFrameV2 } from '../protocol/v2/server-frames.ts';
import type { ClientAddress } from './admission.ts';
import type { Codec } from './codec.ts';
import type { Feed } from './feed.ts';
import type { Spent } from './inbound-rate.ts';
import type { Transport } from './transport.ts';

/** Whose socket it is, once authenticated. */
export interface Identity {
	readonly user: UserRef;
	readonly sessionId: string;
}

/** A channel's hold on a feed; another one when it leaves and comes back. */
export interface Following {
	readonly feed: Feed;
	/** False while the channel is still given what it missed. */
	reading: boolean;
}

const maxTypingRemembered = 64;
/** Bytes that may be under way to a client that is not counted as behind. */
export const pieceBytes = 65_536;

/** One client's connection: a device, a tab. A user may have many; closing one touches no other. */
export class Channel {
	readonly id: string;
	readonly transport: Transport;
	/** Changes only before the first frame is dealt with: over TCP that frame tells the protocol. */
	codec: Codec;
	/** On the clock of `performance.now()`, which nobody sets. */
	readonly openedAt = performance.now();
	/** The feeds that it follows. */
	readonly feeds = new Map<FeedKey, Following>();
	identity: Identity | undefined;
	/** When the client was last heard of, on the same clock. */
	heardAt = this.openedAt;
	closed = false;
	/** Why this side has closed it; undefined if it has not. */
	closedFor: CloseKey | undefined;
	/** Bytes that have come since its socket was stopped, because many of its frames wait; undefined while it is read. */
	sincePaused: number | undefined;
	/** The address that limits count it for; undefined when a trusted proxy named none. */
	address: ClientAddress | undefined;
	/** What it has sent; what its user has, once it has one. */
	spent: Spent;
	/** Payloads of frames that wait while an earlier one of this client, the first, is dealt with; undefined when none is. */
	waiting: Buffer[] | undefined;
	/** Their bytes. */
	waitingBytes = 0;
	/** Called when all frames of this client are dealt with. */
	onIdle: (() => void) | undefined;
	/** What ends each `wait` that is under way; undefined while there is none. */
	#waits: Set<() => void> | undefined;
	#sent = 0;
	#typing: Map<ConversationKey, number> | undefined;
	/** Bytes in all. */
	#written = 0;
	readonly #maxUnsentBytes: number;
	readonly #slowTimeoutMs: number;
	readonly #onClosed: (channel: Channel) => void;
	readonly #onGone: (channel: Channel) => void;

	/** Each is called once: `onClosed` when the connection is closed from either side, `onGone` then or later, when its socket is gone. */
	constructor(options: {
		id: string;
		transport: Transport;
		codec: Codec;
		spent: Spent;
		maxUnsentBytes: number;
		slowTimeoutMs: number;
		onClosed: (channel: Channel) => void;
		onGone: (channel: Channel) => void;
	}) {
		this.id = options.id;
		this.transport = options.transport;
		this.codec = options.codec;
		this.spent = options.spent;
		this.#maxUnsentBytes = options.maxUnsentBytes;
		this.#slowTimeoutMs = options.slowTimeoutMs;
		this.#onClosed = options.onClosed;
		this.#onGone = options.onGone;
	}

	/** Whether silence means that the client is gone: it answers pings, or its protocol has it send them. */
	get mustBeHeard(): boolean {
		return this.transport.answersPings || this.codec.v2 !== null;
	}

	/** Writes framed bytes: for those who wait with `drained` themselves. */
	send(bytes: Buffer): void {
		if (this.closed || bytes.length === 0) return;
		this.#written += bytes.length;
		this.transport.write(bytes);
	}

	/**
	 * Writes framed bytes unless too much is unsent already; false when they were not written. What is taken may go beyond the limit:
	 * it is shared with other readers, and a fast one has taken it before the next comes.
	 */
	offer(bytes: Buffer): boolean {
		if (this.transport.unsentBytes() > this.#maxUnsentBytes) return this.closed;
		this.send(bytes);
		return true;
	}

	/** Sends what may be missed; shed first when the reader is slow. */
	sendEphemeral(bytes: Buffer): void {
		if (this.transport.unsentBytes() + bytes.length <= this.#maxUnsentBytes / 2) this.send(bytes);
	}

	/** Sends a frame of protocol v2. */
	answer(frame: ServerFrameV2): void {
		if (this.codec.v2 !== null) this.send(this.codec.v2.frame(frame));
	}

	/** Whether the client has not taken yet what was written, but for a little. */
	get behind(): boolean {
		return this.transport.unsentBytes() > pieceBytes;
	}

	/** Whether so much is unsent that even short answers must wait. */
	get overfull(): boolean {
		return this.transport.unsentBytes() > 2 * this.#maxUnsentBytes;
	}

	/** Resolves when the client is not behind, or the connection is closed: that of a client that takes nothing at all for a while is. */
	async untilTaken(): Promise<void> {
		while (!this.closed && this.behind) {
			const drained = this.transport.drained();
			while (!(await this.#settledInTime(drained))) {
				if (!this.closed) continue;
				return;
			}
		}
	}

	/** False when the time was over first; the connection is closed if nothing was taken in it. */
	async #settledInTime(drained: Promise<void>): Promise<boolean> {
		const taken = this.#written - this.transport.unsentBytes();
		const progress = this.transport.progress();
		const waiting = new AbortController();
		const late = sleep(this.#slowTimeoutMs, false, { signal: waiting.signal }).catch(() => false);
		const inTime = await Promise.race([drained.then(() => true), late]);
		waiting.abort();
		const moved = this.transport.progress() !== progress || this.#written - this.transport.unsentBytes() > taken;
		if (!inTime && !moved) this.close('too-slow');
		return inTime;
	}

	/** Resolves after a time, or at once when the connection closes or is woken: nothing is kept for one that is gone. */
	async wait(ms: number): Promise<void> {
		if (this.closed) return;
		this.#waits ??= new Set();
		const waits = this.#waits;
		await new Promise<void>((resolve) => {
			const end = (): void => {
				clearTimeout(timer);
				waits.delete(end);
				resolve();
			};
			const timer = setTimeout(end, ms).unref();
			waits.add(end);
		});
		if (waits.size === 0) this.#waits = undefined;
	}

	/** Ends what it waits for. */
	wake(): void {
		for (const end of this.#waits ?? []) end();
	}

	/** Whether the user's typing may be told again: at most once an interval for each conversation. */
	mayTellTyping(conv: ConversationKey, intervalMs: number): boolean {
		this.#typing ??= new Map();
		const now = performance.now();
		if (now - (this.#typing.get(conv) ?? Number.NEGATIVE_INFINITY) < intervalMs) return false;
		if (this.#typing.size >= maxTypingRemembered) this.#typing.clear();
		this.#typing.set(conv, now);
		return true;
	}

	/** A name for a message that this client sends without naming it. */
	nextRef(): string {
		this.#sent += 1;
		return `${this.id}.${this.#sent}`;
	}

	/** Whether the message was sent over this connection. */
	isOriginOf(ref: string): boolean {
		return ref.startsWith(this.id) && ref[this.id.length] === '.';
	}

	/**
	 * Closes it from this side: from now on it reads nothing and is in no room, however long the client takes to follow.
	 * `delayMs` is when it should come back, so that not all come at once.
	 */
	close(why: CloseKey, delayMs?: number): void {
		if (this.closed) return;
		if (this.codec.v2 !== null && why !== 'too-slow') this.transport.write(this.codec.v2.closing(why, delayMs));
		this.transport.close(why);
		this.closedFor = why;
		this.#close();
	}

	/** Its socket is gone, whoever closed it. To be called once. */
	left(): void {
		this.#close();
		this.#onGone(this);
	}

	#close(): void {
		if (this.closed) return;
		this.closed = true;
		this.#onClosed(this);
		this.wake();
	}
}
