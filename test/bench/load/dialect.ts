import type { ReaderPlan } from './plan.ts';

/** What a dialect may do with its connection. */
export interface Talk {
	readonly plan: ReaderPlan;
	/** Where it stood in the room when its last connection ended; undefined when this is the first one. */
	readonly cursor: number | undefined;
	send(text: string): void;
	/** Asks for a pong, which comes after everything that was sent before has been read. */
	ping(): void;
	/** The server has let it in, and into its room; all that it missed has come. */
	joined(): void;
	/** Where the room stands when it joins, in a protocol with positions. */
	standsAt(seq: number): void;
	/** It will never be let in. */
	refused(why: string): void;
	/** Sends this whenever nothing has come for so long. */
	beat(text: string, afterMs: number): void;
}

/** One connection's side of a protocol. Messages of the bench do not get here: they are counted. */
export interface Conversation {
	opened(): void;
	/** A frame that holds no message of the bench. Long ones come only until `joined`. */
	text(text: string): void;
	pong(): void;
}

export interface Dialect {
	readonly subprotocol: string | undefined;
	/** Whether a client learns at once that it is in; if not, the next client need not wait for that. */
	readonly answersAtOnce: boolean;
	/** The URL to open, of one that a target names. */
	address(url: string): string;
	converse(talk: Talk): Conversation;
}
