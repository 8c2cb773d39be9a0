import type { Accepted, ConversationKey } from '../client/index.ts';

/** Of a program's messages so many wait at most; the client itself refuses those beyond a thousand. */
const maxWaiting = 200;

/** Own messages until they are accepted and shown. */
export class Outgoing {
	/** By `ref`, not answered yet. */
	readonly #waiting: Set<string>;
	/** The newest position of each conversation that was accepted, but not shown yet. */
	readonly #unshown = new Map<ConversationKey, number>();
	#settled: (() => void) | undefined;
	#hasRoom: (() => void) | undefined;
	#refusedAny = false;

	/** Begins with what an earlier client left. */
	constructor(refs: Iterable<string>) {
		this.#waiting = new Set(refs);
	}

	/** Messages that no server has accepted. */
	get count(): number {
		return this.#waiting.size;
	}

	add(ref: string): void {
		this.#waiting.add(ref);
	}

	/** `position` is what has been shown of its conversation; undefined when nothing of it will be. */
	accepted({ ref, conv, seq }: Accepted, position: number | undefined): void {
		this.#waiting.delete(ref);
		if (position !== undefined && position < seq) this.#unshown.set(conv, seq);
		this.#check();
	}

	/** Whether a message was refused for good. */
	get refusedAny(): boolean {
		return this.#refusedAny;
	}

	refused(ref: string): void {
		this.#refusedAny = true;
		this.#waiting.delete(ref);
		this.#check();
	}

	shown(conv: ConversationKey, seq: number): void {
		if (seq >= (this.#unshown.get(conv) ?? Number.POSITIVE_INFINITY)) this.#unshown.delete(conv);
		this.#check();
	}

	/** Nothing more of a conversation will be shown. */
	left(conv: ConversationKey): void {
		this.#unshown.delete(conv);
		this.#check();
	}

	/** Resolves when one more may wait. To be asked again only after that. */
	hasRoom(): Promise<void> {
		return new Promise((resolve) => {
			this.#hasRoom = resolve;
			this.#check();
		});
	}

	/** Resolves when every message has been answered, and shown if it was accepted. */
	settled(): Promise<void> {
		return new Promise((resolve) => {
			this.#settled = resolve;
			this.#check();
		});
	}

	#check(): void {
		if (this.#waiting.size < maxWaiting) this.#hasRoom?.();
		if (this.#waiting.size === 0 && this.#unshown.size === 0) this.#settled?.();
	}
}
