import type { Kysely } from 'kysely';
import type { Message } from '../../protocol/message.ts';
import { lockMarks, nameOf } from './mark.ts';
import type { SqlDialect } from './sql-dialect.ts';
import { chunksOf } from './statement-sizes.ts';
import type { Tables } from './tables.ts';

/** The own messages of one user in one conversation, in order. */
interface Sent {
	readonly user_id: number;
	readonly conv: Message['conv'];
	readonly messages: Message[];
}

const bySender = (messages: readonly Message[]): Map<string, Sent> => {
	const sent = new Map<string, Sent>();
	for (const message of messages) {
		const { from, conv } = message;
		const name = nameOf(from.id, conv);
		const known = sent.get(name);
		if (known === undefined) sent.set(name, { user_id: from.id, conv, messages: [message] });
		else known.messages.push(message);
	}
	return sent;
};

/**
 * Whoever writes has read what stands before: moves the marks of the senders to their messages, in the transaction that appends
 * these, where the conversation is among theirs. Gives the messages with which others' messages became read.
 */
export const markSenders = async (
	db: Kysely<Tables>,
	dialect: SqlDialect,
	messages: readonly Message[],
): Promise<ReadonlySet<Message>> => {
	const sent = bySender(messages);
	const rows = await lockMarks(db, dialect, [...sent.values()]);
	const telling = new Set<Message>();
	const moved = rows.map((row) => {
		let read = row.read_seq;
		for (const message of sent.get(nameOf(row.user_id, row.conv))?.messages ?? []) {
			if (message.seq - 1 > read) telling.add(message);
			read = message.seq;
		}
		return { ...row, read_seq: read, delivered_seq: read };
	});
	for (const chunk of chunksOf(moved)) await dialect.storeMarks(db, chunk);
	return telling;
};
