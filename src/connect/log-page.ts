import { inboxOwnerOf } from '../protocol/logs.ts';
import type { FeedEntry } from '../protocol/message.ts';
import type { Channel } from './channel.ts';
import type { Codec } from './codec.ts';

/** A page of a feed's log, for all clients that ask for it at the same time: what is the same for them is encoded once. */
export class LogPage {
	readonly entries: readonly FeedEntry[];
	readonly #isInbox: boolean;
	readonly #encoded = new Map<Codec, (Buffer | undefined)[]>();

	constructor(key: string, entries: readonly FeedEntry[]) {
		this.entries = entries;
		this.#isInbox = inboxOwnerOf(key) !== undefined;
	}

	/** An entry, framed for a channel. */
	bytes(index: number, { pos, message }: FeedEntry, channel: Channel): Buffer {
		const { codec } = channel;
		const own = message.from.id === channel.identity?.user.id;
		const reader = { own, inbox: this.#isInbox ? pos : undefined };
		if (own && !this.#isInbox) return codec.message(message, reader);
		const encoded = this.#encoded.get(codec) ?? [];
		this.#encoded.set(codec, encoded);
		const bytes = encoded[index] ?? codec.message(message, reader);
		encoded[index] = bytes;
		return bytes;
	}

	/** gochat's protocol: a direct message does not come back to the socket that it came from. */
	concerns({ message }: FeedEntry, channel: Channel): boolean {
		return channel.codec.v2 !== null || !this.#isInbox || !channel.isOriginOf(message.ref);
	}
}
