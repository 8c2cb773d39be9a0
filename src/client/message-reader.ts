import type { MessageV2 } from '../protocol/v2/values.ts';

/** A page of the conversation after a position, oldest first. */
export type PageAfter = (seq: number) => Promise<{ readonly items: readonly MessageV2[]; readonly more: boolean }>;

interface Options {
	/** The last position that is not wanted; undefined begins with the first message that is pushed. */
	readonly after: number | undefined;
	/** Whether there may be messages after it that were never pushed. */
	readonly behind: boolean;
	readonly page: PageAfter;
	/** Called once, when the reader has ended. */
	readonly ended: () => void;
}

/** Messages that wait for a slow consumer; what comes on top is fetched again when it is due. */
const maxBuffered = 1000;

/**
 * Async iteration over one conversation: each message once, in order, without a gap. The buffer is only a short cut: what it
 * does not hold (because the consumer is slow, began in the past, or a stretch was skipped) is paged from the history.
 */
export class MessageReader implements AsyncIterableIterator<MessageV2, undefined> {
	readonly #page: PageAfter;
	readonly #ended: () => void;
	#position: number | undefined;
	#behind: boolean;
	/** Which log the positions are of: pages of another one are not taken. */
	#era = 0;
	#paged: MessageV2[] = [];
	#buffer: MessageV2[] = [];
	#end: { readonly error: Error | undefined } | undefined;
	#wake: (() => void) | undefined;
	#turn: Promise<unknown> = Promise.resolve();

	constructor({ after, behind, page, ended }: Options) {
		this.#position = after;
		this.#behind = behind;
		this.#page = page;
		this.#ended = ended;
	}

	[Symbol.asyncIterator](): this {
		return this;
	}

	/** A live message. They come in order, though not necessarily all of them. */
	push(message: MessageV2): void {
		if (this.#buffer.length < maxBuffered) this.#buffer.push(message);
		else this.#behind = true;
		this.#wake?.();
	}

	/** Live messages were skipped: what comes next is to be paged. */
	skipped(): void {
		if (this.#position === undefined) return;
		this.#behind = true;
		this.#wake?.();
	}

	/** The conversation was replaced by one that ends at `head`: what is here of the old one is dropped, also a page under way. */
	restarted(head: number): void {
		this.#era += 1;
		this.#paged = [];
		this.#buffer = [];
		if (this.#position === undefined) return;
		this.#position = Math.min(this.#position, head);
		this.#behind = this.#position < head;
		this.#wake?.();
	}

	/** No more messages: those that are buffered are dropped. With an error, whoever waits or asks next is told. */
	end(error?: Error): void {
		if (this.#end !== undefined) return;
		this.#end = { error };
		this.#paged = [];
		this.#buffer = [];
		this.#wake?.();
		this.#ended();
	}

	next(): Promise<IteratorResult<MessageV2, undefined>> {
		const result = this.#turn.then(() => this.#take());
		this.#turn = result.catch(() => {});
		return result;
	}

	async return(): Promise<IteratorResult<MessageV2, undefined>> {
		this.end();
		return { done: true, value: undefined };
	}

	async #take(): Promise<IteratorResult<MessageV2, undefined>> {
		while (this.#end === undefined) {
			const message = this.#due();
			if (message !== undefined) {
				this.#position = message.seq;
				return { done: false, value: message };
			}
			if (this.#behind || this.#buffer.length > 0) await this.#catchUp(this.#position ?? 0);
			else await this.#more();
		}
		const { error } = this.#end;
		this.#end = { error: undefined };
		if (error !== undefined) throw error;
		return { done: true, value: undefined };
	}

	/** The next message, if it is here. */
	#due(): MessageV2 | undefined {
		for (const source of [this.#paged, this.#buffer]) {
			const position = this.#position;
			if (position !== undefined) {
				const fresh = source.findIndex(({ seq }) => seq > position);
				source.splice(0, fresh === -1 ? source.length : fresh);
			}
			if (position === undefined || source[0]?.seq === position + 1) {
				const message = source.shift();
				if (message !== undefined) return message;
			}
		}
		return undefined;
	}

	async #catchUp(position: number): Promise<void> {
		this.#behind = false;
		const era = this.#era;
		try {
			const { items, more } = await this.#page(position);
			if (this.#era !== era) return;
			this.#paged = [...items];
			if (more) this.#behind = true;
			// What the log does not have cannot be waited for.
			const next = items[0] ?? this.#buffer[0];
			if (next !== undefined && next.seq > position + 1) this.#position = next.seq - 1;
		} catch (error) {
			this.end(error instanceof Error ? error : new Error(String(error)));
		}
	}

	#more(): Promise<void> {
		return new Promise((resolve) => {
			this.#wake = () => {
				this.#wake = undefined;
				resolve();
			};
		});
	}
}
