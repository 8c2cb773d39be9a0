import {
	type Chat,
	type Conversation,
	type ConversationPage,
	type ConversationSummary,
	findUser,
	type Joined,
	openRoom,
	type Room,
	TschatError,
	type User,
} from '../client/index.ts';
import { roomOf } from '../protocol/logs.ts';
import { conversationLines, failedLine, joinedLine, membersLine, messageLine, unreadLine } from './format.ts';
import { dim, type Line } from './line.ts';
import type { Names } from './names.ts';
import type { RoomChoice } from './options.ts';
import type { Outgoing } from './outgoing.ts';
import type { Screen } from './screen.ts';

interface Parts {
	readonly chat: Chat;
	readonly api: string;
	readonly token: string;
	readonly screen: Screen;
	readonly names: Names;
	readonly outgoing: Outgoing;
	/** Whether nobody sees what is typed to: then a conversation that cannot be entered leaves none, rather than the one before. */
	readonly blind: boolean;
}

const notJoined = (choice: RoomChoice): Error => {
	const title = typeof choice === 'number' ? `room ${choice}` : `#${choice}`;
	return new Error(`you have not joined ${title}: /join ${choice}`);
};

/** What a person can do, and the conversation that is typed to. Failures reject with an error whose message can be shown. */
export class Desk {
	readonly #parts: Parts;
	/** What has been read here. The server learns it a moment later. */
	readonly #read = new Map<string, number>();
	#present: Conversation | undefined;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** The key of the conversation that is typed to. */
	get present(): string | undefined {
		return this.#present?.key;
	}

	get names(): Names {
		return this.#parts.names;
	}

	show(...lines: readonly Line[]): void {
		for (const line of lines) this.#parts.screen.show(line);
	}

	/** Tells what is unread, and joins rooms; the first of them is typed to. Waits for a connection. */
	async begin(choices: readonly RoomChoice[]): Promise<void> {
		const { chat, names, screen } = this.#parts;
		const unread = unreadLine(this.#learned(await chat.conversations({ limit: 50 })), names);
		if (unread !== undefined) screen.note(unread);
		let first: Room | undefined;
		for (const choice of choices) {
			const room = await this.#open(choice);
			this.#joined(room, await room.join());
			first ??= room;
		}
		if (first !== undefined) this.#enter(first);
	}

	/**
	 * Sends to the present conversation. It is shown when it is accepted; until then only that it waits, without a connection.
	 * Resolves when the next line may follow: a program writes faster than messages are accepted.
	 */
	async say(body: string): Promise<void> {
		const { chat, screen, outgoing, blind } = this.#parts;
		if (blind) await outgoing.hasRoom();
		if (this.#present === undefined) throw new Error('to whom? /join 1 enters a room, /dm NAME writes to a user');
		const ref = crypto.randomUUID();
		outgoing.add(ref);
		this.#present.send(body, { ref }).catch((error: TschatError) => {
			// Any other refusal is told by the event `failed`, as are those of messages that an earlier client left.
			if (error.code !== 'queue-full') return;
			outgoing.refused(ref);
			screen.note(failedLine({ body, error }, new Date()));
		});
		if (chat.state === 'offline' || chat.state === 'connecting') screen.note([dim(`waits: ${body}`)]);
	}

	/** Makes the room if there is none of that name. */
	async join(choice: RoomChoice): Promise<void> {
		this.#turnAway();
		const room = await this.#open(choice);
		this.#joined(room, await this.#asked(() => room.join()));
		this.#enter(room);
	}

	async leave(choice: RoomChoice | undefined = roomOf(this.present ?? '')): Promise<void> {
		const { names, screen, outgoing } = this.#parts;
		if (choice === undefined) throw new Error('which room? /leave 7');
		const room = this.#known(choice);
		await this.#asked(() => room.leave());
		outgoing.left(room.key);
		screen.note([dim(`left ${names.titleOf(room.key)}`)]);
		if (room.key !== this.present) return;
		this.#present = undefined;
		screen.prompt('');
	}

	switchTo(choice: RoomChoice): void {
		this.#turnAway();
		const room = this.#known(choice);
		if (room.position === undefined) throw notJoined(choice);
		this.#enter(room);
	}

