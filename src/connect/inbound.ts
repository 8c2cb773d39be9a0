import { type ChatError, toChatError } from '../protocol/errors.ts';
import { inRootSpan, spanFailed } from '../runtime/tracing/spans.ts';
import type { Channel } from './channel.ts';
import type { ClientFrame } from './codec.ts';
import type { Counts } from './counts.ts';
import { createGochatRequests, refuseGochat } from './gochat-requests.ts';
import type { Refuse, RequestParts, Requests } from './requests.ts';
import { createTschatRequests, refuseTschat } from './tschat-requests.ts';

/** Frames of one client that may wait, and their bytes; beyond that its socket is not read until they are dealt with. */
const pauseAt = { frames: 32, bytes: 65_536 } as const;
const resumeAt = { frames: 8, bytes: 16_384 } as const;
/**
 * Bytes that may still come after the socket was stopped. At most the rest of one read of 64 KiB does, however many frames that are;
 * what comes beyond twice that was not stopped.
 */
const mostSincePaused = 131_072;

/** Frames whose answers may be long. */
const longAnswers: ReadonlySet<string> = new Set(['history', 'conversations', 'receipts', 'members', 'join']);

/** Frames that come by the clock, or with every message. */
const untraced: ReadonlySet<string> = new Set(['ping', 'ack', 'read', 'typing']);

/** As how many frames those count that cost much less or more than a message. A client that has written much while it was away acknowledges all of it. */
const costs: ReadonlyMap<string, number> = new Map([
	['ack', 0.2],
	['read', 0.2],
	['join', 2],
	['history', 5],
	['conversations', 5],
	['receipts', 5],
	['members', 5],
]);

/** What clients ask for, one frame of a client after the other: so a sender's messages keep the order in which it sent them. */
export class Inbound {
	readonly #parts: RequestParts;
	readonly #requests: Requests<ClientFrame['type']>;
	readonly #refuseGochat: Refuse;
	readonly #refuseTschat: Refuse;
	readonly #counts: Counts;
	/** The server stops: from then on no frame waits for its rate. */
	#draining = false;
	/** Channels whose frames are being dealt with. */
	#working = 0;
	#onDrained: (() => void) | undefined;

	constructor(parts: RequestParts) {
		this.#parts = parts;
		this.#requests = { ...createGochatRequests(parts), ...createTschatRequests(parts) };
		this.#refuseGochat = refuseGochat(parts.logger);
		this.#refuseTschat = refuseTschat(parts.logger);
		this.#counts = parts.counts;
	}

	/** Takes the payload of one frame. A frame that is not understood closes this socket alone. */
	receive(channel: Channel, payload: Buffer): void {
		const { rate } = this.#parts;
		if (channel.closed) {
			rate.receivedLate(channel);
			return;
		}
		rate.received(channel, payload.length);
		channel.heardAt = performance.now();
		channel.waitingBytes += payload.length;
		if (channel.waiting === undefined) {
			channel.waiting = [payload];
			void this.#work(channel, channel.waiting);
			return;
		}
		channel.waiting.push(payload);
		if (channel.sincePaused !== undefined) {
			channel.sincePaused += payload.length;
			if (channel.sincePaused > mostSincePaused) rate.flooded(channel);
		} else if (channel.waiting.length >= pauseAt.frames || channel.waitingBytes >= pauseAt.bytes) {
			channel.sincePaused = 0;
			channel.transport.pauseReading();
		}
	}

	/**
	 * Reads nothing more of these channels, and deals with what was read without keeping to the rate: a client of gochat's protocol
	 * does not send it again. Resolves when all is dealt with, or after a grace in ms.
	 */
	async drain(channels: Iterable<Channel>, graceMs: number): Promise<void> {
		this.#draining = true;
		for (const channel of channels) {
			channel.transport.pauseReading();
			channel.wake();
		}
		if (this.#working === 0) return;
		await new Promise<void>((resolve) => {
			const timer = setTimeout(resolve, graceMs);
			this.#onDrained = () => {
				clearTimeout(timer);
				resolve();
			};
		});
	}

	/** Forgets a connection that has closed. */
	forget(channel: Channel): void {
		const { feeds, sessions, heartbeat } = this.#parts;
		heartbeat.remove(channel);
		const identity = channel.identity;
		if (identity === undefined) return;
		sessions.remove(identity.sessionId, channel);
		for (const key of [...channel.feeds.keys()]) feeds.unfollow(key, channel, identity.user);
	}

	/** Understood when their turn comes: what waits as objects would take many times its bytes. */
	async #work(channel: Channel, waiting: Buffer[]): Promise<void> {
		this.#working += 1;
		for (;;) {
			const payload = waiting[0];
			if (payload === undefined || channel.closed) break;
			const frame = this.#decode(channel, payload);
			if (frame === undefined) break;
			if (!this.#draining) await this.#untilInRate(channel, frame);
			// Who asks for much without reading the answers is answered no more until it does.
			if (channel.overfull || (longAnswers.has(frame.type) && channel.behind)) await channel.untilTaken();
			if (channel.closed) break;
			if (untraced.has(frame.type)) await this.#deal(channel, frame);
			else await inRootSpan(`frame ${frame.type}`, () => this.#deal(channel, frame));
			waiting.shift();
			channel.waitingBytes -= payload.length;
			if (channel.sincePaused !== undefined && !this.#draining) this.#resume(channel, waiting);
		}
		channel.waiting = undefined;
		channel.waitingBytes = 0;
		channel.onIdle?.();
		this.#working -= 1;
		if (this.#working === 0) this.#onDrained?.();
	}

	/** Undefined when it is no frame, which closes the channel. */
	#decode(channel: Channel, payload: Buffer): ClientFrame | undefined {
		try {
			const frame = channel.codec.decode(payload);
			this.#counts.received[frame.type]();
			return frame;
		} catch {
			this.#counts.received.undecodable();
			channel.close('protocol-error');
			return undefined;
		}
	}

	/** Reads on when little enough waits. */
	#resume(channel: Channel, waiting: readonly Buffer[]): void {
		if (channel.closed || waiting.length > resumeAt.frames || channel.waitingBytes > resumeAt.bytes) return;
		channel.sincePaused = undefined;
		channel.heardAt = performance.now();
		channel.transport.resumeReading();
	}

	async #untilInRate(channel: Channel, frame: ClientFrame): Promise<void> {
		const overMs = this.#parts.rate.take(channel, costs.get(frame.type) ?? 1);
		if (overMs > 0) await channel.wait(overMs);
	}

	async #deal(channel: Channel, frame: ClientFrame): Promise<void> {
		try {
			await this.#handle(channel, frame);
		} catch (error) {
			spanFailed(error);
			this.#tryToRefuse(channel, frame, toChatError(error));
		}
	}

	/** The handler of a frame takes frames of that type only, which the compiler cannot see through the look-up. */
	#handle(channel: Channel, frame: ClientFrame): Promise<void> {
		const handle = this.#requests[frame.type] as (channel: Channel, frame: ClientFrame) => Promise<void>;
		return handle(channel, frame);
	}

	/** A refusal that cannot be written, since it does not fit into a packet, closes this socket alone. */
	#tryToRefuse(channel: Channel, frame: ClientFrame, error: ChatError): void {
		try {
			this.#refuse(channel, frame, error);
		} catch {
			channel.close('protocol-error');
		}
	}

	#refuse(channel: Channel, frame: ClientFrame, error: ChatError): void {
		this.#counts.refused[error.key]();
		const refuse = channel.codec.v2 === null ? this.#refuseGochat : this.#refuseTschat;
		refuse(channel, frame, error);
	}
}
