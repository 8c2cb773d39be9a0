import Type, { type Static } from 'typebox';
import { Ref } from '../limits.ts';
import { ConversationKeySchema, type Message, NonNegativeInt, PositiveInt } from '../message.ts';
import type { Conversation, Receipt } from '../rpc-values.ts';

/** What v2 frames and v2 HTTP bodies are made of: ids are strings, times RFC 3339 in UTC with milliseconds. */

/** A user as clients of v2 see one. */
export const UserV2 = Type.Object({
	id: Type.String({ pattern: '^[1-9][0-9]{0,15}$', examples: ['1'] }),
	name: Type.String({ examples: ['demo'] }),
});
export type UserV2 = Static<typeof UserV2>;

export const Time = Type.String({ format: 'date-time', examples: ['2026-01-31T12:00:00.000Z'] });

/** A message as clients of v2 see it. */
export const MessageV2 = Type.Object({
	conv: ConversationKeySchema,
	/** Position in the conversation, gapless from 1. */
	seq: PositiveInt,
	id: Type.String({ examples: ['7215544061001728'] }),
	from: UserV2,
	kind: Type.Literal('text'),
	body: Type.String({ examples: ['hello'] }),
	at: Time,
	/** The sender's name for it; only to the sender's own devices. */
	ref: Type.Optional(Ref),
	/** Position in the reader's inbox; only of direct messages that arrive over a socket. */
	inbox: Type.Optional(PositiveInt),
});
export type MessageV2 = Static<typeof MessageV2>;

/** How far a user has got in a conversation: delivered to a device, read by the person. */
const Standing = Type.Object({ delivered: NonNegativeInt, read: NonNegativeInt });

/** How far one user has got in a conversation. */
export const ReceiptV2 = Type.Object({ user: UserV2.properties.id, ...Standing.properties });
export type ReceiptV2 = Static<typeof ReceiptV2>;

/** A line of the inbox. */
export const ConversationV2 = Type.Object({
	conv: ConversationKeySchema,
	/** Of a room that has one; null otherwise. */
	name: Type.Union([Type.String({ examples: ['general'] }), Type.Null()]),
	/** `seq` of the newest message; 0 when there is none. */
	head: NonNegativeInt,
	/** One's own read position. */
	read: NonNegativeInt,
	unread: NonNegativeInt,
	last: Type.Union([MessageV2, Type.Null()]),
	/** The other user of a direct conversation, and how far that one has got; null in a room. */
	peer: Type.Union([Type.Object({ ...UserV2.properties, ...Standing.properties }), Type.Null()]),
});
export type ConversationV2 = Static<typeof ConversationV2>;

export const toUserV2 = ({ id, name }: { id: number; name: string }): UserV2 => ({ id: String(id), name });

let lastAt = Number.NaN;
let lastTime = '';

/** RFC 3339 of milliseconds since 1970 UTC. What is accepted together has one time, of which the text is made once. */
export const toTime = (at: number): string => {
	if (at === lastAt) return lastTime;
	lastTime = new Date(at).toISOString();
	lastAt = at;
	return lastTime;
};

/** A message without what only some readers are told (`ref`, `inbox`). */
export const toMessageV2 = ({ conv, seq, id, from, kind, body, at }: Message): MessageV2 => ({
	conv,
	seq,
	id,
	from: toUserV2(from),
	kind,
	body,
	at: toTime(at),
});

export const toReceiptV2 = ({ userId, delivered, read }: Receipt): ReceiptV2 => ({
	user: String(userId),
	delivered,
	read,
});

export const toConversationV2 = ({ conv, name, head, read, last, peer }: Conversation): ConversationV2 => ({
	conv,
	name,
	head,
	read,
	unread: head - read,
	last: last && toMessageV2(last),
	peer: peer && { ...toUserV2(peer.user), delivered: peer.delivered, read: peer.read },
});
