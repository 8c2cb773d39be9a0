/** What an attacker knows: names of things that exist, so that inputs come further than the first check. */
export interface World {
	/** Sessions of the attacker's own; may be renewed while the fuzz goes on. */
	tokens: readonly string[];
	readonly rooms: readonly number[];
	readonly convs: readonly string[];
	readonly feeds: readonly string[];
	readonly userIds: readonly number[];
	readonly names: readonly string[];
}

export const fuzzRooms: readonly number[] = [1, 2, 7];
