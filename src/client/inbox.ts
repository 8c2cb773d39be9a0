import { roomOf } from '../protocol/logs.ts';
import type { ServerFrameOf } from '../protocol/v2/server-frames.ts';
import type { MessageV2 } from '../protocol/v2/values.ts';
import type { Gap } from './conversation-log.ts';
import type { Feeds } from './feeds.ts';
import { InboxCursor } from './inbox-cursor.ts';

interface Parts {
	readonly feeds: Feeds;
	/** A page of the user's conversations; `after` is the `next` of the page before. */
	readonly conversations: (after: string | undefined) => Promise<ServerFrameOf<'conversations'>>;
	readonly skipped: (gap: Gap) => void;
	/** The connection lost a direct message: only the server knows of which conversation. */
	readonly lost: () => void;
	readonly failed: (error: unknown) => void;
}

/** Direct messages of all conversations: resumed together, by the position in the user's inbox. */
export class Inbox {
	readonly #parts: Parts;
	readonly #cursor = new InboxCursor();
	/** Came while it is being found out what is missing before them. */
	#early: MessageV2[] = [];
	#resets = 0;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	get position(): number | undefined {
		return this.#cursor.position;
	}

	/** A connection begins; `head` is where an inbox begins that has no position yet. */
	begin(head: number): void {
		this.#cursor.begin(head);
		this.#early = [];
	}

	accept(message: MessageV2, inbox: number): void {
		if (inbox > this.#cursor.next) {
			this.#parts.lost();
			return;
		}
		this.#cursor.arrive({ inbox, conv: message.conv, seq: message.seq });
		if (this.#cursor.held && this.#parts.feeds.positionOf(message.conv) === undefined) this.#early.push(message);
		else this.#parts.feeds.accept(message);
		this.settle();
	}

	/** This connection has been given all direct messages up to `inbox`. */
	given(inbox: number): void {
		if (inbox >= this.#cursor.next) this.#parts.lost();
	}

	/** Conversations have moved on. */
	settle(): void {
		this.#cursor.settle((conv) => this.#parts.feeds.positionOf(conv));
	}

	/** Direct messages up to `head` are missing, and the server does not say which. */
	reset(head: number): void {
		this.#parts.skipped({ from: (this.#cursor.position ?? head) + 1, to: head });
		this.#cursor.hold(head);
		this.#resets += 1;
		if (this.#resets === 1) void this.#recover();
	}

	/** The list of conversations tells where each one stands: those that are known are caught up, of others what is unread. */
	async #recover(): Promise<void> {
		const { feeds, failed } = this.#parts;
		for (let resets = 0; resets !== this.#resets; ) {
			resets = this.#resets;
			try {
				await this.#catchUp();
			} catch (error) {
				failed(error);
			}
		}
		this.#resets = 0;
		this.#cursor.release();
		for (const message of this.#early.splice(0)) feeds.accept(message);
		this.settle();
	}

	async #catchUp(): Promise<void> {
		const { feeds, conversations } = this.#parts;
		let after: string | undefined;
		do {
			const { items, next } = await conversations(after);
			for (const { conv, head, read } of items) {
				if (roomOf(conv) !== undefined) continue;
				if (head > read) feeds.follow(conv, read);
				if (head > (feeds.positionOf(conv) ?? head)) await feeds.catchUp(conv, head);
			}
			after = next ?? undefined;
		} while (after !== undefined);
	}
}
