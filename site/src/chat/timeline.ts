import { type Accepted, type Conversation, type Failed, type Message, TschatError } from 'tschat/client';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { newRef } from './new-ref.ts';
import { emptyWindow, extended, lastSeq, maxHeld, pageSize, prepended, type Window } from './window.ts';

/** A message of one's own that is not in the conversation yet. */
export interface Pending {
	readonly ref: string;
	readonly body: string;
	/** When it was written; ms since 1970. */
	readonly at: number;
	/** Why it was refused for good. */
	readonly error?: TschatError;
}

export interface TimelineState extends Window {
	/** The highest `seq` that is known to exist. */
	readonly head: number;
	/** Own messages, shown after the newest. */
	readonly pending: readonly Pending[];
	/** Whether the first page has come. */
	readonly loaded: boolean;
	readonly loading: 'older' | 'newer' | null;
	/** Whether what was asked for first was refused: there is nothing to show. */
	readonly failed: boolean;
	/** Above which message the line "new messages" stands; null without one. */
	readonly newFrom: number | null;
	/** How far the others of a room have read, by user id, as far as the server tells: of large rooms it does not. */
	readonly reads: ReadonlyMap<string, number>;
	/** Grows when another stretch was loaded: the view starts anew. */
	readonly stretch: number;
}

/**
 * What is loaded above what is unread: more than the view fetches ahead of itself. If older messages came while it is still on its
 * way to that place, it would end as many rows above it.
 */
const contextBefore = 80;
/** What is loaded around such a place. */
const placeSize = 2 * pageSize;
/** A gap that is paged; over a longer one the view jumps. */
const maxPaged = 4 * pageSize;

/** What is still on its way: the same messages may come live, or with a page of the log. */
const withoutArrived = (pending: readonly Pending[], messages: readonly Message[]): readonly Pending[] => {
	const arrived = new Set(messages.map(({ ref }) => ref));
	return pending.some(({ ref }) => arrived.has(ref)) ? pending.filter(({ ref }) => !arrived.has(ref)) : pending;
};

/** What a timeline needs of the SDK's conversation. */
type Source = Pick<Conversation, 'history' | 'send' | 'position'>;

/** One conversation as it is shown: a window that moves over its log, and what is on its way into it. */
export class Timeline {
	readonly store: StoreApi<TimelineState>;
	readonly #conversation: Source;
	/** Whether the view stands at the newest message, and wants to stay there. */
	#pinned = true;
	/** Only answers to the newest load count. */
	#turn = 0;

	constructor(conversation: Source, pending: readonly Pending[]) {
		this.#conversation = conversation;
		this.store = createStore(() => ({
			...emptyWindow,
			head: 0,
			pending,
			loaded: false,
			loading: null,
			failed: false,
			newFrom: null,
			reads: new Map(),
			stretch: 0,
		}));
	}

