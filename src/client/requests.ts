import type { ClientFrameV2 } from '../protocol/v2/client-frames.ts';
import type { ServerFrameOf } from '../protocol/v2/server-frames.ts';
import { type BackoffOptions, backoffDelay } from './backoff.ts';
import type { TschatError } from './errors.ts';
import { newRef } from './refs.ts';
import type { Wire } from './wire.ts';

type AnswerType = 'joined' | 'left' | 'messages' | 'receipts' | 'members' | 'online' | 'conversations';
type Answer = ServerFrameOf<AnswerType>;

interface Pending {
	readonly build: (ref: string) => ClientFrameV2;
	readonly answered: (answer: Answer) => void;
	readonly refused: (error: TschatError) => void;
	/** The ping before it was sent. */
	sentAfter: number;
	failures: number;
	timer: ReturnType<typeof setTimeout> | undefined;
}

/**
 * Questions that may be asked twice: one that is open when the connection is lost is asked again on the next, and one that is
 * refused for the moment after a wait. Each ends with an answer, with an error that will not pass, or with the client.
 */
export class Requests {
	readonly #wire: Wire;
	readonly #backoff: BackoffOptions;
	readonly #pending = new Map<string, Pending>();
	#stopped: TschatError | undefined;

	constructor(wire: Wire, backoff: BackoffOptions) {
		this.#wire = wire;
		this.#backoff = backoff;
	}

	/** `build` is called for each attempt; `take` at once when the answer comes, before any later frame is looked at. */
	ask<T extends AnswerType, Result>(
		type: T,
		build: (ref: string) => ClientFrameV2,
		take: (answer: ServerFrameOf<T>) => Result,
	): Promise<Result> {
		return new Promise((resolve, reject) => {
			if (this.#stopped !== undefined) {
				reject(this.#stopped);
				return;
			}
			const answered = (answer: Answer) => {
				if (answer.type === type) resolve(take(answer as ServerFrameOf<T>));
			};
			const ref = newRef();
			this.#pending.set(ref, { build, answered, refused: reject, sentAfter: 0, failures: 0, timer: undefined });
			this.#send(ref);
		});
	}

	/** There is a new connection. */
	opened(): void {
		for (const ref of this.#pending.keys()) this.#send(ref);
	}

	/** The pong of a ping: what was asked before it is asked again. */
	overdue(ping: number): void {
		for (const [ref, { sentAfter }] of this.#pending) if (sentAfter < ping) this.#send(ref);
	}

	answered(answer: Answer): void {
		this.#take(answer.ref)?.answered(answer);
	}

	/** False for a `ref` that is not of a request. */
	refused(ref: string, error: TschatError): boolean {
		const pending = this.#pending.get(ref);
		if (pending === undefined) return false;
		if (!error.retryable) {
			this.#take(ref)?.refused(error);
			return true;
		}
		pending.failures += 1;
		clearTimeout(pending.timer);
		pending.timer = setTimeout(() => {
			pending.timer = undefined;
			this.#send(ref);
		}, error.retryAfter ?? backoffDelay(pending.failures, this.#backoff));
		return true;
	}

	stop(error: TschatError): void {
		this.#stopped = error;
		for (const ref of [...this.#pending.keys()]) this.#take(ref)?.refused(error);
	}

	#send(ref: string): void {
		const pending = this.#pending.get(ref);
		if (pending === undefined || pending.timer !== undefined || !this.#wire.open) return;
		pending.sentAfter = this.#wire.pings;
		this.#wire.send(pending.build(ref));
	}

	#take(ref: string | undefined): Pending | undefined {
		if (ref === undefined) return undefined;
		const pending = this.#pending.get(ref);
		clearTimeout(pending?.timer);
		this.#pending.delete(ref);
		return pending;
	}
}
