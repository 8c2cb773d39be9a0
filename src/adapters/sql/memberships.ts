import { type Kysely, sql } from 'kysely';
import type { ChatStore, Receipt, Standing } from '../../ports/chat-store.ts';
import type { ConversationKey, RoomKey } from '../../protocol/logs.ts';
import { nameOf } from './mark.ts';
import { heads } from './read.ts';
import type { Runner } from './runner.ts';
import type { SqlDialect } from './sql-dialect.ts';
import { chunksOf, padded } from './statement-sizes.ts';
import type { Tables } from './tables.ts';

const noStanding: Standing = { head: 0, read: 0, delivered: 0 };

export interface Join {
	readonly userId: number;
	readonly conv: RoomKey;
	readonly at: number;
	/** Rooms that the user may have. */
	readonly most: number;
}

type Joined = Awaited<ReturnType<ChatStore['joinRoom']>>;

/**
 * Up to 256 of `ChatStore.joinRoom` at once, in the order given: two statements; another and a transaction where somebody is new.
 * A message that arrives meanwhile is unread.
 */
export const joinRooms = async (runner: Runner, dialect: SqlDialect, joins: readonly Join[]): Promise<Joined[]> => {
	const members = await runner.run((db) => membersAmong(db, dialect, joins));
	const convs = joins.map(({ conv }) => conv);
	// Asked after the members, so that nobody has got beyond the head.
	const headsOfRooms = await runner.run((db) => heads(db, convs));
	const newcomers = joins.filter(({ userId, conv }) => !members.has(nameOf(userId, conv)));
	const rooms = await runner.run((db) => roomCounts(db, newcomers));
	const added = new Map<string, Tables['memberships']>();
	const answers = joins.map(({ userId, conv, at, most }, index): Joined => {
		const head = headsOfRooms[index] ?? 0;
		const name = nameOf(userId, conv);
		const member = members.get(name);
		if (member !== undefined) return { head, read: member.read_seq, delivered: member.delivered_seq, joined: false };
		const joined = !added.has(name);
		if (joined) {
			const had = rooms.get(userId) ?? 0;
			if (had >= most) return undefined;
			rooms.set(userId, had + 1);
			added.set(name, { user_id: userId, conv, joined_at: at, read_seq: head, delivered_seq: head });
		}
		return { head, read: head, delivered: head, joined };
	});
	if (added.size === 0 || (await addMembers(runner, dialect, [...added.values()]))) return answers;
	// Another process has added one of them, who is found now.
	return joinRooms(runner, dialect, joins);
};

/** The memberships that there are, by `nameOf`. */
const membersAmong = async (db: Kysely<Tables>, dialect: SqlDialect, joins: readonly Join[]) => {
	// Not joined with the heads: PostgreSQL would read all logs for it until it has statistics of them.
	const rows = await db
		.selectFrom('memberships')
		.select(['user_id', 'conv', 'read_seq', 'delivered_seq'])
		.where(
			sql<boolean>`(user_id, conv) in (${dialect.rows(padded(joins).map(({ userId, conv }) => sql`(${userId}, ${conv})`))})`,
		)
		.execute();
	return new Map(rows.map((row) => [nameOf(row.user_id, row.conv), row]));
};

/** How many rooms each of these users has whom that can keep out, by user. */
const roomCounts = async (db: Kysely<Tables>, joins: readonly Join[]): Promise<Map<number, number>> => {
	const users = [...new Set(joins.filter(({ most }) => Number.isFinite(most)).map(({ userId }) => userId))];
	if (users.length === 0) return new Map();
	const rows = await db
		.selectFrom('memberships')
		.select(({ fn }) => ['user_id', fn.countAll().as('rooms')])
		.where('user_id', 'in', padded(users))
		.where(sql<boolean>`conv like 'room:%'`)
		.groupBy('user_id')
		.execute();
	return new Map(rows.map(({ user_id, rooms }) => [user_id, Number(rooms)]));
};

/** Adds all or none: false when one of them is there already. */
const addMembers = async (
	runner: Runner,
	dialect: SqlDialect,
	rows: readonly Tables['memberships'][],
): Promise<boolean> => {
	// All transactions insert in the same order, so that no two wait for each other.
	const sorted = rows.toSorted((a, b) => a.user_id - b.user_id || (a.conv < b.conv ? -1 : 1));
	try {
		await runner.transaction(async (db) => {
			for (const chunk of chunksOf(sorted)) await db.insertInto('memberships').values(chunk).execute();
		});
		return true;
	} catch (error) {
		if (dialect.isUniqueViolation(error)) return false;
		throw error;
	}
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
