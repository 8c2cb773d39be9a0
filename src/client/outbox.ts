import type { ConversationKey } from '../protocol/logs.ts';
import { type BackoffOptions, backoffDelay } from './backoff.ts';
import { TschatError } from './errors.ts';
import { newRef } from './refs.ts';
import type { Wire } from './wire.ts';

/** A message that no server has accepted yet. */
export interface Unsent {
	readonly ref: string;
	readonly conv: ConversationKey;
	readonly body: string;
}

/** A message that was accepted: it is stored, and stays. */
export interface Accepted {
	readonly ref: string;
	readonly conv: ConversationKey;
	readonly id: string;
	readonly seq: number;
	/** RFC 3339 in UTC. */
	readonly at: string;
}

interface Parts {
	readonly wire: Wire;
	readonly backoff: BackoffOptions;
	/** Messages that may wait. */
	readonly maxUnsent: number;
	readonly sent: (accepted: Accepted) => void;
	readonly failed: (unsent: Unsent, error: TschatError) => void;
}

const maxRefLength = 64;

interface Entry extends Unsent {
	readonly result: Promise<Accepted>;
	readonly resolve: (accepted: Accepted) => void;
	readonly reject: (error: TschatError) => void;
	/** The ping before it was sent; undefined while it is not under way. */
	sentAfter: number | undefined;
	failures: number;
	timer: ReturnType<typeof setTimeout> | undefined;
}

/**
 * Messages on their way out. Those of one conversation go one after the other, each when the one before it is accepted or
 * refused for good: so their order is that of the calls whatever is refused for the moment or lost. Conversations do not wait
 * for each other. A message keeps its `ref`, so it is accepted once however often it is sent.
 */
export class Outbox {
	readonly #parts: Parts;
	/** By `ref`, in the order of the calls. */
	readonly #entries = new Map<string, Entry>();
	readonly #lanes = new Map<ConversationKey, Entry[]>();
	#stopped: TschatError | undefined;
	#frameBytes = Number.POSITIVE_INFINITY;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** Those not accepted yet, in the order of the calls. */
	unsent(): Unsent[] {
		return Array.from(this.#entries.values(), ({ ref, conv, body }) => ({ ref, conv, body }));
	}

	/** Puts what an earlier client left before all that this one was given. */
	restore(unsent: readonly Unsent[]): void {
		const later = this.unsent().map(({ ref }) => this.#entries.get(ref));
		this.#entries.clear();
		this.#lanes.clear();
		for (const message of unsent)
			if (message.ref !== '' && message.ref.length <= maxRefLength) this.#add(entryOf(message));
		for (const entry of later) if (entry !== undefined && !this.#entries.has(entry.ref)) this.#add(entry);
	}

	/** Resolves when it is accepted. A `ref` that waits already is the same message. */
	send(conv: ConversationKey, body: string, ref = newRef()): Promise<Accepted> {
		const waiting = this.#entries.get(ref);
		if (waiting !== undefined) return waiting.result;
		// A server could not even say which message it refuses.
		if (ref === '' || ref.length > maxRefLength) {
			return Promise.reject(new TschatError('bad-request', `ref: 1 to ${maxRefLength} characters`));
		}
		if (this.#stopped !== undefined) return Promise.reject(this.#stopped);
		const { maxUnsent } = this.#parts;
		if (this.#entries.size >= maxUnsent) {
			return Promise.reject(
				new TschatError('queue-full', `${maxUnsent} messages wait to be sent`, { retryable: true }),
			);
		}
		const entry = entryOf({ ref, conv, body });
		this.#add(entry);
		this.#pump(conv);
		return entry.result;
	}

	/** There is a new connection, which takes frames of this size. What the last one left unanswered is sent again. */
	opened(frameBytes: number): void {
		this.#frameBytes = frameBytes;
		for (const [conv, lane] of this.#lanes) {
			for (const entry of lane) entry.sentAfter = undefined;
			this.#pump(conv);
		}
	}

	/** The pong of a ping: what was sent before it is sent again. */
	overdue(ping: number): void {
		for (const [conv, [entry]] of this.#lanes) {
			if (entry?.sentAfter === undefined || entry.sentAfter >= ping) continue;
			entry.sentAfter = undefined;
			this.#pump(conv);
		}
	}

	/** The server has answered, or the message itself has come back. */
	accepted(accepted: Accepted): void {
		const entry = this.#entries.get(accepted.ref);
		if (entry === undefined) return;
		this.#remove(entry);
		entry.resolve(accepted);
		this.#parts.sent(accepted);
		this.#pump(entry.conv);
	}

	/** False for a `ref` that is not of a message. */
	refused(ref: string, error: TschatError): boolean {
		const entry = this.#entries.get(ref);
		if (entry === undefined) return false;
		if (error.retryable) this.#retry(entry, error);
		else this.#fail(entry, error);
		return true;
	}

	stop(error: TschatError): void {
		this.#stopped = error;
		for (const entry of this.#entries.values()) {
			clearTimeout(entry.timer);
			entry.reject(error);
		}
	}

	#add(entry: Entry): void {
		const lane = this.#lanes.get(entry.conv);
		if (lane === undefined) this.#lanes.set(entry.conv, [entry]);
		else lane.push(entry);
		this.#entries.set(entry.ref, entry);
	}

	#remove(entry: Entry): void {
		clearTimeout(entry.timer);
		this.#entries.delete(entry.ref);
		const lane = this.#lanes.get(entry.conv)?.filter((other) => other !== entry) ?? [];
		if (lane.length === 0) this.#lanes.delete(entry.conv);
		else this.#lanes.set(entry.conv, lane);
	}

	#retry(entry: Entry, error: TschatError): void {
		entry.failures += 1;
		entry.sentAfter = undefined;
		clearTimeout(entry.timer);
		entry.timer = setTimeout(() => {
			entry.timer = undefined;
			this.#pump(entry.conv);
		}, error.retryAfter ?? backoffDelay(entry.failures, this.#parts.backoff));
	}

	#fail(entry: Entry, error: TschatError): void {
		this.#remove(entry);
		entry.reject(error);
		this.#parts.failed({ ref: entry.ref, conv: entry.conv, body: entry.body }, error);
		this.#pump(entry.conv);
	}

	#pump(conv: ConversationKey): void {
		const entry = this.#lanes.get(conv)?.[0];
		if (entry === undefined || entry.sentAfter !== undefined || entry.timer !== undefined || !this.#parts.wire.open)
			return;
		const { ref, body } = entry;
		const frame = { type: 'send', ref, conv, kind: 'text', body } as const;
		// A server closes the connection over a frame that is too long: it would come back with it for ever.
		if (new TextEncoder().encode(JSON.stringify(frame)).length > this.#frameBytes) {
			this.#fail(entry, new TschatError('too-large', 'the message does not fit into a frame'));
			return;
		}
		entry.sentAfter = this.#parts.wire.pings;
		this.#parts.wire.send(frame);
	}
}

const entryOf = (unsent: Unsent): Entry => {
	let resolve: (accepted: Accepted) => void = () => {};
	let reject: (error: TschatError) => void = () => {};
	const result = new Promise<Accepted>((onAccepted, onRefused) => {
		resolve = onAccepted;
		reject = onRefused;
	});
	// Whoever does not wait for it is told by the event `failed`.
	result.catch(() => {});
	return { ...unsent, result, resolve, reject, sentAfter: undefined, failures: 0, timer: undefined };
};
