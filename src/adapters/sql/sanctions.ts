import type { Kysely } from 'kysely';
import type { ChatStore, SanctionKind, SanctionsPage, StoredSanction } from '../../ports/chat-store.ts';
import type { UserRef } from '../../protocol/message.ts';
import type { Runner } from './runner.ts';
import { endSessionsOfUser, endWithin } from './sessions.ts';
import type { SqlDialect } from './sql-dialect.ts';
import type { Tables } from './tables.ts';

/** `ends_at` of what has no end. */
const forever = Number.MAX_SAFE_INTEGER;
/** `lifted_by` of the operator at the command line. */
const operator = 0;

type Lifted = Parameters<ChatStore['lift']>[0];

/** See `ChatStore.impose`. */
export const impose = async (
	runner: Runner,
	dialect: SqlDialect,
	sanction: Parameters<ChatStore['impose']>[0],
): Promise<string[]> => {
	const { userId, kind, reason, by, at, until } = sanction;
	const row = { user_id: userId, kind, reason, by_id: by, at, until, ends_at: until ?? forever, lifted_by: null };
	const ending = { userId, which: 'all' as const, at };
	const ended = await runner.transaction(async (db) => {
		// Of several at once, each replaces the one before it.
		await db.selectFrom('users').select('id').where('id', '=', userId).modifyEnd(dialect.forUpdate).execute();
		await lift(db, sanction);
		await db.insertInto('sanctions').values(row).execute();
		return kind === 'ban' ? endWithin(db, dialect, ending) : [];
	});
	if (kind !== 'ban') return ended;
	// Whoever created a session after that look, and did not see the ban: before the ban was committed.
	return [...ended, ...(await endSessionsOfUser(runner, dialect, ending))];
};

/** See `ChatStore.lift`. */
export const lift = async (db: Kysely<Tables>, { userId, kind, by, at }: Lifted): Promise<boolean> => {
	const { numUpdatedRows } = await db
		.updateTable('sanctions')
		.set({ ends_at: at, lifted_by: by ?? operator })
		.where('user_id', '=', userId)
		.where('kind', '=', kind)
		.where('ends_at', '>', at)
		.executeTakeFirstOrThrow();
	return numUpdatedRows > 0n;
};

/** See `ChatStore.inForce`. */
export const inForce = (
	db: Kysely<Tables>,
	{ userId, kind, at }: { readonly userId: number; readonly kind: SanctionKind; readonly at: number },
): Promise<Pick<StoredSanction, 'until'> | undefined> =>
	db
		.selectFrom('sanctions')
		.select('until')
		.where('user_id', '=', userId)
		.where('kind', '=', kind)
		.where('ends_at', '>', at)
		.executeTakeFirst();

/** See `ChatStore.mutedUsers`. */
export const mutedUsers = (db: Kysely<Tables>, at: number): ReturnType<ChatStore['mutedUsers']> =>
	db
		.selectFrom('sanctions')
		.select(['user_id as userId', 'until'])
		.where('kind', '=', 'mute')
		.where('ends_at', '>', at)
		.execute();

const refOf = (id: number | null, name: string | null): UserRef | null =>
	id === null || name === null ? null : { id, name };

/** See `ChatStore.sanctions`. */
export const sanctions = async (
	db: Kysely<Tables>,
	{ userId, inForceAt, before, limit }: SanctionsPage,
): Promise<StoredSanction[]> => {
	const rows = await db
		.selectFrom('sanctions as s')
		.innerJoin('users as u', 'u.id', 's.user_id')
		.leftJoin('users as b', 'b.id', 's.by_id')
		.leftJoin('users as l', 'l.id', 's.lifted_by')
		.select(['s.id', 's.kind', 's.user_id', 'u.name', 's.reason', 's.by_id', 'b.name as by_name', 's.at', 's.until'])
		.select(['s.ends_at', 's.lifted_by', 'l.name as lifted_name'])
		.$if(userId !== undefined, (all) => all.where('s.user_id', '=', userId ?? 0))
		.$if(inForceAt !== undefined, (all) => all.where('s.ends_at', '>', inForceAt ?? 0))
		.$if(before !== undefined, (all) => all.where('s.id', '<', before ?? 0))
		.orderBy('s.id', 'desc')
		.limit(limit)
		.execute();
	return rows.map((row) => ({
		id: row.id,
		kind: row.kind,
		user: { id: row.user_id, name: row.name },
		reason: row.reason,
		by: refOf(row.by_id, row.by_name),
		at: row.at,
		until: row.until,
		lifted: row.lifted_by === null ? null : { at: row.ends_at, by: refOf(row.lifted_by, row.lifted_name) },
	}));
};
