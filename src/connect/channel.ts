import type { CloseKey } from '../protocol/close-codes.ts';
import type { ConversationKey, FeedKey } from '../protocol/logs.ts';
import type { UserRef } from '../protocol/message.ts';
import type { ServerFrameV2 } from '../protocol/v2/server-frames.ts';
import type { ClientFrame, Codec } from './codec.ts';
import type { Feed } from './feed.ts';
import type { Transport } from './transport.ts';

/** Whose socket it is, once authenticated. */
export interface Identity {
	readonly user: UserRef;
	readonly sessionId: string;
	readonly expiresAt: number;
}

/** A channel's hold on a feed; another one when it leaves and comes back. */
export interface Following {
	readonly feed: Feed;
	/** False while the channel is still given what it missed. */
	reading: boolean;
}

const maxTypingRemembered = 64;

/** One client's connection: a device, a tab. A user may have many; closing one touches no other. */
export class Channel {
	readonly id: string;
	readonly transport: Transport;
	/** Changes only before the first frame is dealt with: over TCP that frame tells the protocol. */
	codec: Codec;
	readonly openedAt = Date.now();
	/** The feeds that it follows. */
	readonly feeds = new Map<FeedKey, Following>();
	identity: Identity | undefined;
	/** When the client was last heard of, in ms since 1970. */
	heardAt = this.openedAt;
	closed = false;
	/** Frames that wait while an earlier one of this client is dealt with; undefined when none is. */
	waiting: ClientFrame[] | undefined;
	/** Called when all frames of this client are dealt with. */
	onIdle: (() => void) | undefined;
	#sent = 0;
	#typing: Map<ConversationKey, number> | undefined;
	readonly #maxUnsentBytes: number;
	readonly #onClosed: (channel: Channel) => void;

	/** `onClosed` is called once, when the connection is closed from either side. */
	constructor(options: {
		id: string;
		transport: Transport;
		codec: Codec;
		maxUnsentBytes: number;
		onClosed: (channel: Channel) => void;
	}) {
		this.id = options.id;
		this.transport = options.transport;
		this.codec = options.codec;
		this.#maxUnsentBytes = options.maxUnsentBytes;
		this.#onClosed = options.onClosed;
	}

	/** Whether silence means that the client is gone: it answers pings, or its protocol has it send them. */
	get mustBeHeard(): boolean {
		return this.transport.answersPings || this.codec.v2 !== null;
	}

	/** Sends framed bytes. A reader with too much unsent is closed, never skipped: it comes back and reads the rest from the log. */
	send(bytes: Buffer): void {
		if (this.closed || bytes.length === 0) return;
		if (this.transport.unsentBytes() + bytes.length > this.#maxUnsentBytes) this.close('too-slow');
		else this.transport.write(bytes);
	}

	/** Sends what may be missed; shed first when the reader is slow. */
	sendEphemeral(bytes: Buffer): void {
		if (this.closed || bytes.length === 0) return;
		if (this.transport.unsentBytes() + bytes.length <= this.#maxUnsentBytes / 2) {
			this.transport.write(bytes);
		}
	}

	/** Sends a frame of protocol v2. */
	answer(frame: ServerFrameV2): void {
		if (this.codec.v2 !== null) this.send(this.codec.v2.frame(frame));
	}

	/** Resolves when everything that was sent has left this process, or the connection is closed. */
	async drained(): Promise<void> {
		if (!this.closed && this.transport.unsentBytes() > 0) await this.transport.drained();
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
		this.left();
	}

	/** The client has closed it, or it broke. */
	left(): void {
		if (this.closed) return;
		this.closed = true;
		this.#onClosed(this);
	}
}
