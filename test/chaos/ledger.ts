import type { ConversationKey } from '../../src/protocol/logs.ts';

/** A message that somebody has tried to send, under a `ref` that nobody else uses. */
export interface Attempt {
	readonly ref: string;
	readonly conv: ConversationKey;
	/** Begins with the `ref`, which the log tells to nobody but the sender. */
	readonly body: string;
	/** When it was first sent, on the clock of `performance.now()`. */
	readonly startedAt: number;
}

/** What the answer to it said. */
export interface Acceptance {
	readonly seq: number;
	readonly id: string;
}

/** What was sent, and what of it was accepted: that is, answered. What was not answered may or may not be in the log, once. */
export class Ledger {
	readonly attempts = new Map<string, Attempt>();
	readonly accepted = new Map<string, Acceptance>();
	/** Answers that contradict each other. */
	readonly conflicts: string[] = [];
	#next = 0;

	/** To be called before the first byte is sent. */
	begin(conv: ConversationKey, text: string): Attempt {
		this.#next += 1;
		const ref = `c${this.#next}`;
		const attempt = { ref, conv, body: `${ref} ${text}`, startedAt: performance.now() };
		this.attempts.set(attempt.ref, attempt);
		return attempt;
	}

	accept({ ref }: Attempt, { seq, id }: Acceptance): void {
		const before = this.accepted.get(ref);
		if (before !== undefined && (before.seq !== seq || before.id !== id)) {
			this.conflicts.push(`${ref} was answered with ${before.seq} ${before.id}, and then with ${seq} ${id}`);
		}
		this.accepted.set(ref, { seq, id });
	}
}
