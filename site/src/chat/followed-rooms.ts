import { type Chat, type Joined, type RoomKey, TschatError } from 'tschat/client';

/** Rooms that are joined at a time: as many as a connection may follow. */
const most = 200;

const isLimit = (error: unknown): boolean => error instanceof TschatError && error.code === 'limit-reached';

/** The rooms whose messages are heard of as they come. A connection follows a number of them at most: those that were active last. */
export class FollowedRooms {
	readonly #chat: Chat;
	/** Joins under way: a room is asked for once. */
	readonly #joining = new Map<RoomKey, Promise<Joined>>();
	/** Whether there are more: then only the list of conversations tells of those. */
	partly = false;

	constructor(chat: Chat) {
		this.#chat = chat;
	}

	/** Follows as many as a connection may, the first of these first. */
	async follow(rooms: readonly RoomKey[]): Promise<void> {
		const missing = rooms.filter((conv) => !this.#isFollowed(conv)).slice(0, most);
		const results = await Promise.allSettled(missing.map((conv) => this.#join(conv)));
		this.partly = results.some((result) => result.status === 'rejected' && isLimit(result.reason));
	}

	/** Follows the room that is shown, in place of the last of `others` if need be; how far it reaches, if that is news. */
	async show(conv: RoomKey, others: () => readonly RoomKey[]): Promise<number | undefined> {
		if (this.#isFollowed(conv)) return undefined;
		try {
			return (await this.#join(conv)).head;
		} catch (error) {
			const last = others().findLast((other) => other !== conv && this.#isFollowed(other));
			if (!isLimit(error) || last === undefined) throw error;
			await this.#chat.conversation(last).unfollow();
			return (await this.#join(conv)).head;
		}
	}

	/** A room was left on another device. */
	async drop(conv: RoomKey): Promise<void> {
		if (this.#isFollowed(conv)) await this.#chat.conversation(conv).unfollow();
	}

	#join(conv: RoomKey): Promise<Joined> {
		const joining =
			this.#joining.get(conv) ??
			this.#chat
				.conversation(conv)
				.join()
				.finally(() => this.#joining.delete(conv));
		this.#joining.set(conv, joining);
		return joining;
	}

	#isFollowed(conv: RoomKey): boolean {
		return this.#chat.conversation(conv).position !== undefined;
	}
}
