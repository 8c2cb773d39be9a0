import type { ConversationKey, User } from '../client/index.ts';
import { directUsersOf, roomOf } from '../protocol/logs.ts';

/** Who is who, as far as this client has been told, and what conversations are called. */
export class Names {
	readonly self: User;
	readonly #byId = new Map<string, string>();

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

	/** `room 7`, or `@bob` for a direct conversation. */
	titleOf(conv: ConversationKey): string {
		const room = roomOf(conv);
		if (room !== undefined) return `room ${room}`;
		const users = directUsersOf(conv)?.map(String) ?? [];
		return `@${this.nameOf(users.find((id) => id !== this.self.id) ?? this.self.id)}`;
	}
}