	get #state(): TimelineState {
		return this.store.getState();
	}

	/** Whether the view stands at the newest message: then older messages make room for new ones, otherwise not. */
	get pinned(): boolean {
		return this.#pinned;
	}

	set pinned(pinned: boolean) {
		this.#pinned = pinned;
		if (pinned) void this.loadNewer();
	}

	/** Shows the conversation from where its reader has got, or its end when nothing is unread. */
	async begin({ read, unread }: { readonly read: number; readonly unread: number }): Promise<void> {
		this.store.setState({ newFrom: unread > 0 ? read + 1 : null, head: Math.max(this.#state.head, read + unread) });
		await this.#load(unread > pageSize - contextBefore ? Math.max(0, read - contextBefore) : undefined);
	}

	/** Somebody comes back to it: as `begin`, unless what is held has the place already. */
	async reopen(place: { readonly read: number; readonly unread: number }): Promise<void> {
		const { loaded, messages, head } = this.#state;
		if (!loaded) return;
		const wanted = place.unread > 0 ? place.read + 1 : Math.max(head, place.read);
		const [first] = messages;
		const from = place.unread > 0 ? Math.max(1, wanted - contextBefore) : wanted;
		const held = first !== undefined && first.seq <= from && wanted <= lastSeq(this.#state);
		if (held || (messages.length === 0 && wanted === 0)) return;
		this.store.setState({ loaded: false });
		await this.begin(place);
	}

	/** Tries to load it again. */
	again(): Promise<void> {
		return this.#load(undefined);
	}

	/** Goes to the newest message. */
	async toLatest(): Promise<void> {
		if (this.#state.loaded && lastSeq(this.#state) >= this.#state.head) this.#pinned = true;
		else await this.#load(undefined);
	}

	/** Messages as they arrive, in order. */
	live(messages: readonly Message[]): void {
		const { loaded } = this.#state;
		const head = Math.max(this.#state.head, messages.at(-1)?.seq ?? 0);
		const pending = withoutArrived(this.#state.pending, messages);
		const room = this.#pinned || this.#state.messages.length + messages.length <= maxHeld;
		const window = loaded && room ? extended(this.#state, messages) : this.#state;
		const { messages: shown, atStart } = window;
		this.store.setState({ messages: shown, atStart, head, pending });
		if (loaded && this.#pinned && lastSeq(window) < head) void this.loadNewer();
	}

	/** The conversation is known to reach this far. */
	known(head: number): void {
		if (head > this.#state.head) this.store.setState({ head });
		// Also when that was known: what was asked for may have been lost with a connection.
		if (this.#pinned) void this.loadNewer();
	}

	/** The log was skipped or replaced up to `head`. */
	restarted(head: number): void {
		this.store.setState({ head });
		void this.#load(undefined);
	}

	async loadOlder(): Promise<void> {
		const { messages, atStart, loading, loaded } = this.#state;
		const [first] = messages;
		if (!loaded || atStart || loading !== null || first === undefined) return;
		await this.#page('older', { before: first.seq }, ({ items, more }) => prepended(this.#state, items, more));
	}

	async loadNewer(): Promise<void> {
		const { head, loading, loaded } = this.#state;
		const last = lastSeq(this.#state);
		if (!loaded || loading !== null || last >= head) return;
		if (this.#pinned && head - last > maxPaged) {
			await this.#load(undefined);
			return;
		}
		await this.#page('newer', { after: last }, ({ items }) => extended(this.#state, items));
		// What came while it was asked for may be no part of it.
		const { head: known } = this.#state;
		if (this.#pinned && (lastSeq(this.#state) > last || known > head)) await this.loadNewer();
	}

	/** The person looks away: what comes after the last that was read is new. Undefined: that is not known, as of a room that was left. */
	lookAway(read: number | undefined): void {
		if (this.#state.loaded && read !== undefined) this.markNew(read + 1);
	}

	/** The person looks again: what comes from now on is seen as it comes, unless something came before. */
	lookBack(): void {
		const { newFrom, head } = this.#state;
		if (newFrom !== null && newFrom > head) this.markNew(null);
	}

	/** Puts the line "new messages" above a position, or takes it away. */
	markNew(newFrom: number | null): void {
		this.store.setState({ newFrom });
	}

	send(body: string): void {
		this.#send({ ref: newRef(), body, at: Date.now() });
	}

	/** Somebody else has read up to there. */
	readBy(userId: string, read: number): void {
		const { reads } = this.#state;
		if (read > (reads.get(userId) ?? 0)) this.store.setState({ reads: new Map(reads).set(userId, read) });
	}

	/** Sends a refused message again. */
	readonly retry = (ref: string): void => {
		const refused = this.#state.pending.find((pending) => pending.ref === ref);
		if (refused === undefined) return;
		this.store.setState({ pending: this.#state.pending.filter((pending) => pending !== refused) });
		// A name that is another message's can never be this one's.
		const taken = refused.error?.code === 'ref-taken';
		this.#send({ ref: taken ? newRef() : ref, body: refused.body, at: Date.now() });
	};

	/** Takes a message that was refused away. */
	readonly discard = (ref: string): void => {
		this.store.setState({ pending: this.#state.pending.filter((pending) => pending.ref !== ref) });
	};

	/** The server has it: where the conversation is not followed here, it is shown as it is. */
	accepted({ ref, seq }: Accepted): void {
		if (!this.#state.pending.some((pending) => pending.ref === ref)) return;
		if (this.#conversation.position !== undefined) return;
		this.discard(ref);
		this.store.setState({ head: Math.max(this.#state.head, seq) });
		void this.loadNewer();
	}

	refused({ ref, error }: Pick<Failed, 'ref' | 'error'>): void {
		const pending = this.#state.pending.map((message) => (message.ref === ref ? { ...message, error } : message));
		this.store.setState({ pending });
	}

	#send(message: Pending): void {
		this.store.setState({ pending: [...this.#state.pending, message], newFrom: null });
		void this.toLatest();
		// What a server refuses is told by the event, too; that too many wait already, only here.
		this.#conversation.send(message.body, { ref: message.ref }).catch((error: unknown) => {
			if (error instanceof TschatError) this.refused({ ref: message.ref, error });
		});
	}

	/** Loads another stretch: that after a position, or the newest. */
	async #load(after: number | undefined): Promise<void> {
		this.#turn += 1;
		const turn = this.#turn;
		this.#pinned = after === undefined;
		this.store.setState({ loading: 'newer' });
		const bounds = after === undefined ? { limit: pageSize } : { after, limit: placeSize };
		const page = await this.#conversation.history(bounds).catch(() => undefined);
		if (turn !== this.#turn) return;
		if (page === undefined) {
			this.store.setState({ loading: null, loaded: true, failed: this.#state.messages.length === 0 });
			return;
		}
		const { items, more } = page;
		const atStart = after === undefined ? !more : (items[0]?.seq ?? 1) === 1;
		const window = { messages: items, atStart };
		const head = Math.max(this.#state.head, lastSeq(window));
		this.store.setState({
			...window,
			head,
			pending: withoutArrived(this.#state.pending, items),
			loaded: true,
			loading: null,
			failed: false,
			stretch: this.#state.stretch + 1,
		});
		if (this.#pinned) await this.loadNewer();
	}

	async #page(
		loading: 'older' | 'newer',
		bounds: { readonly before?: number; readonly after?: number },
		next: (page: { readonly items: readonly Message[]; readonly more: boolean }) => Window,
	): Promise<void> {
		const turn = this.#turn;
		this.store.setState({ loading });
		const page = await this.#conversation.history({ ...bounds, limit: pageSize }).catch(() => undefined);
		if (turn !== this.#turn) return;
		if (page === undefined) this.store.setState({ loading: null });
		else {
			const { messages, atStart } = next(page);
			const pending = withoutArrived(this.#state.pending, page.items);
			this.store.setState({ messages, atStart, pending, loading: null });
		}
	}
}
