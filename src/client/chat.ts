import { type ConversationKey, type DirectKey, directKey, type RoomKey, roomKey, roomOf } from '../protocol/logs.ts';
import type { ClientFrameOf } from '../protocol/v2/client-frames.ts';
import type { ServerFrameOf } from '../protocol/v2/server-frames.ts';
import type { UserV2 } from '../protocol/v2/values.ts';
import type { BackoffOptions } from './backoff.ts';
import { Conversation, Room } from './conversation.ts';
import { Emitter } from './emitter.ts';
import { TschatError, toTschatError } from './errors.ts';
import type { ChatEvents } from './events.ts';
import type { WebSocketConstructor } from './hosts.ts';
import { type ChatState, Link } from './link.ts';
import { askOnline } from './online.ts';
import type { Unsent } from './outbox.ts';
import { createParts, type Parts } from './parts.ts';
import { receive } from './receive.ts';
import { Saver } from './saver.ts';
import type { Servers } from './servers.ts';
import type { Saved, Store } from './store.ts';

/** What `connect` has made of its options. */
export interface ChatSettings {
	readonly servers: Servers;
	readonly WebSocket: WebSocketConstructor;
	readonly token: string;
	readonly device: string | undefined;
	readonly user: UserV2 | undefined;
	readonly store: Store;
	readonly backoff: BackoffOptions;
	readonly timeoutMs: number;
	readonly maxUnsent: number;
	readonly maxGap: number;
}

/** A page of the user's conversations, the newest activity first; `next` is the `after` of the following page. */
export type ConversationPage = Pick<ServerFrameOf<'conversations'>, 'items' | 'next'>;

/** A client: keeps one connection, and everything right across its losses. */
export class Chat {
	/** Resolves when the client is online for the first time; rejects when it stops before. */
	readonly ready: Promise<void>;
	readonly #settings: ChatSettings;
	readonly #events = new Emitter<ChatEvents>();
	readonly #link: Link;
	readonly #parts: Parts;
	readonly #saver: Saver;
	readonly #conversations = new Map<ConversationKey, Conversation>();
	/** The rooms that the last hello named, in its order. */
	#named: readonly RoomKey[] = [];
	#user: UserV2 | undefined;
	/** Why the client has stopped. */
	#end: TschatError | undefined;
	#closed: Promise<void> = Promise.resolve();
	#becameReady: () => void = () => {};
	#neverReady: (error: TschatError) => void = () => {};

	constructor(settings: ChatSettings) {
		this.#settings = settings;
		this.#user = settings.user;
		this.ready = new Promise((resolve, reject) => {
			this.#becameReady = resolve;
			this.#neverReady = reject;
		});
		// Whoever does not wait for it is told by the event `closed`.
		this.ready.catch(() => {});
		this.#link = this.#newLink();
		this.#saver = new Saver(settings.store, () => this.#snapshot(), this.#failed);
		const owner = {
			events: this.#events,
			user: () => this.#user,
			changed: () => this.#saver.changed(),
			failed: this.#failed,
			resumed: () => this.#link.resumed(),
			renew: (reason: string) => this.#link.renew(reason),
			stop: (error: TschatError) => void this.#stop(error),
		};
		this.#parts = createParts(this.#link, owner, settings);
		void this.#start();
	}

	get state(): ChatState {
		return this.#link.state;
	}

	/** Whose client it is; undefined before the first welcome, unless `connect` or the store told. */
	get user(): UserV2 | undefined {
		return this.#user;
	}

	/**
	 * Calls the listener at each event from now on, until the function that is returned is called.
	 *
	 * ```ts
	 * const off = chat.on('message', ({ conv, from, body }) => show(conv, from.name, body));
	 * ```
	 */
	on<Name extends keyof ChatEvents>(name: Name, listener: (event: ChatEvents[Name]) => void): () => void {
		return this.#events.on(name, listener);
	}

