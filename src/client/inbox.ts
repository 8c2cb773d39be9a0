import { type ConversationKey, roomOf } from '../protocol/logs.ts';
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
	/** The log was replaced by an older one, whose positions are not those that are here. */
	#replaced = false;

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
		const isEarly = this.#replaced || this.#parts.feeds.positionOf(message.conv) === undefined;
		if (this.#cursor.held && isEarly) this.#early.push(message);
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

	/** Direct messages up to `head` are missing, and the server does not say which. A head behind us is that of another log. */
	reset(head: number): void {
		const { position = head } = this.#cursor;
		if (head < position) this.#replaced = true;
		this.#parts.skipped({ from: head < position ? 1 : position + 1, to: head });
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
		this.#replaced = false;
		this.#cursor.release();
		for (const message of this.#early.splice(0)) feeds.accept(message);
		this.settle();
	}

	async #catchUp(): Promise<void> {
		const { feeds, conversations } = this.#parts;
		const unlisted = new Set(feeds.directs());
		let after: string | undefined;
		do {
			const { items, next } = await conversations(after);
			for (const { conv, head, read } of items) {
				if (roomOf(conv) !== undefined) continue;
				unlisted.delete(conv);
				this.#restart(conv, head);
				if (head > read) feeds.follow(conv, read);
				if (head > (feeds.positionOf(conv) ?? head)) await feeds.catchUp(conv, head);
			}
			after = next ?? undefined;
		} while (after !== undefined);
		// One of which a message has come meanwhile has moved from a page that was to follow to one that was read.
		for (const conv of unlisted) this.#restart(conv, this.#before(conv) ?? 0);
	}

	/** Begins again at the end of the log that has come instead, before what has arrived of it: not where a list is only older than a message. */
	#restart(conv: ConversationKey, head: number): void {
		const { feeds } = this.#parts;
		if (!this.#replaced || head >= (feeds.positionOf(conv) ?? 0)) return;
		feeds.reset(conv, Math.min(head, this.#before(conv) ?? head));
	}

	/** The position before the first message that has come meanwhile. */
	#before(conv: ConversationKey): number | undefined {
		const first = this.#early.find((message) => message.conv === conv);
		return first && first.seq - 1;
	}
}
