import type { ConversationKey, RoomKey, User } from '../client/index.ts';
import { directUsersOf, roomOf } from '../protocol/logs.ts';

/** Who is who, as far as this client has been told, and what conversations are called. */
export class Names {
	readonly self: User;
	readonly #byId = new Map<string, string>();
	readonly #rooms = new Map<ConversationKey, string>();

	constructor(self: User) {
		this.self = self;
		this.learn(self);
	}

	learn({ id, name }: User): void {
		this.#byId.set(id, name);
	}

	nameOf(id: string): string {
		return this.#byId.get(id) ?? `user ${id}`;
	}

	/** Names are unique without regard to case. */
	idOf(name: string): string | undefined {
		const wanted = name.toLowerCase();
		for (const [id, known] of this.#byId) if (known.toLowerCase() === wanted) return id;
		return undefined;
	}

	all(): string[] {
		return [...this.#byId.values()];
	}

	/** Rooms without a name have null. */
	learnRoom(conv: ConversationKey, name: string | null): void {
		if (name !== null) this.#rooms.set(conv, name);
	}

	/** The room of a name, if this client has been told of it. */
	roomNamed(name: string): RoomKey | undefined {
		const wanted = name.toLowerCase();
		for (const [conv, known] of this.#rooms) if (known.toLowerCase() === wanted) return conv as RoomKey;
		return undefined;
	}

	rooms(): string[] {
		return [...this.#rooms.values()];
	}

	/** `#general` or, without a name, `room 7`; `@bob` for a direct conversation. */
	titleOf(conv: ConversationKey): string {
		const name = this.#rooms.get(conv);
		if (name !== undefined) return `#${name}`;
		const room = roomOf(conv);
		if (room !== undefined) return `room ${room}`;
		const users = directUsersOf(conv)?.map(String) ?? [];
		return `@${this.nameOf(users.find((id) => id !== this.self.id) ?? this.self.id)}`;
	}
}
