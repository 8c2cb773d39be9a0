import { type Kysely, sql } from 'kysely';
import type { Appended, NewMessage } from '../../ports/chat-store.ts';
import { inboxKey, type LogKey, roomOf } from '../../protocol/logs.ts';
import type { FeedPosition, Message } from '../../protocol/message.ts';
import { messageOf, rowOf } from './message-row.ts';
import type { Runner } from './runner.ts';
import { markSenders } from './sender-marks.ts';
import type { SqlDialect } from './sql-dialect.ts';
import { chunksOf } from './statement-sizes.ts';
import type { MessageRow, Tables } from './tables.ts';

/**
 * Appends a batch in one transaction of seven to nine statements, whatever its size. Concurrent appends of the same `ref`
 * meet in the unique index: the later one starts again, and then finds the first.
 */
export const append = async (
	runner: Runner,
	dialect: SqlDialect,
	messages: readonly NewMessage[],
): Promise<Appended[]> => {
	if (messages.length === 0) return [];
	return runner.transaction((db) => appendIn(db, dialect, messages), { retryUniqueViolations: true });
};

const appendIn = async (
	db: Kysely<Tables>,
	dialect: SqlDialect,
	messages: readonly NewMessage[],
): Promise<Appended[]> => {
	const known = await findByRef(db, dialect, messages);
	const fresh = new Map<string, NewMessage>();
	for (const message of messages) {
		const name = refName(message.from.id, message.ref);
		if (!known.has(name) && !fresh.has(name)) fresh.set(name, message);
	}
	const nextPosition = await reservePositions(db, dialect, fresh.values());

	const appended = new Map<string, Appended>();
	const rows: MessageRow[] = [];
	const entries: Tables['inbox'][] = [];
	const memberships: Tables['memberships'][] = [];
	const reads: Message[] = [];
	for (const [name, asked] of fresh) {
		const { conv } = asked;
		const message = messageAt(asked, nextPosition(conv));
		const feeds: FeedPosition[] = [];
		const room = roomOf(conv);
		if (room !== undefined) feeds.push({ key: `room:${room}`, pos: message.seq });
		for (const userId of asked.inboxes) {
			const key = inboxKey(userId);
			const pos = nextPosition(key);
			feeds.push({ key, pos });
			entries.push({ user_id: userId, pos, conv, seq: message.seq });
			// The lock on its log gives the first position of a direct conversation to one transaction only.
			if (message.seq === 1) memberships.push(newMembership(userId, message));
		}
		rows.push(rowOf(message));
		if (asked.marksRead) reads.push(message);
		appended.set(name, { message, feeds, repeated: false, readOthers: false });
	}
	const { texts } = dialect;
	for (const chunk of chunksOf(rows))
		await texts.insert(db, 'messages', chunk, () => db.insertInto('messages').values(chunk));
	for (const chunk of chunksOf(entries))
		await texts.insert(db, 'inbox', chunk, () => db.insertInto('inbox').values(chunk));
	for (const chunk of chunksOf(memberships))
		await texts.insert(db, 'memberships', chunk, () => db.insertInto('memberships').values(chunk));
	const telling = await markSenders(db, dialect, reads);

	return messages.map((asked) => {
		const name = refName(asked.from.id, asked.ref);
		const first = appended.get(name);
		if (first === undefined) return repeatOf(known.get(name));
		if (fresh.get(name) !== asked) return repeatOf(first.message);
		return telling.has(first.message) ? { ...first, readOthers: true } : first;
	});
};

/** Field by field: to spread it here and where it is made (`logic/sending.ts`) cost 5 us a message. */
const messageAt = ({ conv, id, from, to, kind, body, at, ref }: NewMessage, seq: number): Message => ({
	conv,
	seq,
	id,
	from,
	to,
	kind,
	body,
	at,
	ref,
});

const newMembership = (userId: number, { conv, at }: Message): Tables['memberships'] => ({
	user_id: userId,
	conv,
	joined_at: at,
	read_seq: 0,
	delivered_seq: 0,
});

const refName = (senderId: number, ref: string) => `${senderId}:${ref}`;

const repeatOf = (message: Message | undefined): Appended => {
	if (message === undefined) throw new Error('an entry of the batch was neither found nor appended');
	return { message, feeds: [], repeated: true, readOthers: false };
};

/** The messages that their senders have appended before, by `refName`. */
const findByRef = async (
	db: Kysely<Tables>,
	dialect: SqlDialect,
	messages: readonly NewMessage[],
): Promise<Map<string, Message>> => {
	const found = new Map<string, Message>();
	for (const chunk of chunksOf(messages)) {
		const refs = chunk.map(({ from, ref }) => [from.id, ref]);
		const places = () => dialect.rows(refs.map(([id, ref]) => sql`(${id}, ${ref})`));
		const rows = await dialect.texts.run(db, 'by ref', refs, () =>
			db.selectFrom('messages').selectAll().where(sql<boolean>`(sender_id, ref) in (${places()})`),
		);
		for (const row of rows) found.set(refName(row.sender_id, row.ref), messageOf(row));
	}
	return found;
};

/** See `ChatStore.messageByRef`. */
export const messageByRef = async (db: Kysely<Tables>, senderId: number, ref: string): Promise<Message | undefined> => {
	const asked = db.selectFrom('messages').selectAll().where('sender_id', '=', senderId).where('ref', '=', ref);
	const row = await asked.executeTakeFirst();
	return row === undefined ? undefined : messageOf(row);
};

/** Takes as many positions of each log as the messages need; what it returns gives them out one by one. */
const reservePositions = async (
	db: Kysely<Tables>,
	dialect: SqlDialect,
	messages: Iterable<NewMessage>,
): Promise<(key: LogKey) => number> => {
	const steps = new Map<LogKey, Tables['logs']>();
	for (const { conv, inboxes, at } of messages) {
		for (const key of [conv, ...inboxes.map(inboxKey)]) {
			steps.set(key, { key, head: (steps.get(key)?.head ?? 0) + 1, last_at: at });
		}
	}
	// All transactions lock logs in the same order, so that no two wait for each other.
	const sorted = [...steps.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
	const next = new Map<LogKey, number>();
	for (const chunk of chunksOf(sorted)) {
		for (const { key, head } of await dialect.advanceHeads(db, chunk))
			next.set(key, head - (steps.get(key)?.head ?? 0) + 1);
	}
	return (key) => {
		const position = next.get(key);
		if (position === undefined) throw new Error(`no position reserved in ${key}`);
		next.set(key, position + 1);
		return position;
	};
};
