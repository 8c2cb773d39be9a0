import type { Kysely } from 'kysely';
import type { ChatStore, Receipt, Standing } from '../../ports/chat-store.ts';
import type { ConversationKey, RoomKey } from '../../protocol/logs.ts';
import { heads } from './read.ts';
import type { Runner } from './runner.ts';
import { padded } from './statement-sizes.ts';
import type { Tables } from './tables.ts';

const noStanding: Standing = { head: 0, read: 0, delivered: 0 };

/** See `ChatStore.joinRoom`. A message that arrives meanwhile is unread. */
export const joinRoom = async (
	runner: Runner,
	{ userId, conv, at }: { readonly userId: number; readonly conv: RoomKey; readonly at: number },
): ReturnType<ChatStore['joinRoom']> => {
	const member = await runner.run((db) => isMember(db, userId, conv));
	const joined = !member && (await addMember(runner, { userId, conv, at }));
	const [standing = noStanding] = await runner.run((db) => standings(db, userId, [conv]));
	return { ...standing, joined };
};

/** False when another device was quicker. */
const addMember = async (
	runner: Runner,
	{ userId, conv, at }: { readonly userId: number; readonly conv: RoomKey; readonly at: number },
): Promise<boolean> => {
	const [head = 0] = await runner.run((db) => heads(db, [conv]));
	const row = { user_id: userId, conv, joined_at: at, read_seq: head, delivered_seq: head };
	return (await runner.unlessTaken((db) => db.insertInto('memberships').values(row).execute())) !== undefined;
};

const isMember = async (db: Kysely<Tables>, userId: number, conv: RoomKey): Promise<boolean> => {
	const memberships = db.selectFrom('memberships').select('conv').where('user_id', '=', userId);
	return (await memberships.where('conv', '=', conv).executeTakeFirst()) !== undefined;
};

/** See `ChatStore.leaveRoom`. */
export const leaveRoom = async (db: Kysely<Tables>, userId: number, conv: RoomKey): Promise<boolean> => {
	const memberships = db.deleteFrom('memberships').where('user_id', '=', userId).where('conv', '=', conv);
	const { numDeletedRows } = await memberships.executeTakeFirstOrThrow();
	return numDeletedRows > 0n;
};

/** See `ChatStore.receipts`. */
export const receipts = async (db: Kysely<Tables>, conv: ConversationKey, limit: number): Promise<Receipt[] | null> => {
	const rows = await db
		.selectFrom('memberships')
		.select(['user_id as userId', 'delivered_seq as delivered', 'read_seq as read'])
		.where('conv', '=', conv)
		.limit(limit + 1)
		.execute();
	return rows.length > limit ? null : rows;
};

/** See `ChatStore.standings`. */
export const standings = async (
	db: Kysely<Tables>,
	userId: number,
	convs: readonly ConversationKey[],
): Promise<Standing[]> => {
	if (convs.length === 0) return [];
	// From the logs: in a conversation without a message nobody has got anywhere.
	const rows = await db
		.selectFrom('logs')
		.leftJoin('memberships', (join) =>
			join.onRef('memberships.conv', '=', 'logs.key').on('memberships.user_id', '=', userId),
		)
		.select(['key', 'head', 'read_seq', 'delivered_seq'])
		.where('key', 'in', padded(convs))
		.execute();
	const byConv = new Map<string, Standing>(
		rows.map((row) => [row.key, { head: row.head, read: row.read_seq ?? 0, delivered: row.delivered_seq ?? 0 }]),
	);
	return convs.map((conv) => byConv.get(conv) ?? noStanding);
};
