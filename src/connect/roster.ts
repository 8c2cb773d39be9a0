import { maxListedMembers } from '../protocol/limits.ts';
import type { UserRef } from '../protocol/message.ts';
import type { RoomItem } from '../protocol/queue-items.ts';

/** Who came and went between two looks at a room. */
export interface RosterChange {
	readonly joined: readonly UserRef[];
	readonly left: readonly UserRef[];
	/** Whether there is anything to tell. */
	readonly any: boolean;
}

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
	changeTo({ count, members }: RoomItem): RosterChange {
		const before = this.members ?? {};
		const now = members ?? before;
		const joined = usersOf(now).filter(({ id }) => before[id] === undefined);
		const left = usersOf(before).filter(({ id }) => now[id] === undefined);
		return { joined, left, any: joined.length > 0 || left.length > 0 || count !== this.count };
	}

	/** A count that was only asked for, of a room with a list, leaves the list as it is. */
	take({ at, count, members }: Pick<RoomItem, 'at' | 'count' | 'members'>): void {
		this.at = at;
		this.count = count;
		if (members !== null || count > maxListedMembers) this.members = members;
	}

	/** The users; null in a large room, undefined when nothing is known. */
	list(): UserRef[] | null | undefined {
		return this.members && usersOf(this.members);
	}
}
