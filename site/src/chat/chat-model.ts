import {
	type Chat,
	type ConversationKey,
	connect,
	type Message,
	type RoomKey,
	type SignedIn,
	type User,
} from 'tschat/client';
import type { PageConfig } from '../page-config.ts';
import { Batch } from './batch.ts';
import { Connection } from './connection.ts';
import { Drafts } from './drafts.ts';
import { Inbox } from './inbox.ts';
import { isRoom } from './keys.ts';
import { OpenMembers } from './members.ts';
import { OnlineUsers } from './online-users.ts';
import { RefusedMessages } from './refused-messages.ts';
import { slotStore } from './slot-store.ts';
import { Timeline } from './timeline.ts';
import { TypingUsers } from './typing.ts';

interface Options {
	readonly config: PageConfig;
	readonly session: SignedIn;
	/** The session is over: the server said not to come back. */
	readonly ended: (reason: 'revoked' | 'failed') => void;
	/** Messages of others, as they arrive; also those that a hidden tab missed while it had no connection. */
	readonly arrived: (messages: readonly Message[]) => void;
}

/** Messages are shown together that arrive within this time: at 200 a second that is ten to a rendering. */
const showEveryMs = 50;
/** How often the list is read again while it tells of rooms that are not heard of otherwise. */
const readListEveryMs = 30_000;
/** Conversations that stay as they were left. */
const maxTimelines = 5;

/** The chat of one person, without its looks: the SDK's client, and what the panes show of it. */
export class ChatModel {
	readonly me: User;
	readonly api: string;
	readonly token: string;
	readonly chat: Chat;
	readonly connection: Connection;
	readonly inbox: Inbox;
	readonly drafts: Drafts;
	readonly refused: RefusedMessages;
	readonly typing = new TypingUsers();
	readonly members: OpenMembers;
	readonly online: OnlineUsers;
	/** The last used at the end. */
	readonly #timelines = new Map<ConversationKey, Timeline>();
	readonly #arrivals: Batch<Message>;
	readonly #arrived: Options['arrived'];
	readonly #stop = new AbortController();
	/** Whether messages are of now, not those that were missed. */
	#live = false;
	/** Whether they ever were: what was missed before that is from when there was no tab. */
	#wasLive = false;

