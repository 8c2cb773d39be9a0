import { maxListedMembers } from '../protocol/limits.ts';
import type { UserRef } from '../protocol/message.ts';
import type { RoomItem } from '../protocol/queue-items.ts';

/** Who came and went between two looks at a room. */
export interface RosterChange {
	readonly joined: readonly UserRef[];
	readonly left: readonly UserRef[];
	/** Whether there is anything to tell. */
	readonly any: boolean;
	/** Whether the room's list begins or ends to be told: then the changes do not say enough. */
	readonly whole: boolean;
}

type Look = Pick<RoomItem, 'at' | 'count' | 'members'>;

const usersOf = (members: Readonly<Record<string, string>>): UserRef[] =>
	Object.entries(members).map(([id, name]) => ({ id: Number(id), name }));

/** What a room's readers here were told last of who is in it. */
export class Roster {
	/** When that look was taken, in ms; 0 before the first. */
	at = 0;
	count = 0;
	/** By user id; undefined when nothing was told, null in a large room. */
	members: Readonly<Record<string, string>> | null | undefined;

	/** Who comes and goes with a newer look. */
	changeTo(item: RoomItem): RosterChange {
		const list = this.#listOf(item) ?? undefined;
		const whole = (this.members ?? undefined) === undefined ? list !== undefined : list === undefined;
		const before = this.members ?? {};
		const now = list ?? before;
		const joined = usersOf(now).filter(({ id }) => before[id] === undefined);
		const left = usersOf(before).filter(({ id }) => now[id] === undefined);
		const any = whole || joined.length > 0 || left.length > 0 || item.count !== this.count;
		return { joined, left, any, whole };
	}

	/** A count that was only asked for, of a room with a list, leaves the list as it is. */
	take(item: Look): void {
		this.at = item.at;
		this.count = item.count;
		this.members = this.#listOf(item);
	}

	#listOf({ count, members }: Look): Readonly<Record<string, string>> | null | undefined {
		return members === null && count <= maxListedMembers ? this.members : members;
	}

	/** The users; null in a large room, undefined when nothing is known. */
	list(): UserRef[] | null | undefined {
		return this.members && usersOf(this.members);
	}
}
