import type { Message } from '../protocol/message.ts';
import { startMessageSpan } from '../runtime/tracing/spans.ts';

/** The traced messages of this server, from when task handed them over to when they are written to their readers here. */
export class DeliverySpans {
	/** By the message itself: one that no reader gets any more, as it came a second time, is forgotten with it. */
	readonly #ends = new WeakMap<Message, () => void>();
	/** Most messages are not traced: while none is, no message is looked up. */
	#open = 0;

	received(message: Message, traceparent: string): void {
		const span = startMessageSpan(traceparent, 'connect.write');
		if (span === undefined) return;
		this.#open += 1;
		this.#ends.set(message, span.end);
	}

	written(messages: readonly Message[]): void {
		if (this.#open === 0) return;
		for (const message of messages) {
			const end = this.#ends.get(message);
			if (end === undefined) continue;
			this.#open -= 1;
			this.#ends.delete(message);
			end();
		}
	}
}
