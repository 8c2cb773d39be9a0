import type { Message } from '../protocol/message.ts';
import type { RoomItem } from '../protocol/queue-items.ts';

/** What a client asked for, whatever protocol it speaks. */
export type ClientFrame =
	| { readonly type: 'enter'; readonly token: string; readonly roomId: number | undefined }
	| { readonly type: 'sendToRoom'; readonly roomId: number | undefined; readonly body: string }
	| { readonly type: 'sendToUser'; readonly userId: number; readonly body: string };

/**
 * One client protocol on one kind of connection. Codecs have no state: one object serves all connections,
 * so that a message is encoded once per codec, however many readers it has.
 */
export interface Codec {
	/** Understands one inbound frame. Throws `ChatError('bad-request')`. */
	decode(payload: Buffer): ClientFrame;
	/** A message, framed. */
	message(message: Message): Buffer;
	/** Who is in a room, or how many, framed. */
	room(item: RoomItem): Buffer;
}
