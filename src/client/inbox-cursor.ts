import type { ConversationKey } from '../protocol/logs.ts';

interface Arrival {
	readonly inbox: number;
	readonly conv: ConversationKey;
	readonly seq: number;
}

/**
 * How far all direct conversations together have been emitted, as a position in the user's inbox. A message that waits for an
 * earlier one of its conversation holds the cursor back, so a client that is killed meanwhile is sent it again.
 */
export class InboxCursor {
	#position: number | undefined;
	#arrived = 0;
	#arrivals: Arrival[] = [];
	/** Where to go on once what is missing up to there has been found otherwise. */
	#heldFor: number | undefined;

	/** What the next hello resumes from; undefined before the first welcome. */
	get position(): number | undefined {
		return this.#position;
	}

	/** The position that comes next on this connection. */
	get next(): number {
		return this.#arrived + 1;
	}

	get held(): boolean {
		return this.#heldFor !== undefined;
	}

	/** Begins at a position, unless it has begun. What was not settled comes again on a new connection. */
	begin(position: number): void {
		this.#position ??= position;
		this.#arrived = this.#position;
		this.#arrivals = [];
	}

	/** Takes note of a direct message. */
	arrive(arrival: Arrival): void {
		if (arrival.inbox <= this.#arrived) return;
		this.#arrived = arrival.inbox;
		this.#arrivals.push(arrival);
	}

	/** Moves on over what has been emitted, as the positions of the conversations tell. */
	settle(positionOf: (conv: ConversationKey) => number | undefined): void {
		if (this.held) return;
		let settled = 0;
		for (const { inbox, conv, seq } of this.#arrivals) {
			if ((positionOf(conv) ?? 0) < seq) break;
			this.#position = inbox;
			settled += 1;
		}
		if (settled > 0) this.#arrivals.splice(0, settled);
	}

	/** What comes next follows `head`; what is missing before it holds the cursor back until `release`. */
	hold(head: number): void {
		this.#heldFor = head;
		this.#arrived = head;
		this.#arrivals = [];
	}

	release(): void {
		this.#position = this.#heldFor ?? this.#position;
		this.#heldFor = undefined;
	}
}
