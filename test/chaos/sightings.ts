import type { ConversationKey } from '../../src/protocol/logs.ts';

/** Of a message, what all readers must agree on. */
interface Seen {
	readonly conv: ConversationKey;
	readonly seq: number;
	readonly id: string;
	readonly body: string;
}

/** Who reads. */
export interface Reader {
	readonly name: string;
	/** May read what the reader reads. */
	readonly token: string;
}

/** What one reader has seen of one conversation. */
export class Sighting {
	readonly reader: string;
	readonly token: string;
	readonly conv: ConversationKey;
	/** The first `seq` that is owed to the reader; undefined while that is the first one that comes. */
	from: number | undefined;
	/** Where `from` is not known: all is owed that was begun to be sent after this time, on the clock of `performance.now()`. */
	since: number | undefined;
	/** The `seq` that is due next; undefined before the first. */
	next: number | undefined;
	/** Passed over: lost, unless they come late. */
	readonly missing = new Set<number>();
	duplicated = 0;
	reordered = 0;
	/** The reader's connection was lost for good: what came after it is not owed. */
	ended = false;

	constructor({ name, token }: Reader, conv: ConversationKey, from?: number) {
		this.reader = name;
		this.token = token;
		this.conv = conv;
		this.from = from;
		this.next = from;
	}

	see(seq: number): void {
		this.from ??= seq;
		this.next ??= seq;
		if (seq >= this.next) {
			for (; this.next < seq; this.next += 1) this.missing.add(this.next);
			this.next = seq + 1;
		} else if (this.missing.delete(seq)) this.reordered += 1;
		else this.duplicated += 1;
	}

	/** It is known now that all from here on is owed; some of it may have come already. */
	owed(from: number): void {
		for (let seq = from; seq < (this.from ?? from); seq += 1) this.missing.add(seq);
		this.from = from;
		this.next ??= from;
	}

	/** The reader was told that these are skipped, and has read them in the history. */
	filled(to: number): void {
		this.next = Math.max(this.next ?? 1, to + 1);
	}
}

/** Everything that all readers have seen. Which message a `seq` is the first of them tells, and the others must agree. */
export class Sightings {
	readonly all: Sighting[] = [];
	/** `id` and body by conversation and `seq`. */
	readonly told = new Map<ConversationKey, Map<number, string>>();
	readonly conflicts: string[] = [];

	/** Begins to record what a reader sees of a conversation. */
	open(reader: Reader, conv: ConversationKey, from?: number): Sighting {
		const sighting = new Sighting(reader, conv, from);
		this.all.push(sighting);
		return sighting;
	}

	/** A message as a reader has got it. */
	see(sighting: Sighting, { conv, seq, id, body }: Seen): void {
		sighting.see(seq);
		let messages = this.told.get(conv);
		if (messages === undefined) {
			messages = new Map();
			this.told.set(conv, messages);
		}
		const text = `${id} ${body}`;
		const known = messages.get(seq);
		if (known === undefined) messages.set(seq, text);
		else if (known !== text) {
			this.conflicts.push(
				`${sighting.reader} has in ${conv} as ${seq} "${text.slice(0, 80)}", others "${known.slice(0, 80)}"`,
			);
		}
	}
}
