import WebSocket from 'ws';
import { type Chat, type ConnectOptions, connect, type SignedIn } from '../../src/client/index.ts';
import { type ConversationKey, type RoomKey, roomOf } from '../../src/protocol/logs.ts';
import type { Ledger } from './ledger.ts';
import type { Reader, Sighting, Sightings } from './sightings.ts';

/** Where clients write down what they do and see. */
export interface Books {
	readonly ledger: Ledger;
	readonly sightings: Sightings;
}

interface DeviceOptions extends Pick<ConnectOptions, 'api' | 'url' | 'urls' | 'backoff' | 'timeoutMs'> {
	readonly name: string;
	readonly session: SignedIn;
	readonly books: Books;
	/** Told each message as it comes. */
	readonly saw?: (conv: ConversationKey, body: string) => void;
}

/** A client of the SDK that writes down what it sees of the conversations that it watches. */
export class Device {
	readonly name: string;
	readonly session: SignedIn;
	readonly chat: Chat;
	/** When it came online, after the first time: on the clock of `performance.now()`. */
	readonly returns: number[] = [];
	readonly resets: string[] = [];
	readonly #books: Books;
	readonly #watched = new Map<ConversationKey, Sighting>();
	#socket: WebSocket | undefined;

	constructor({ name, session, books, saw, ...where }: DeviceOptions) {
		this.name = name;
		this.session = session;
		this.#books = books;
		const keep = (socket: WebSocket) => {
			this.#socket = socket;
		};
		class Kept extends WebSocket {
			constructor(url: string, protocol: string) {
				super(url, protocol);
				keep(this);
			}
		}
		this.chat = connect({ ...where, ...session, WebSocket: Kept });
		this.chat.on('message', (message) => {
			const sighting = this.#watched.get(message.conv);
			if (sighting !== undefined) books.sightings.see(sighting, message);
			saw?.(message.conv, message.body);
		});
		this.chat.on('state', (state) => {
			if (state === 'online') this.returns.push(performance.now());
		});
		this.chat.on('reset', ({ conv, from, to }) => void this.#reset(conv, from, to));
	}

	/** All of it is owed to this device: a room from its join on, a direct conversation from its first message. */
	async watch(conv: ConversationKey): Promise<void> {
		if (roomOf(conv) === undefined) {
			this.#watched.set(conv, this.#books.sightings.open(this.#reader, conv, 1));
			return;
		}
		const sighting = this.#books.sightings.open(this.#reader, conv);
		this.#watched.set(conv, sighting);
		const { head } = await this.chat.conversation(conv as RoomKey).join();
		sighting.owed(head + 1);
	}

	get #reader(): Reader {
		return { name: this.name, token: this.session.token };
	}

	/** Nothing is owed any more: it goes, or leaves the room. */
	forget(conv?: ConversationKey): void {
		for (const [key, sighting] of this.#watched) {
			if (conv !== undefined && conv !== key) continue;
			sighting.ended = true;
			this.#watched.delete(key);
		}
	}

	get watched(): ConversationKey[] {
		return [...this.#watched.keys()];
	}

	/** Sends over its connection, now or when it has one; resolves when the message is accepted, or not accepted for good. */
	async send(conv: ConversationKey, text: string): Promise<void> {
		const attempt = this.#books.ledger.begin(conv, text);
		const { ref, body } = attempt;
		try {
			this.#books.ledger.accept(attempt, await this.chat.conversation(conv).send(body, { ref }));
		} catch {
			// Given up when the client was closed: it may be in the log, once.
		}
	}

	/** Reads nothing more from its present connection, which stays open. */
	stopReading(): () => void {
		const socket = this.#socket;
		socket?.pause();
		return () => {
			if (socket?.isPaused) socket.resume();
		};
	}

	/** Where it is connected, or was last. */
	get server(): string | undefined {
		return this.#socket?.url;
	}

	/** Its connection breaks; resolves when it is online again, on whichever server. */
	async reconnect(): Promise<void> {
		const online = new Promise<void>((resolve) => {
			const off = this.chat.on('state', (state) => {
				if (state !== 'online') return;
				off();
				resolve();
			});
		});
		this.#socket?.terminate();
		await online;
	}

	/** As docs/client.md says: what was skipped is in the history. */
	async #reset(conv: ConversationKey | 'inbox', from: number, to: number): Promise<void> {
		this.resets.push(`${this.name} ${conv} ${from} to ${to}`);
		// Direct conversations the SDK catches up by itself, one by one.
		if (conv === 'inbox') return;
		const sighting = this.#watched.get(conv);
		sighting?.filled(to);
		for (let after = from - 1; sighting !== undefined && after < to; ) {
			const { items } = await this.chat.conversation(conv).history({ after, limit: 200 });
			after = items.at(-1)?.seq ?? to;
			if (items.length === 0) sighting.missing.add(to);
		}
	}
}
