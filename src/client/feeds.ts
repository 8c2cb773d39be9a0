import { type ConversationKey, type RoomKey, roomOf } from '../protocol/logs.ts';
import type { MessageV2 } from '../protocol/v2/values.ts';
import { ConversationLog, type Gap } from './conversation-log.ts';
import type { TschatError } from './errors.ts';
import type { MessageReader, PageAfter } from './message-reader.ts';

const isRoom = (conv: ConversationKey): conv is RoomKey => roomOf(conv) !== undefined;

interface Parts {
	readonly pageOf: (conv: ConversationKey) => PageAfter;
	/** A longer gap is skipped, in messages. */
	readonly maxGap: number;
	readonly emitted: (message: MessageV2) => void;
	readonly skipped: (conv: ConversationKey, gap: Gap) => void;
	/** Its log was replaced: what is known of its positions is void. */
	readonly restarted: (conv: ConversationKey) => void;
	readonly failed: (error: unknown) => void;
}

/** The conversations that are followed: puts what arrives in order, fetches what is missing, and hands it to the readers. */
export class Feeds {
	readonly #parts: Parts;
	readonly #logs = new Map<ConversationKey, ConversationLog>();
	readonly #readers = new Map<ConversationKey, Set<MessageReader>>();
	readonly #filling = new Map<ConversationLog, Promise<void>>();
	#stopped = false;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** The last position that was emitted; undefined for what is not followed. */
	positionOf(conv: ConversationKey): number | undefined {
		return this.#logs.get(conv)?.position;
	}

	/** The positions of all that is followed. */
	cursors(): Record<string, number> {
		return Object.fromEntries(Array.from(this.#logs, ([conv, { position }]) => [conv, position]));
	}

	rooms(): RoomKey[] {
		return [...this.#logs.keys()].filter(isRoom);
	}

	/** The direct conversations of which a message has come. */
	directs(): ConversationKey[] {
		return [...this.#logs.keys()].filter((conv) => !isRoom(conv));
	}

	/** Emits what comes after `position`, unless the conversation is followed already. */
	follow(conv: ConversationKey, position: number): void {
		if (!this.#logs.has(conv)) this.#logs.set(conv, new ConversationLog(position));
	}

	/**
	 * There is a new connection, which gives every room anew from its position on. What the last one told of its end is forgotten:
	 * the log may have been replaced meanwhile, and a wait for the old end would skip what the new one has up to there. Direct
	 * conversations are resumed together, by the inbox, which counts on each being caught up as far as it asked.
	 */
	opened(): void {
		for (const [conv, { position }] of this.#logs)
			if (isRoom(conv)) this.#logs.set(conv, new ConversationLog(position));
	}

	/** Emits no more of it, and ends its readers. */
	forget(conv: ConversationKey): void {
		this.#logs.delete(conv);
		for (const reader of this.#readers.get(conv) ?? []) reader.end();
	}

	/** A message from the connection. That of a room which was left is dropped; a direct conversation begins with its first. */
	accept(message: MessageV2): void {
		const { conv, seq } = message;
		if (!isRoom(conv)) this.follow(conv, seq - 1);
		const log = this.#logs.get(conv);
		if (log === undefined || this.#stopped) return;
		log.accept(message, this.#emit);
		if (log.gap !== undefined) void this.#fill(conv, log);
	}

	/** Fetches what is missing up to `head`; resolves when it has been emitted, or skipped. */
	async catchUp(conv: ConversationKey, head: number): Promise<void> {
		const log = this.#logs.get(conv);
		if (log === undefined) return;
		log.expect(head);
		await this.#fill(conv, log);
	}

	/** The server cannot resume the conversation: it is paged up to `head`. A head behind us is that of another log. */
	reset(conv: ConversationKey, head: number): void {
		const log = this.#logs.get(conv);
		if (log === undefined) return;
		if (head >= log.position) {
			void this.catchUp(conv, head);
			return;
		}
		// Not the same one: what is still being fetched of the old would be skipped in it.
		this.#logs.set(conv, new ConversationLog(head));
		this.#parts.restarted(conv);
		for (const reader of this.#readers.get(conv) ?? []) reader.restarted(head);
		this.#parts.skipped(conv, { from: 1, to: head });
	}

	addReader(conv: ConversationKey, reader: MessageReader): void {
		const readers = this.#readers.get(conv) ?? new Set();
		this.#readers.set(conv, readers.add(reader));
	}

	removeReader(conv: ConversationKey, reader: MessageReader): void {
		const readers = this.#readers.get(conv);
		readers?.delete(reader);
		if (readers?.size === 0) this.#readers.delete(conv);
	}

	stop(error?: TschatError): void {
		this.#stopped = true;
		for (const readers of [...this.#readers.values()]) for (const reader of [...readers]) reader.end(error);
	}

	readonly #emit = (message: MessageV2): void => {
		for (const reader of this.#readers.get(message.conv) ?? []) reader.push(message);
		this.#parts.emitted(message);
	};

	#fill(conv: ConversationKey, log: ConversationLog): Promise<void> {
		const running = this.#filling.get(log);
		if (running !== undefined) return running;
		const filled = this.#fetchGaps(conv, log).finally(() => this.#filling.delete(log));
		this.#filling.set(log, filled);
		return filled;
	}

	async #fetchGaps(conv: ConversationKey, log: ConversationLog): Promise<void> {
		for (let gap = log.gap; gap !== undefined; gap = log.gap) {
			const items = gap.to - gap.from < this.#parts.maxGap ? await this.#page(conv, gap) : [];
			for (const message of items) if (this.#isFollowed(conv, log)) log.accept(message, this.#emit);
			if (!this.#isFollowed(conv, log)) return;
			// Too long, or refused, or not in the history at all: waiting for it would hold up what is here.
			if (log.position < gap.from) this.#skip(conv, log, gap);
		}
	}

	/** It may be left, and the client closed, while a page is under way, and by whoever is told of a message. */
	#isFollowed(conv: ConversationKey, log: ConversationLog): boolean {
		return !this.#stopped && this.#logs.get(conv) === log;
	}

	async #page(conv: ConversationKey, { from }: Gap): Promise<readonly MessageV2[]> {
		try {
			const { items } = await this.#parts.pageOf(conv)(from - 1);
			return items;
		} catch (error) {
			if (!this.#stopped) this.#parts.failed(error);
			return [];
		}
	}

	#skip(conv: ConversationKey, log: ConversationLog, gap: Gap): void {
		for (const reader of this.#readers.get(conv) ?? []) reader.skipped();
		this.#parts.skipped(conv, gap);
		log.skipTo(gap.to, this.#emit);
	}
}
