import type { Kysely } from 'kysely';
import type { HistoryPage } from '../../ports/chat-store.ts';
import { type FeedKey, inboxOwnerOf, type LogKey } from '../../protocol/logs.ts';
import type { FeedEntry, Message } from '../../protocol/message.ts';
import { messageOf } from './message-row.ts';
import { padded } from './statement-sizes.ts';
import type { Tables } from './tables.ts';

/** See `ChatStore.heads`. */
export const heads = async (db: Kysely<Tables>, keys: readonly LogKey[]): Promise<number[]> => {
	if (keys.length === 0) return [];
	// Of many who come at once, most ask for the same rooms.
	const asked = padded([...new Set(keys)]);
	const rows = await db.selectFrom('logs').select(['key', 'head']).where('key', 'in', asked).execute();
	const byKey = new Map(rows.map(({ key, head }) => [key, head]));
	return keys.map((key) => byKey.get(key) ?? 0);
};

/** See `ChatStore.readFeed`. */
export const readFeed = async (
	db: Kysely<Tables>,
	key: FeedKey,
	after: number,
	limit: number,
): Promise<FeedEntry[]> => {
	const owner = inboxOwnerOf(key);
	if (owner === undefined) {
		const page = await history(db, { conv: key as Exclude<FeedKey, `user:${number}`>, after, limit });
		return page.map((message) => ({ pos: message.seq, message }));
	}
	const rows = await db
		.selectFrom('inbox')
		.innerJoin('messages', (join) =>
			join.onRef('messages.conv', '=', 'inbox.conv').onRef('messages.seq', '=', 'inbox.seq'),
		)
		.where('inbox.user_id', '=', owner)
		.where('inbox.pos', '>', after)
		.orderBy('inbox.pos')
		.limit(limit)
		.selectAll('messages')
		.select('inbox.pos')
		.execute();
	return rows.map((row) => ({ pos: row.pos, message: messageOf(row) }));
};

/** See `ChatStore.history`. */
export const history = async (db: Kysely<Tables>, { conv, after, before, limit }: HistoryPage): Promise<Message[]> => {
	let page = db.selectFrom('messages').selectAll().where('conv', '=', conv).limit(limit);
	if (before !== undefined) page = page.where('seq', '<', before);
	if (after !== undefined) {
		const rows = await page.where('seq', '>', after).orderBy('seq').execute();
		return rows.map(messageOf);
	}
	const newestFirst = await page.orderBy('seq', 'desc').execute();
	return newestFirst.map(messageOf).reverse();
};
