import { now } from './clock.ts';
import type { Conversation, Talk } from './dialect.ts';
import { dialects } from './dialects/all.ts';
import { Link, type Listener } from './link.ts';
import { MarkerReader } from './marker.ts';
import type { ReaderPlan } from './plan.ts';
import { positionOf } from './position.ts';
import { Had, type Tally } from './tally.ts';

/** One for the process: frames of different connections are alike. */
const marker = new MarkerReader();

/** What a server asks of a client that is in is short; longer frames (who is here, who has read) need not be looked at. */
const longestRequest = 16;

export interface ReaderOptions {
	readonly plan: ReaderPlan;
	readonly localAddress: string | undefined;
	/** Undefined: what it gets is not counted. */
	readonly tally: Tally | undefined;
	/** Whether it keeps its position, to come back from there. */
	readonly positions: boolean;
	/** The handshake is done, and what the client says first is on its way. */
	opened(): void;
	joined(): void;
	closed(why: string): void;
}

/** A client that counts the messages it gets. It can be opened again, elsewhere, when it was closed. */
export class Reader implements Listener {
	readonly options: ReaderOptions;
	/** When it was opened, in µs. */
	openedAt = 0;
	isIn = false;
	readonly #had = new Had();
	#link: Link | undefined;
	#talk: Conversation | undefined;
	#cursor: number | undefined;
	#beat: { readonly text: string; readonly afterMicros: number } | undefined;

	constructor(options: ReaderOptions) {
		this.options = options;
	}

	open(url: string): void {
		const { plan, localAddress } = this.options;
		const { subprotocol, address, converse } = dialects[plan.dialect];
		this.openedAt = now();
		this.isIn = false;
		const link = new Link({ url: address(url), subprotocol, localAddress }, this);
		this.#link = link;
		const talk: Talk = {
			plan,
			cursor: this.#cursor,
			send: (text) => link.send(text),
			ping: () => link.ping(),
			joined: () => this.#joined(),
			standsAt: (seq) => {
				if (this.options.positions) this.#cursor = seq;
			},
			refused: (why) => link.close(why),
			beat: (text, afterMs) => {
				this.#beat = { text, afterMicros: afterMs * 1000 };
			},
		};
		this.#talk = converse(talk);
	}

	/** To be called now and then: says what its protocol wants to be said after a silence. */
	beat(at: number): void {
		const link = this.#link;
		if (link === undefined || this.#beat === undefined || !this.isIn) return;
		if (at - link.heardAt > this.#beat.afterMicros) link.send(this.#beat.text);
	}

	close(why: string): void {
		this.#link?.close(why);
	}

	opened(): void {
		this.#talk?.opened();
		this.options.opened();
	}

	text(bytes: Buffer, start: number, end: number, at: number): void {
		if (marker.find(bytes, start, end)) {
			this.options.tally?.add(this.#had, marker.index, marker.sentAt, at);
			if (this.options.positions) this.#cursor = positionOf(bytes, start, end) || this.#cursor;
		} else if (!this.isIn || end - start <= longestRequest) {
			this.#talk?.text(bytes.toString('utf8', start, end));
		}
	}

	pong(): void {
		this.#talk?.pong();
	}

	closed(why: string): void {
		this.#link = undefined;
		this.isIn = false;
		this.options.closed(why);
	}

	#joined(): void {
		if (this.isIn) return;
		this.isIn = true;
		this.options.joined();
	}
}
