import type { CloseKey } from '../protocol/close-codes.ts';
import type { FeedKey } from '../protocol/logs.ts';
import type { UserRef } from '../protocol/message.ts';
import type { ClientFrame, Codec } from './codec.ts';
import type { Transport } from './transport.ts';

/** Whose socket it is, once authenticated. */
export interface Identity {
	readonly user: UserRef;
	readonly sessionId: string;
	readonly expiresAt: number;
}

/** One client's connection: a device, a tab. A user may have many; closing one touches no other. */
export class Channel {
	readonly id: string;
	readonly transport: Transport;
	readonly codec: Codec;
	readonly openedAt = Date.now();
	/** The feeds that it follows. */
	readonly feeds = new Set<FeedKey>();
	identity: Identity | undefined;
	/** When the client was last heard of, in ms since 1970. */
	heardAt = this.openedAt;
	closed = false;
	/** Frames that wait while an earlier one of this client is dealt with; undefined when none is. */
	waiting: ClientFrame[] | undefined;
	/** Called when all frames of this client are dealt with. */
	onIdle: (() => void) | undefined;
	#sent = 0;
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

	/** Sends framed bytes. A reader with too much unsent is closed, never skipped: it comes back and reads the rest from the log. */
	send(bytes: Buffer): void {
		if (this.closed) return;
		if (this.transport.unsentBytes() + bytes.length > this.#maxUnsentBytes) this.close('too-slow');
		else this.transport.write(bytes);
	}

	/** Sends what may be missed; shed first when the reader is slow. */
	sendEphemeral(bytes: Buffer): void {
		if (!this.closed && this.transport.unsentBytes() + bytes.length <= this.#maxUnsentBytes / 2) {
			this.transport.write(bytes);
		}
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

	/** Closes it from this side: from now on it reads nothing and is in no room, however long the client takes to follow. */
	close(why: CloseKey): void {
		if (this.closed) return;
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
