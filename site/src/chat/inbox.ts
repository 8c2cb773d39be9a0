import {
	type Chat,
	type ConversationKey,
	type ConversationSummary,
	type Message,
	type Receipt,
	TschatError,
	type User,
} from 'tschat/client';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { directKeyOf, isRoom } from './keys.ts';
import { type Line, type Lines, unreadOf, withMessage, withReceipt, withSummary } from './lines.ts';

export interface InboxState {
	readonly lines: Lines;
	/** Whether the list has come. */
	readonly loaded: boolean;
}

/** Pages of the server's list that are read: 5,000 conversations. */
const maxPages = 10;
const pageSize = 500;
/** Rooms that are joined at a time: as many as a connection may follow. */
const maxFollowed = 200;

/** The list of conversations: as the server has it, kept up with what arrives. */
export class Inbox {
	readonly store: StoreApi<InboxState> = createStore(() => ({ lines: new Map(), loaded: false }));
	readonly #chat: Chat;
	readonly #me: User;
	/** Whether there are rooms whose messages are not heard of, since they are too many. */
	partly = false;
	#loading: Promise<void> | undefined;

	constructor(chat: Chat, me: User) {
		this.#chat = chat;
		this.#me = me;
	}

	line(conv: ConversationKey): Line | undefined {
		return this.store.getState().lines.get(conv);
	}

	/** Reads the list again: conversations may have come and gone on other devices. */
	load(): Promise<void> {
		this.#loading ??= this.#load().finally(() => {
			this.#loading = undefined;
		});
		return this.#loading;
	}

	/** Goes to a room, and into the list with it. Rejects when the server refuses. */
	async join(conv: `room:${number}`): Promise<void> {
		const { head, read, name } = await this.#chat.conversation(conv).join();
		const known = this.line(conv);
		const line = { last: null, peer: null, activeAt: Date.now(), ...known };
		this.#put({ ...line, conv, name, head: Math.max(head, known?.head ?? 0), read: Math.max(read, known?.read ?? 0) });
	}

	/** Leaves a room for all one's devices. It goes from the list at once, and is back when the server refuses: then this rejects. */
	async leave(conv: `room:${number}`): Promise<void> {
		const line = this.line(conv);
		const lines = new Map(this.store.getState().lines);
		lines.delete(conv);
		this.store.setState({ lines });
		try {
			await this.#chat.conversation(conv).leave();
		} catch (error) {
			if (line !== undefined && this.line(conv) === undefined) this.#put(line);
			throw error;
		}
	}

	/** A direct conversation, before there is any message in it. */
	direct(user: User): ConversationKey {
		const conv = directKeyOf(this.#me.id, user.id);
		if (this.line(conv) === undefined) {
			const peer = { ...user, delivered: 0, read: 0 };
			this.#put({ conv, name: null, head: 0, read: 0, last: null, peer, activeAt: Date.now() });
		}
		return conv;
	}

	/** The person has seen it. */
	read(conv: ConversationKey, seq: number): void {
		const line = this.line(conv);
		if (line === undefined || seq <= line.read) return;
		this.#chat.conversation(conv).read(seq);
		this.#put({ ...line, read: seq });
	}

	messages(messages: readonly Message[]): void {
		const lines = new Map(this.store.getState().lines);
		const unknown = new Set<ConversationKey>();
		for (const message of messages) {
			const line = withMessage(lines.get(message.conv), message, this.#me.id);
			if (line === undefined) unknown.add(message.conv);
			else lines.set(message.conv, line);
		}
		this.store.setState({ lines });
		if (unknown.size > 0) void this.#lookFor(unknown);
	}

	receipt(receipt: Receipt): void {
		const line = this.line(receipt.conv);
		if (line !== undefined) this.#put(withReceipt(line, receipt, this.#me.id));
		else if (receipt.user === this.#me.id) void this.load().catch(() => {});
	}

	/** All that is unread. */
	static unread({ lines }: InboxState): number {
		let sum = 0;
		for (const line of lines.values()) sum += unreadOf(line);
		return sum;
	}

	#put(line: Line): void {
		this.store.setState({ lines: new Map(this.store.getState().lines).set(line.conv, line) });
	}

	/** Conversations that were begun or joined elsewhere. A room that is still not in the list was left there: it is left here too. */
	async #lookFor(unknown: ReadonlySet<ConversationKey>): Promise<void> {
		await this.load().catch(() => {});
		for (const conv of unknown)
			if (isRoom(conv) && this.line(conv) === undefined) await this.leave(conv).catch(() => {});
	}

	async #load(): Promise<void> {
		const summaries: ConversationSummary[] = [];
		let after: string | undefined;
		for (let page = 0; page < maxPages; page += 1) {
			const bounds = after === undefined ? {} : { after };
			const { items, next } = await this.#chat.conversations({ limit: pageSize, ...bounds });
			summaries.push(...items);
			if (next === null) break;
			after = next;
		}
		const found = new Map<ConversationKey, Line>();
		for (const summary of summaries) found.set(summary.conv, withSummary(this.line(summary.conv), summary));
		// A direct conversation without a message is here only.
		for (const [conv, line] of this.store.getState().lines) {
			if (!found.has(conv) && !isRoom(conv) && line.head === 0) found.set(conv, line);
		}
		this.store.setState({ lines: found, loaded: true });
		void this.#follow([...found.keys()]);
	}

	/** Hears of the rooms' messages, the last active first. Beyond what a connection may follow, the list is what tells of them. */
	async #follow(convs: readonly ConversationKey[]): Promise<void> {
		const rooms = convs.filter(isRoom).map((conv) => this.#chat.conversation(conv));
		const joins = rooms.filter(({ position }) => position === undefined).slice(0, maxFollowed);
		const results = await Promise.allSettled(joins.map((room) => room.join()));
		this.partly = results.some(
			(result) =>
				result.status === 'rejected' && result.reason instanceof TschatError && result.reason.code === 'limit-reached',
		);
	}
}
