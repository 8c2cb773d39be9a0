import { inboxOwnerOf } from '../protocol/logs.ts';
import type { Message } from '../protocol/message.ts';
import type { Channel } from './channel.ts';
import type { Codec, Reader } from './codec.ts';
import type { Feed } from './feed.ts';

const joined = (parts: Buffer[]): Buffer => {
	const [only] = parts;
	return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
};

/** What a feed's readers get in one write: encoded once per codec, and once more for each user who sent some of it. */
export class Flush {
	readonly feed: Feed;
	readonly messages: readonly Message[];
	/** Position of the first message. */
	readonly first: number;
	/** The inbox's owner; undefined in a room. */
	readonly owner: number | undefined;
	/** Users who sent some of it and read here: they are told their own `ref`. */
	readonly #senders: ReadonlySet<number>;
	readonly #shared = new Map<Codec, Buffer>();
	readonly #own = new Map<Codec, Map<number, Buffer>>();

	constructor(feed: Feed, messages: readonly Message[], first: number) {
		this.feed = feed;
		this.messages = messages;
		this.first = first;
		this.owner = inboxOwnerOf(feed.key);
		const senders = new Set<number>();
		for (const { from } of messages) if (feed.users.has(from.id)) senders.add(from.id);
		this.#senders = senders;
	}

	/** How many messages it carries. */
	get size(): number {
		return this.messages.length;
	}

	/** Whether some readers of a codec get other bytes than the rest. */
	differs(codec: Codec): boolean {
		return this.#senders.size > 0 && (codec.v2 !== null) === (this.owner === undefined);
	}

	/** The bytes of all readers of a codec, unless it `differs`. */
	bytes(codec: Codec): Buffer {
		let bytes = this.#shared.get(codec);
		if (bytes === undefined) {
			bytes = this.#encode(codec, this.messages, this.first, undefined);
			this.#shared.set(codec, bytes);
		}
		return bytes;
	}

	/** The bytes of one reader; empty when there is nothing for it. */
	bytesFor(channel: Channel): Buffer {
		if (!this.differs(channel.codec)) return this.bytes(channel.codec);
		return channel.codec.v2 === null ? this.#withoutOrigin(channel) : this.#withRefs(channel);
	}

	/** The bytes of a reader that has had the messages up to a position. */
	bytesAfter(channel: Channel, position: number): Buffer {
		if (position < this.first) return this.bytesFor(channel);
		const rest = this.messages.slice(position - this.first + 1);
		return rest.length === 0 ? Buffer.alloc(0) : this.#encode(channel.codec, rest, position + 1, channel);
	}

	/** gochat's protocol: a direct message goes to the sender's other devices, not to the socket that it came from. */
	#withoutOrigin(channel: Channel): Buffer {
		if (!this.messages.some((message) => channel.isOriginOf(message.ref))) return this.bytes(channel.codec);
		return this.#encode(channel.codec, this.messages, this.first, channel);
	}

	#withRefs(channel: Channel): Buffer {
		const userId = channel.identity?.user.id;
		if (userId === undefined || !this.#senders.has(userId)) return this.bytes(channel.codec);
		let ofCodec = this.#own.get(channel.codec);
		if (ofCodec === undefined) {
			ofCodec = new Map();
			this.#own.set(channel.codec, ofCodec);
		}
		const bytes = ofCodec.get(userId) ?? this.#encode(channel.codec, this.messages, this.first, channel);
		ofCodec.set(userId, bytes);
		return bytes;
	}

	#encode(codec: Codec, messages: readonly Message[], first: number, channel: Channel | undefined): Buffer {
		const parts: Buffer[] = [];
		const userId = this.owner ?? channel?.identity?.user.id;
		for (const [index, message] of messages.entries()) {
			if (codec.v2 === null && this.owner !== undefined && channel?.isOriginOf(message.ref)) continue;
			const inbox = this.owner === undefined ? undefined : first + index;
			parts.push(codec.message(message, { own: message.from.id === userId, inbox } satisfies Reader));
		}
		return joined(parts);
	}
}
