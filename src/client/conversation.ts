import type { ConversationKey, RoomKey } from '../protocol/logs.ts';
import type { ServerFrameOf } from '../protocol/v2/server-frames.ts';
import type { MemberReceipt, Message } from './events.ts';
import { MessageReader } from './message-reader.ts';
import type { Accepted } from './outbox.ts';
import type { Parts } from './parts.ts';

/** A page of a conversation, oldest first; `more` in the direction that was asked. */
export interface Page {
	readonly items: readonly Message[];
	readonly more: boolean;
}

/** Who is here now; `items` is null in a large room. */
export type Members = Pick<ServerFrameOf<'members'>, 'items' | 'count'>;
export type Joined = Pick<ServerFrameOf<'joined'>, 'name' | 'head' | 'read' | 'members' | 'count'>;

const typingIntervalMs = 1000;

/** A direct conversation, or a room. Questions wait for a connection; they reject when they are refused, or the client is closed. */
export class Conversation {
	readonly key: ConversationKey;
	readonly #parts: Parts;
	#typedAt = Number.NEGATIVE_INFINITY;

	constructor(key: ConversationKey, parts: Parts) {
		this.key = key;
		this.#parts = parts;
	}

	/** `seq` of the last message that was emitted; undefined for a room that is not followed and a direct conversation without any. */
	get position(): number | undefined {
		return this.#parts.feeds.positionOf(this.key);
	}

	/**
	 * Sends a message. Resolves when it is accepted, which may be after hours and several connections. Messages of one conversation
	 * are accepted in the order of the calls. Rejects with `queue-full`, when the message is refused for good, and when the
	 * client is closed (with a store the message is kept all the same, and sent by the next client).
	 *
	 * With a `ref` of one's own, the same message may be sent again without becoming two; up to 64 characters.
	 *
	 * ```ts
	 * const { seq } = await chat.room(1).send('hello');
	 * ```
	 */
	send(body: string, { ref }: { ref?: string } = {}): Promise<Accepted> {
		const accepted = this.#parts.outbox.send(this.key, body, ref);
		this.#parts.owner.changed();
		return accepted;
	}

	/**
	 * A page of up to 200 messages (50 unless told): before or after a `seq` (which is not in it), or the newest.
	 *
	 * ```ts
	 * const { items, more } = await room.history({ before: 100, limit: 50 });
	 * ```
	 */
	history({ before, after, limit }: { before?: number; after?: number; limit?: number } = {}): Promise<Page> {
		const bounds = {
			...(before === undefined ? {} : { before }),
			...(after === undefined ? {} : { after }),
			...(limit === undefined ? {} : { limit }),
		};
		return this.#parts.requests.ask(
			'messages',
			(ref) => ({ type: 'history', ref, conv: this.key, ...bounds }),
			({ items, more }) => ({ items, more }),
		);
	}

	/** Who is in the room now; in a direct conversation, who of the two is connected. */
	members(): Promise<Members> {
		return this.#parts.requests.ask(
			'members',
			(ref) => ({ type: 'members', ref, conv: this.key }),
			({ items, count }) => ({ items, count }),
		);
	}

	/**
	 * How far everybody has got among whose conversations it is, oneself too; null in a room with more than 100 of them. What
	 * the event `receipt` told may be newer: positions only grow.
	 */
	receipts(): Promise<readonly MemberReceipt[] | null> {
		return this.#parts.requests.ask(
			'receipts',
			(ref) => ({ type: 'receipts', ref, conv: this.key }),
			({ items }) => items,
		);
	}

	/** The user has read up to `seq`, or up to the last message that was emitted. Never goes back; told at most once a second. */
	read(seq = this.position): void {
		if (seq === undefined || seq < 1) return;
		this.#parts.marks.read(this.key, seq);
		this.#parts.owner.changed();
	}

	/** The user is typing: told at most once a second, and only while connected. */
	typing(): void {
		const now = performance.now();
		if (!this.#parts.wire.open || now - this.#typedAt < typingIntervalMs) return;
		this.#typedAt = now;
		this.#parts.wire.send({ type: 'typing', conv: this.key });
	}

	/**
	 * Each message once, in order, across reconnects: from now on, or those after a `seq`, whose history comes first. Live messages
	 * come of direct conversations and of rooms that are followed. A slow consumer misses nothing. Ends when its consumer leaves
	 * the loop, when the room is left and when the client is closed; throws when the server says to stop.
	 *
	 * ```ts
	 * const { head } = await room.join();
	 * for await (const { seq, from, body } of room.messages({ after: head })) console.log(seq, from.name, body);
	 * ```
	 */
	messages({ after }: { after?: number } = {}): AsyncIterableIterator<Message, undefined> {
		const { feeds, pageOf } = this.#parts;
		const reader = new MessageReader({
			after: after ?? this.position,
			behind: after !== undefined,
			page: pageOf(this.key),
			ended: () => feeds.removeReader(this.key, reader),
		});
		feeds.addReader(this.key, reader);
		return reader;
	}
}

/** A room: its messages come once it is joined, and until it is left. */
export class Room extends Conversation {
	declare readonly key: RoomKey;
	readonly #parts: Parts;
	/** Joining and leaving, one after the other. */
	#turn: Promise<unknown> = Promise.resolve();

	constructor(key: RoomKey, parts: Parts) {
		super(key, parts);
		this.#parts = parts;
	}

	/**
	 * Follows the room on this client, and puts it into the user's conversations. Messages come from the present head on, or with
	 * `after` from there. `name` is null for a room that has none; `members` is who is known to be here, and `presence` tells what
	 * changes from there. The room is followed across reconnects, and by the next client of the same store. Rejects with
	 * `limit-reached` beyond the rooms that a connection may follow, or those that a user may have.
	 *
	 * ```ts
	 * const { head, members } = await chat.room(1).join();
	 * ```
	 */
	join({ after }: { after?: number } = {}): Promise<Joined> {
		const { requests, feeds, marks, owner } = this.#parts;
		return this.#inTurn(() =>
			requests.ask(
				'joined',
				(ref) => {
					const cursor = this.position ?? after;
					return { type: 'join', ref, conv: this.key, ...(cursor === undefined ? {} : { cursor }) };
				},
				({ name, head, read, members, count }) => {
					feeds.follow(this.key, after ?? head);
					marks.known(this.key, { read });
					owner.changed();
					return { name, head, read, members, count };
				},
			),
		);
	}

	/** Ceases to follow the room, and takes it out of the user's conversations. Its iterators end. */
	leave(): Promise<void> {
		return this.#leave({});
	}

	/** Ceases to follow the room on this client; it stays among the user's conversations, and others go on. Its iterators end. */
	unfollow(): Promise<void> {
		return this.#leave({ here: true });
	}

	#leave(where: { here?: true }): Promise<void> {
		const { requests, feeds, marks, owner } = this.#parts;
		return this.#inTurn(() => {
			feeds.forget(this.key);
			if (where.here !== true) marks.forget(this.key);
			owner.changed();
			return requests.ask(
				'left',
				(ref) => ({ type: 'leave', ref, conv: this.key, ...where }),
				() => {},
			);
		});
	}

	#inTurn<T>(act: () => Promise<T>): Promise<T> {
		const result = this.#turn.then(act);
		this.#turn = result.catch(() => {});
		return result;
	}
}
