import type { ConversationKey } from '../protocol/logs.ts';
import type { ServerFrameOf } from '../protocol/v2/server-frames.ts';
import type { MessageV2 } from '../protocol/v2/values.ts';
import type { TschatError } from './errors.ts';
import type { ChatState } from './link.ts';
import type { Accepted, Unsent } from './outbox.ts';

/** How far a user has got in a conversation. */
export type Receipt = Omit<ServerFrameOf<'receipt'>, 'type'>;
/** How far a user has got in the conversation that was asked. */
export type MemberReceipt = Omit<Receipt, 'conv'>;
/** A room has come among the user's conversations (`joined`), or has gone from them. */
export type Membership = Omit<ServerFrameOf<'membership'>, 'type'>;
/** Who came to a room and who left it. */
export type Presence = Omit<ServerFrameOf<'presence'>, 'type'>;
/** Everybody who is in a room; `items` is null in a large one. */
export type RoomMembers = Omit<ServerFrameOf<'members'>, 'type' | 'ref'>;
export type Typing = Omit<ServerFrameOf<'typing'>, 'type'>;
/** A message, in a room or a direct conversation. */
export type Message = Omit<MessageV2, 'inbox'>;

/** A stretch of a conversation that `message` does not tell, both ends included. `inbox` is all direct conversations. */
export interface Reset {
	readonly conv: ConversationKey | 'inbox';
	readonly from: number;
	readonly to: number;
}

/** A message that was refused for good. */
export interface Failed extends Unsent {
	readonly error: TschatError;
}

/** What `chat.on` listens to. */
export interface ChatEvents {
	readonly state: ChatState;
	/** Each message of what is followed once, in the order of its conversation; one's own too. */
	readonly message: Message;
	readonly receipt: Receipt;
	/**
	 * The user has joined or left a room, on whichever device; what this client follows is not changed by it. Whoever is not
	 * connected is not told: `conversations` tells what holds.
	 */
	readonly membership: Membership;
	readonly presence: Presence;
	/** Who is in a room now, where changes cannot tell: it takes the place of what was known. */
	readonly members: RoomMembers;
	readonly typing: Typing;
	/** Messages were skipped: too many were missing. Their history can be asked for; iterators page it by themselves. */
	readonly reset: Reset;
	/** A message of this client was accepted, also one that an earlier client of the same store left. */
	readonly sent: Accepted;
	readonly failed: Failed;
	/** Something went wrong and will be tried again, or was asked for without an answer to wait for. */
	readonly error: TschatError;
	/** The end: with the reason when the server said to stop, with code `closed` after `close()`. */
	readonly closed: TschatError;
}
