import type { Message } from '../../protocol/message.ts';
import type { MessageRow } from './tables.ts';

export const rowOf = (message: Message): MessageRow => ({
	conv: message.conv,
	seq: message.seq,
	id: message.id,
	sender_id: message.from.id,
	sender_name: message.from.name,
	to_id: message.to?.id ?? null,
	to_name: message.to?.name ?? null,
	kind: message.kind,
	body: message.body,
	ref: message.ref,
	at: message.at,
});

export const messageOf = (row: MessageRow): Message => ({
	conv: row.conv,
	seq: row.seq,
	id: row.id,
	from: { id: row.sender_id, name: row.sender_name },
	to: row.to_id === null || row.to_name === null ? null : { id: row.to_id, name: row.to_name },
	kind: row.kind,
	body: row.body,
	at: row.at,
	ref: row.ref,
});
