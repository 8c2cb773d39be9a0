import type { Chat, ConversationKey, Presence, RoomMembers, User } from 'tschat/client';
import { createStore, type StoreApi } from 'zustand/vanilla';

export interface MembersState {
	/** By name; null in a large room, and while it is not known. */
	readonly items: readonly User[] | null;
	readonly count: number | null;
}

const unknown: MembersState = { items: null, count: null };
const byName = (one: User, other: User): number => one.name.localeCompare(other.name);

/** Who is in the conversation that is open. */
export class OpenMembers {
	readonly store: StoreApi<MembersState> = createStore(() => unknown);
	readonly #chat: Chat;
	#conv: ConversationKey | null = null;

	constructor(chat: Chat) {
		this.#chat = chat;
	}

	open(conv: ConversationKey | null): void {
		this.#conv = conv;
		this.store.setState(unknown);
		void this.refresh();
	}

	/** Asks who is here: after a reconnect, and where nobody tells of changes. */
	async refresh(): Promise<void> {
		const conv = this.#conv;
		if (conv === null) return;
		const members = await this.#chat
			.conversation(conv)
			.members()
			.catch(() => undefined);
		if (members !== undefined && conv === this.#conv) this.members({ conv, ...members });
	}

	/** The whole list. */
	members({ conv, items, count }: RoomMembers): void {
		if (conv === this.#conv) this.store.setState({ items: items?.toSorted(byName) ?? null, count });
	}

	/** What has changed. */
	presence({ conv, joined, left, count }: Presence): void {
		const { items } = this.store.getState();
		if (conv !== this.#conv) return;
		if (items === null) {
			this.store.setState({ count });
			return;
		}
		const gone = new Set([...left, ...joined].map(({ id }) => id));
		const next = [...items.filter(({ id }) => !gone.has(id)), ...joined].sort(byName);
		// A list that does not add up is no list any more: the room has grown too large, or we have missed something.
		this.store.setState({ items: next.length === count ? next : null, count });
		if (next.length !== count) void this.refresh();
	}
}
