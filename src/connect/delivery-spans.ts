import type { Message } from '../protocol/message.ts';
import { startMessageSpan } from '../runtime/tracing/spans.ts';

/** The traced messages of this server, from when task handed them over to when they are written to their readers here. */
export class DeliverySpans {
	/** By the message itself: one that no reader gets any more, as it came a second time, is forgotten with it. */
	readonly #ends = new WeakMap<Message, () => void>();
	/** While nothing is traced, no message is looked up. */
	#traced = false;

	received(message: Message, traceparent: string): void {
		const span = startMessageSpan(traceparent, 'connect.write');
		if (span === undefined) return;
		this.#traced = true;
		this.#ends.set(message, span.end);
	}

	written(messages: readonly Message[]): void {
		if (!this.#traced) return;
		for (const message of messages) {
			const end = this.#ends.get(message);
			if (end === undefined) continue;
			this.#ends.delete(message);
			end();
		}
	}
}
