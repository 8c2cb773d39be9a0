import { type Kysely, sql } from 'kysely';
import type { Mark, Marked } from '../../ports/chat-store.ts';
import { heads } from './read.ts';
import type { Runner } from './runner.ts';
import type { SqlDialect } from './sql-dialect.ts';
import { chunksOf } from './statement-sizes.ts';
import type { Tables } from './tables.ts';

/** See `ChatStore.mark`. Three statements for up to 256 marks, besides begin and commit. */
export const mark = async (runner: Runner, dialect: SqlDialect, marks: readonly Mark[]): Promise<Marked[]> => {
	if (marks.length === 0) return [];
	const wanted = greatest(marks);
	return runner.transaction((db) => markIn(db, dialect, wanted));
};

type Positions = Pick<Tables['memberships'], 'user_id' | 'conv' | 'read_seq' | 'delivered_seq'>;

/** Of a user's place in a conversation, as a key. */
export const nameOf = (userId: number, conv: string): string => `${userId} ${conv}`;

/** One for each user and conversation, the greatest. What has been read has been delivered. */
const greatest = (marks: readonly Mark[]): Map<string, Positions> => {
	const wanted = new Map<string, Positions>();
	for (const { userId, conv, read = 0, delivered = 0 } of marks) {
		const name = nameOf(userId, conv);
		const known = wanted.get(name);
		const readSeq = Math.max(read, known?.read_seq ?? 0);
		const deliveredSeq = Math.max(delivered, readSeq, known?.delivered_seq ?? 0);
		wanted.set(name, { user_id: userId, conv, read_seq: readSeq, delivered_seq: deliveredSeq });
	}
	return wanted;
};

const markIn = async (
	db: Kysely<Tables>,
	dialect: SqlDialect,
	wanted: ReadonlyMap<string, Positions>,
): Promise<Marked[]> => {
	const rows = await lockMarks(db, dialect, [...wanted.values()]);
	const headsOfRows = await heads(
		db,
		rows.map(({ conv }) => conv),
	);
	const moved: Tables['memberships'][] = [];
	const marked = rows.map((row, index): Marked => {
		const head = headsOfRows[index] ?? 0;
		const want = wanted.get(nameOf(row.user_id, row.conv));
		const read = Math.max(row.read_seq, Math.min(want?.read_seq ?? 0, head));
		const delivered = Math.max(row.delivered_seq, Math.min(want?.delivered_seq ?? 0, head));
		const moves = read > row.read_seq || delivered > row.delivered_seq;
		if (moves) moved.push({ ...row, read_seq: read, delivered_seq: delivered });
		return { userId: row.user_id, conv: row.conv, read, delivered, moved: moves };
	});
	for (const chunk of chunksOf(moved)) await dialect.storeMarks(db, chunk);
	return marked;
};

/** The memberships that there are, held until commit. */
export const lockMarks = async (
	db: Kysely<Tables>,
	dialect: SqlDialect,
	wanted: readonly Pick<Positions, 'user_id' | 'conv'>[],
): Promise<Tables['memberships'][]> => {
	// All transactions lock in the same order, so that no two wait for each other.
	const sorted = wanted.toSorted((a, b) => a.user_id - b.user_id || (a.conv < b.conv ? -1 : 1));
	const rows: Tables['memberships'][] = [];
	for (const chunk of chunksOf(sorted)) {
		const places = chunk.map(({ user_id, conv }) => [user_id, conv]);
		const found = await dialect.texts.run(db, 'lock marks', places, () =>
			db
				.selectFrom('memberships')
				.selectAll()
				.where(sql<boolean>`(user_id, conv) in (${dialect.rows(places.map((place) => sql`(${sql.join(place)})`))})`)
				.orderBy('user_id')
				.orderBy('conv')
				.modifyEnd(dialect.forUpdate),
		);
		rows.push(...found);
	}
	return rows;
};