	/** Rejects when there is no user of that name. */
	async direct(name: string): Promise<void> {
		this.#turnAway();
		const { chat, api, token, names } = this.#parts;
		const id = names.idOf(name) ?? (await this.#find({ api, token, name })).id;
		const conversation = chat.direct(id);
		this.#enter(conversation);
		if (conversation.position !== undefined) return;
		const { items } = await this.#asked(() => conversation.history({ limit: 1 }));
		this.read(conversation, items[0]?.seq);
	}

	/** The person has seen the conversation up to `seq`, or to the last message that was shown. */
	read(conversation: Conversation, seq = conversation.position): void {
		if (seq === undefined) return;
		this.#read.set(conversation.key, seq);
		conversation.read(seq);
	}

	async rooms(): Promise<void> {
		const { chat, names } = this.#parts;
		const page = await this.#asked(() => chat.conversations({ limit: 50 }));
		const items = this.#learned(page);
		const lines = conversationLines(items, { names, present: this.present, now: new Date() });
		this.show(...lines, ...(items.length === 0 ? [[dim('no conversations yet')]] : []));
		if (page.next !== null) this.show([dim('… and older ones')]);
	}

	async history(limit: number): Promise<void> {
		const { names } = this.#parts;
		const conversation = this.#presentOne();
		const { items } = await this.#asked(() => conversation.history({ limit }));
		const now = new Date();
		this.show(...items.map((message) => messageLine(message, { own: message.from.id === names.self.id, now })));
		if (items.length === 0) this.show([dim('nothing was said yet')]);
	}

	async members(): Promise<void> {
		const { names } = this.#parts;
		const conversation = this.#presentOne();
		const members = await this.#asked(() => conversation.members());
		for (const user of members.items ?? []) names.learn(user);
		this.show(membersLine(members));
	}

	#presentOne(): Conversation {
		if (this.#present === undefined) throw new Error('of what? /join 1 enters a room, /dm NAME a direct conversation');
		return this.#present;
	}

	/** Another conversation is to be entered: lines that follow are for that one. */
	#turnAway(): void {
		if (this.#parts.blind) this.#present = undefined;
	}

	/** Whoever enters a conversation has read it. */
	#enter(conversation: Conversation): void {
		this.#present = conversation;
		this.read(conversation);
		this.#parts.screen.prompt(this.#parts.names.titleOf(conversation.key));
	}

	/** The room of a number or a name; that of a new name is made. */
	async #open(choice: RoomChoice): Promise<Room> {
		const { chat, api, token, names } = this.#parts;
		if (typeof choice === 'number') return chat.room(choice);
		const conv = names.roomNamed(choice) ?? (await openRoom({ api, token, name: choice })).conv;
		return chat.conversation(conv);
	}

	/** Throws for a name that this client has not been told: nobody means to make a room by leaving it. */
	#known(choice: RoomChoice): Room {
		const { chat, names } = this.#parts;
		if (typeof choice === 'number') return chat.room(choice);
		const conv = names.roomNamed(choice);
		if (conv === undefined) throw notJoined(choice);
		return chat.conversation(conv);
	}

	async #find(query: { api: string; token: string; name: string }): Promise<User> {
		const user = await findUser(query);
		this.#parts.names.learn(user);
		return user;
	}

	#joined(room: Room, joined: Joined): void {
		const { names, screen } = this.#parts;
		names.learnRoom(room.key, joined.name);
		for (const user of joined.members ?? []) names.learn(user);
		screen.note(joinedLine(names.titleOf(room.key), joined));
	}

	/** A page of conversations, with what has been read here. */
	#learned({ items }: ConversationPage): ConversationPage['items'] {
		const { names } = this.#parts;
		for (const { conv, name, peer, last } of items) {
			names.learnRoom(conv, name);
			if (peer !== null) names.learn(peer);
			if (last !== null) names.learn(last.from);
		}
		// Whoever was the last to write has read what came before.
		const unread = ({ conv, head, unread, last }: ConversationSummary) =>
			last?.from.id === names.self.id ? 0 : Math.min(unread, Math.max(0, head - (this.#read.get(conv) ?? 0)));
		return items.map((item) => ({ ...item, unread: unread(item) }));
	}

	/** An answer of the server, or a refusal at once without a connection: the client itself would wait for one. */
	#asked<T>(ask: () => Promise<T>): Promise<T> {
		const { chat } = this.#parts;
		const offline = () => new TschatError('unreachable', 'no connection at the moment: try again when it is back');
		if (chat.state === 'offline' || chat.state === 'connecting') return Promise.reject(offline());
		return new Promise((resolve, reject) => {
			const off = chat.on('state', (state) => {
				if (state === 'offline') reject(offline());
			});
			ask().then(resolve, reject).finally(off);
		});
	}
}
