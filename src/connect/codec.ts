import type { CloseKey } from '../protocol/close-codes.ts';
import type { ChatError } from '../protocol/errors.ts';
import type { Message } from '../protocol/message.ts';
import type { ReceiptItem, RoomItem, TypingItem } from '../protocol/queue-items.ts';
import type { ClientFrameV2 } from '../protocol/v2/client-frames.ts';
import type { ServerFrameV2 } from '../protocol/v2/server-frames.ts';
import type { RosterChange } from './roster.ts';

/** What a client of gochat's protocol asks for. */
export type GochatFrame =
	| { readonly type: 'enter'; readonly token: string; readonly roomId: number | undefined }
	| { readonly type: 'sendToRoom'; readonly roomId: number | undefined; readonly body: string }
	| { readonly type: 'sendToUser'; readonly userId: number; readonly body: string };

/** A frame that is to be answered with an error: its type is unknown, or a field is wrong. */
interface InvalidFrame {
	readonly type: 'invalid';
	readonly ref: string | undefined;
	readonly error: ChatError;
}

/** What a client asked for, whatever protocol it speaks. */
export type ClientFrame = GochatFrame | ClientFrameV2 | InvalidFrame;

/** What a message's encoding depends on besides the message. */
export interface Reader {
	/** Whether the reader is the sender: then it is told the `ref`. */
	readonly own: boolean;
	/** The message's position in the reader's inbox; undefined in a room. */
	readonly inbox: number | undefined;
}

/**
 * One client protocol on one kind of connection. Codecs have no state: one object serves all connections,
 * so that a message is encoded once per codec, however many readers it has.
 */
export interface Codec {
	/** Understands one inbound frame. Throws `ChatError('bad-request')` when the protocol is broken, which closes the connection. */
	decode(payload: Buffer): ClientFrame;
	/** A message, framed. */
	message(message: Message, reader: Reader): Buffer;
	/** Who is in a room, or how many, framed; empty when the protocol tells changes, which `change` gives, and there is none. */
	room(item: RoomItem, change: () => RosterChange): Buffer;
	/** What only v2 tells; null for gochat's protocol, which has no such frames. */
	readonly v2: V2Encoder | null;
}

interface V2Encoder {
	/** Frames of the server must not be longer than this, in bytes of JSON. */
	readonly maxFrameBytes: number;
	/** Whether a frame is short enough. */
	fits(frame: ServerFrameV2): boolean;
	frame(frame: ServerFrameV2): Buffer;
	receipt(item: ReceiptItem): Buffer;
	typing(item: TypingItem): Buffer;
	/** The last frames before the connection is closed. */
	closing(why: CloseKey, delayMs: number | undefined): Buffer;
}