	/** A conversation by its key, `room:<id>` or `dm:<lower user id>:<higher>`. The same object each time. */
	conversation(key: RoomKey): Room;
	conversation(key: DirectKey): Conversation;
	conversation(key: ConversationKey): Conversation;
	conversation(key: ConversationKey): Conversation {
		let conversation = this.#conversations.get(key);
		if (conversation === undefined) {
			conversation =
				roomOf(key) === undefined ? new Conversation(key, this.#parts) : new Room(key as RoomKey, this.#parts);
			this.#conversations.set(key, conversation);
		}
		return conversation;
	}

	/** A room by its number. */
	room(id: number): Room {
		return this.conversation(roomKey(id));
	}

	/**
	 * The direct conversation with a user. Throws `not-ready` while it is not known who the own user is: await `ready`, or give
	 * `connect` the `user` that `signIn` told.
	 *
	 * ```ts
	 * await chat.direct(bob.id).send('hello');
	 * ```
	 */
	direct(userId: string): Conversation {
		if (this.#user === undefined) throw new TschatError('not-ready', 'await chat.ready, or give connect the user');
		return this.conversation(directKey(Number(this.#user.id), Number(userId)));
	}

	/**
	 * The user's conversations, the newest activity first: up to 500 a page, 100 unless told.
	 *
	 * ```ts
	 * const { items, next } = await chat.conversations({ limit: 50 });
	 * const unread = items.filter((item) => item.unread > 0);
	 * ```
	 */
	async conversations({ after, limit }: { after?: string; limit?: number } = {}): Promise<ConversationPage> {
		const { items, next } = await this.#parts.conversations({
			...(after === undefined ? {} : { after }),
			...(limit === undefined ? {} : { limit }),
		});
		return { items, next };
	}

	/**
	 * Those of these users who are connected now, on whichever device. Nothing tells when that changes: ask again.
	 *
	 * ```ts
	 * const online = new Set(await chat.online(['1', '2', '3']));
	 * ```
	 */
	online(userIds: readonly string[]): Promise<readonly string[]> {
		return askOnline(this.#parts.requests, userIds);
	}

	/** Messages that no server has accepted yet, in the order of the calls; those that an earlier client of the same store left, too. */
	unsent(): readonly Unsent[] {
		return this.#parts.outbox.unsent();
	}

	/** Tries to connect now instead of after the wait: for a host that knows that its network is back. */
	retryNow(): void {
		this.#link.retryNow();
	}

	/** Closes the connection. Resolves when the state is saved and nothing is left that keeps a process alive. */
	close(): Promise<void> {
		return this.#stop(new TschatError('closed', 'the client was closed'));
	}

	#newLink(): Link {
		const { WebSocket, servers, backoff, timeoutMs, token, device } = this.#settings;
		return new Link({
			WebSocket,
			servers,
			backoff,
			timeoutMs,
			hello: () => ({
				type: 'hello',
				token,
				...(device === undefined ? {} : { device }),
				...this.#cursors(),
			}),
			changed: (state) => {
				if (state === 'online') this.#becameReady();
				this.#events.emit('state', state);
			},
			welcomed: (welcome) => this.#welcomed(welcome),
			received: (frame) => receive(frame, this.#parts),
			failed: this.#failed,
			refused: (error) => void this.#stop(error),
		});
	}

	async #start(): Promise<void> {
		try {
			const saved = await this.#settings.store.load();
			if (this.#end !== undefined) return;
			if (saved !== undefined) this.#restore(saved);
			this.#link.start();
		} catch (error) {
			await this.#stop(toTschatError(error, 'internal'));
		}
	}

	#restore({ user, inbox, cursors, unsent, reads }: Saved): void {
		this.#isUser(user);
		const { feeds, outbox, marks, ...parts } = this.#parts;
		if (inbox !== undefined) parts.inbox.begin(inbox);
		for (const [conv, seq] of Object.entries(cursors)) feeds.follow(conv as ConversationKey, seq);
		outbox.restore(unsent);
		for (const [conv, seq] of Object.entries(reads)) marks.read(conv as ConversationKey, seq);
	}

	/** Throws when the state that is kept is that of another user: to mix the two would send one's messages as the other's. */
	#isUser(user: UserV2 | undefined): void {
		if (user === undefined) return;
		if (this.#user !== undefined && this.#user.id !== user.id) {
			throw new TschatError('wrong-user', `the token or store is of user ${user.id}, not ${this.#user.id}`);
		}
		this.#user = user;
	}

	#snapshot(): Saved {
		const { feeds, inbox, outbox, marks } = this.#parts;
		return {
			version: 1,
			user: this.#user,
			inbox: inbox.position,
			cursors: feeds.cursors(),
			unsent: outbox.unsent(),
			reads: marks.unsentReads(),
		};
	}

	/** Where to resume: direct conversations all together, by the inbox. */
	#cursors(): Pick<ClientFrameOf<'hello'>, 'cursors' | 'inbox'> {
		const { feeds, inbox } = this.#parts;
		this.#named = feeds.rooms();
		const rooms = this.#named.map((conv) => [conv, feeds.positionOf(conv) ?? 0] as const);
		return { cursors: Object.fromEntries(rooms), ...(inbox.position === undefined ? {} : { inbox: inbox.position }) };
	}

	#welcomed({ user, limits, conversations, ...welcome }: ServerFrameOf<'welcome'>): void {
		try {
			this.#isUser(user);
		} catch (error) {
			void this.#stop(toTschatError(error, 'internal'));
			return;
		}
		const { requests, feeds, inbox, outbox, marks } = this.#parts;
		// A server follows no more than these, and tells so by an error.
		for (const conv of this.#named.slice(limits.rooms)) feeds.forget(conv);
		feeds.opened();
		inbox.begin(welcome.inbox);
		for (const { conv, read } of conversations) marks.known(conv, { read });
		requests.opened();
		outbox.opened(limits.frameBytes);
		marks.opened();
		this.#saver.changed();
	}

	readonly #failed = (error: unknown): void => {
		if (this.#end === undefined) this.#events.emit('error', toTschatError(error, 'internal'));
	};

	#stop(error: TschatError): Promise<void> {
		if (this.#end !== undefined) return this.#closed;
		this.#end = error;
		const { requests, outbox, marks, feeds } = this.#parts;
		marks.flush();
		marks.stop();
		// What is saved is how things are before listeners hear of the end.
		const saved = this.#saver.finish();
		const stopped = this.#link.stop();
		this.#closed = Promise.all([saved, stopped]).then(() => {});
		requests.stop(error);
		outbox.stop(error);
		feeds.stop(error.code === 'closed' ? undefined : error);
		this.#neverReady(error);
		this.#events.emit('state', 'closed');
		this.#events.emit('closed', error);
		this.#events.clear();
		return this.#closed;
	}
}