	constructor({ config, session, ended, arrived }: Options) {
		this.me = session.user;
		this.api = config.apiUrl;
		this.token = session.token;
		this.chat = connect({
			...(config.wsUrl === null ? { api: config.apiUrl } : { url: config.wsUrl }),
			...session,
			store: slotStore(session.user.id),
		});
		this.connection = new Connection(this.chat);
		this.inbox = new Inbox(this.chat, this.me);
		this.drafts = new Drafts(this.me.id);
		this.refused = new RefusedMessages(this.me.id);
		this.members = new OpenMembers(this.chat);
		this.online = new OnlineUsers(this.chat, () => this.#peers());
		this.#arrived = arrived;
		this.#arrivals = new Batch((messages) => this.#show(messages), showEveryMs);
		this.#listen(ended);
	}

	/** The view of a conversation; those that were used last are kept. */
	timeline(conv: ConversationKey): Timeline {
		const timeline = this.#timelines.get(conv) ?? this.#newTimeline(conv);
		this.#timelines.delete(conv);
		this.#timelines.set(conv, timeline);
		for (const [old, { store }] of this.#timelines) {
			if (this.#timelines.size <= maxTimelines) break;
			// What was refused is shown nowhere else.
			if (old !== conv && store.getState().pending.length === 0) this.#timelines.delete(old);
		}
		return timeline;
	}

	/** The view of a conversation that is opened now: where its reader has got, or at its end. */
	open(conv: ConversationKey): Timeline {
		const known = this.#timelines.get(conv);
		if (known !== undefined) void known.reopen(this.#place(conv));
		const timeline = this.timeline(conv);
		if (isRoom(conv)) {
			const shown = this.inbox.followed.show(conv, () => this.inbox.rooms());
			shown.then((head = 0) => timeline.known(head)).catch(() => {});
		}
		return timeline;
	}

	send(conv: ConversationKey, body: string): void {
		this.timeline(conv).send(body);
		this.connection.counted();
	}

	/** Ends it; what is unsent is kept for the next time. */
	close(): void {
		this.#stop.abort();
		this.#arrivals.stop();
		this.typing.stop();
		this.online.stop();
		this.connection.stop();
		this.drafts.stop();
		void this.chat.close();
	}

	#newTimeline(conv: ConversationKey): Timeline {
		const unsent = this.chat.unsent().filter((message) => message.conv === conv);
		const timeline = new Timeline(this.chat.conversation(conv), [
			...this.refused.of(conv),
			...unsent.map(({ ref, body }) => ({ ref, body, at: Date.now() })),
		]);
		void timeline.begin(this.#place(conv));
		if (isRoom(conv)) void this.#readReceipts(conv, timeline);
		return timeline;
	}

	/** How far the others of a room have read; nobody is told that of large ones. */
	async #readReceipts(conv: RoomKey, timeline: Timeline): Promise<void> {
		const receipts = await this.chat
			.conversation(conv)
			.receipts()
			.catch(() => null);
		for (const { user, read } of receipts ?? []) if (user !== this.me.id) timeline.readBy(user, read);
	}

	/** Where the person has got. */
	#place(conv: ConversationKey): { readonly read: number; readonly unread: number } {
		const { head = 0, read = 0 } = this.inbox.line(conv) ?? {};
		return { read, unread: Math.max(0, head - read) };
	}

	#listen(ended: Options['ended']): void {
		const { chat } = this;
		chat.on('state', (state) => {
			// What was missed is shown before it is said that nothing is missing, and is no news to whoever looks at it.
			if (state === 'online') this.#arrivals.flush();
			this.#live = state === 'online';
			this.#wasLive ||= this.#live;
			this.connection.changed(state);
			if (state === 'online') this.#refresh();
		});
		chat.on('message', (message) => this.#arrivals.add(message));
		chat.on('receipt', (receipt) => {
			// What it says may be read already stands in the batch.
			this.#arrivals.flush();
			this.inbox.receipt(receipt);
			if (receipt.user !== this.me.id) this.#timelines.get(receipt.conv)?.readBy(receipt.user, receipt.read);
		});
		chat.on('typing', (typing) => {
			if (typing.user.id === this.me.id) return;
			this.typing.typing(typing);
			this.online.seen(typing.user.id);
		});
		chat.on('membership', () => void this.inbox.load().catch(() => {}));
		chat.on('presence', (presence) => this.members.presence(presence));
		chat.on('members', (members) => this.members.members(members));
		chat.on('sent', (accepted) => {
			this.#timelines.get(accepted.conv)?.accepted(accepted);
			this.connection.counted();
		});
		chat.on('failed', (failed) => {
			this.refused.add(failed);
			this.#timelines.get(failed.conv)?.refused(failed);
			this.connection.counted();
		});
		chat.on('reset', ({ conv, to }) => {
			if (conv !== 'inbox') this.#timelines.get(conv)?.restarted(to);
			void this.inbox.load();
		});
		chat.on('closed', ({ code }) => {
			if (code !== 'closed') ended(code === 'stopped' ? 'revoked' : 'failed');
		});
		const timer = setInterval(() => {
			if (this.inbox.followed.partly && document.visibilityState === 'visible') this.#refresh();
		}, readListEveryMs);
		const { signal } = this.#stop;
		signal.addEventListener('abort', () => clearInterval(timer));
		addEventListener('online', () => this.connection.network(true), { signal });
		addEventListener('offline', () => this.connection.network(false), { signal });
		addEventListener('pagehide', () => this.drafts.save(), { signal });
		document.addEventListener('visibilitychange', () => this.#seen(), { signal });
	}

	#seen(): void {
		if (document.visibilityState !== 'visible') return;
		this.chat.retryNow();
		if (this.chat.state === 'online') this.#refresh();
	}

	/** What nobody tells of while one was away. */
	#refresh(): void {
		// Where it fails the next connection does it.
		void this.inbox
			.load()
			.then(() => {
				for (const [conv, timeline] of this.#timelines) {
					timeline.known(this.inbox.line(conv)?.head ?? 0);
					if (isRoom(conv)) void this.#readReceipts(conv, timeline);
				}
				return this.online.refresh();
			})
			.catch(() => {});
		void this.members.refresh();
	}

	#show(messages: readonly Message[]): void {
		this.inbox.messages(messages);
		this.typing.messages(messages);
		for (const [conv, timeline] of this.#timelines) {
			const own = messages.filter((message) => message.conv === conv);
			if (own.length > 0) timeline.live(own);
		}
		const others = messages.filter(({ from }) => from.id !== this.me.id);
		const isNews = this.#live || (this.#wasLive && document.visibilityState === 'hidden');
		if (isNews && others.length > 0) this.#arrived(others);
	}

	#peers(): string[] {
		const lines = [...this.inbox.store.getState().lines.values()];
		return lines
			.filter(({ peer }) => peer !== null)
			.sort((one, other) => other.activeAt - one.activeAt)
			.flatMap(({ peer }) => (peer === null ? [] : [peer.id]));
	}
}
