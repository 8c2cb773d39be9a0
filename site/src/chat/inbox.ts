import type { Chat, ConversationKey, ConversationSummary, Message, Receipt, RoomKey, User } from 'tschat/client';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { FollowedRooms } from './followed-rooms.ts';
import { directKeyOf, isRoom } from './keys.ts';
import { type Line, type Lines, unreadOf, withMessage, withReceipt, withSummary } from './lines.ts';
import { StartedDirects } from './started-directs.ts';

export interface InboxState {
	readonly lines: Lines;
	/** Whether the list has come. */
	readonly loaded: boolean;
}

/** Pages of the server's list that are read: 5,000 conversations. */
const maxPages = 10;
const pageSize = 500;

/** The list of conversations: as the server has it, kept up with what arrives. */
export class Inbox {
	readonly store: StoreApi<InboxState> = createStore(() => ({ lines: new Map(), loaded: false }));
	readonly followed: FollowedRooms;
	readonly #chat: Chat;
	readonly #me: User;
	readonly #started: StartedDirects;
	/** Joined or left here while the list is being read: it may be older than that. */
	readonly #touched = new Set<ConversationKey>();
	#loading: Promise<void> | undefined;
	#again = false;

	constructor(chat: Chat, me: User) {
		this.#chat = chat;
		this.#me = me;
		this.#started = new StartedDirects(me.id);
		this.followed = new FollowedRooms(chat);
	}

	line(conv: ConversationKey): Line | undefined {
		return this.store.getState().lines.get(conv);
	}

	/** Rooms, the last active first. */
	rooms(): RoomKey[] {
		const lines = [...this.store.getState().lines.values()].sort((one, other) => other.activeAt - one.activeAt);
		return lines.map(({ conv }) => conv).filter(isRoom);
	}

	/** Reads the list again: conversations may have come and gone on other devices. */
	load(): Promise<void> {
		this.#again = true;
		this.#loading ??= this.#loadAll().finally(() => {
			this.#loading = undefined;
		});
		return this.#loading;
	}

	/** Goes to a room, and into the list with it. Rejects when the server refuses. */
	async join(conv: RoomKey): Promise<void> {
		const { head, read, name } = await this.#chat.conversation(conv).join();
		const known = this.line(conv);
		const line = { last: null, peer: null, activeAt: Date.now(), ...known };
		this.#touched.add(conv);
		this.#put({ ...line, conv, name, head: Math.max(head, known?.head ?? 0), read: Math.max(read, known?.read ?? 0) });
		// What was written there last.
		if (head > 0 && known?.last == null) void this.load().catch(() => {});
	}

	/** Leaves a room for all one's devices. It goes from the list at once, and is back when the server refuses: then this rejects. */
	async leave(conv: RoomKey): Promise<void> {
		const line = this.line(conv);
		const lines = new Map(this.store.getState().lines);
		lines.delete(conv);
		this.#touched.add(conv);
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
			this.#started.add(user);
			this.#put(this.#emptyDirect(user));
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

	#emptyDirect(user: User): Line {
		const peer = { ...user, delivered: 0, read: 0 };
		const conv = directKeyOf(this.#me.id, user.id);
		return { conv, name: null, head: 0, read: 0, last: null, peer, activeAt: Date.now() };
	}

	/** Conversations that were begun or joined elsewhere. A room that is still not in the list was left there. */
	async #lookFor(unknown: ReadonlySet<ConversationKey>): Promise<void> {
		await this.load().catch(() => {});
		for (const conv of unknown)
			if (isRoom(conv) && this.line(conv) === undefined) await this.followed.drop(conv).catch(() => {});
	}

	async #loadAll(): Promise<void> {
		while (this.#again) {
			this.#again = false;
			await this.#load();
		}
	}

	async #load(): Promise<void> {
		this.#touched.clear();
		const summaries = await this.#summaries();
		const { lines } = this.store.getState();
		const found = new Map<ConversationKey, Line>();
		for (const summary of summaries) found.set(summary.conv, withSummary(lines.get(summary.conv), summary));
		for (const user of this.#started.users) {
			const line = this.#emptyDirect(user);
			if (found.has(line.conv)) this.#started.remove(user.id);
			else found.set(line.conv, lines.get(line.conv) ?? line);
		}
		// Here one knows better.
		for (const conv of this.#touched) {
			const line = lines.get(conv);
			if (line === undefined) found.delete(conv);
			else if (!found.has(conv)) found.set(conv, line);
		}
		this.store.setState({ lines: found, loaded: true });
		const gone = [...lines.keys()].filter(isRoom).filter((conv) => !found.has(conv));
		for (const conv of gone) void this.followed.drop(conv).catch(() => {});
		void this.followed.follow(this.rooms());
	}

	async #summaries(): Promise<ConversationSummary[]> {
		const summaries: ConversationSummary[] = [];
		let after: string | undefined;
		for (let page = 0; page < maxPages; page += 1) {
			const bounds = after === undefined ? {} : { after };
			const { items, next } = await this.#chat.conversations({ limit: pageSize, ...bounds });
			summaries.push(...items);
			if (next === null) break;
			after = next;
		}
		return summaries;
	}
}
