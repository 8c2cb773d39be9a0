import { type Kysely, sql } from 'kysely';
import type { ChatStore, NewSession, SessionChoice, StoredSession } from '../../ports/chat-store.ts';
import type { Runner } from './runner.ts';
import type { SqlDialect } from './sql-dialect.ts';
import { chunksOf, padded } from './statement-sizes.ts';
import type { Tables } from './tables.ts';

/** See `ChatStore.createSession`. */
export const createSession = async (db: Kysely<Tables>, session: NewSession): Promise<void> => {
	const { id, tokenHash, userId, device, createdAt, expiresAt } = session;
	const times = { created_at: createdAt, used_at: createdAt, expires_at: expiresAt, ended_at: null };
	await db
		.insertInto('sessions')
		.values({ token_hash: tokenHash, id, user_id: userId, device, ...times })
		.execute();
};

const sessionsWithUsers = (db: Kysely<Tables>) =>
	db
		.selectFrom('sessions')
		.innerJoin('users', 'users.id', 'sessions.user_id')
		.select(['token_hash', 'sessions.id', 'user_id', 'users.name', 'device'])
		.select(['sessions.created_at', 'used_at', 'expires_at'])
		.where('ended_at', 'is', null);

type Row = Awaited<ReturnType<ReturnType<typeof sessionsWithUsers>['executeTakeFirstOrThrow']>>;

const sessionOf = (row: Row): StoredSession => ({
	id: row.id,
	user: { id: row.user_id, name: row.name },
	device: row.device,
	createdAt: row.created_at,
	// 0 where the release before began it, which knows no use.
	usedAt: row.used_at === 0 ? row.created_at : row.used_at,
	expiresAt: row.expires_at,
});

/** Up to 256 of `ChatStore.sessionByTokenHash` at once, in the order given. */
export const sessionsByTokenHash = async (
	db: Kysely<Tables>,
	{ texts }: SqlDialect,
	tokenHashes: readonly string[],
): Promise<(StoredSession | undefined)[]> => {
	const asked = padded(tokenHashes);
	// Each message that comes over HTTP asks for its session.
	const places = asked.map((hash) => [hash]);
	const rows = await texts.run(db, 'sessions', places, () => sessionsWithUsers(db).where('token_hash', 'in', asked));
	const byHash = new Map(rows.map((row) => [row.token_hash, sessionOf(row)]));
	return tokenHashes.map((hash) => byHash.get(hash));
};

/** See `ChatStore.sessionsById`. */
export const sessionsById = async (db: Kysely<Tables>, ids: readonly string[]): Promise<StoredSession[]> => {
	if (ids.length === 0) return [];
	const rows = await sessionsWithUsers(db).where('sessions.id', 'in', padded(ids)).execute();
	return rows.map(sessionOf);
};

/** See `ChatStore.sessionsOfUser`. */
export const sessionsOfUser = async (db: Kysely<Tables>, userId: number): Promise<StoredSession[]> => {
	const ofUser = sessionsWithUsers(db).where('user_id', '=', userId);
	const rows = await ofUser.orderBy('sessions.created_at', 'desc').orderBy('sessions.id').execute();
	return rows.map(sessionOf);
};

/** See `ChatStore.touchSessions`. */
export const touchSessions = async (
	db: Kysely<Tables>,
	ids: readonly string[],
	{ at, idleMs, absoluteMs }: Parameters<ChatStore['touchSessions']>[1],
): Promise<void> => {
	if (ids.length === 0) return;
	const idle = at + idleMs;
	const expiresAt = sql<number>`case when created_at + ${absoluteMs} < ${idle} then created_at + ${absoluteMs} else ${idle} end`;
	await db
		.updateTable('sessions')
		.set({ used_at: at, expires_at: expiresAt })
		.where('id', 'in', padded(ids))
		.where('ended_at', 'is', null)
		.execute();
};

/** What an ended session has. The release before looks at the expiry only, and may run beside this one while a cluster is upgraded. */
const endedAt = (at: number) => ({ ended_at: at, expires_at: at });

interface Ending {
	readonly userId: number;
	readonly which: SessionChoice;
	readonly at: number;
}

/** See `ChatStore.endSessionsOfUser`. Of two at once, the later one waits for the first, and then finds them ended. */
export const endSessionsOfUser = (runner: Runner, dialect: SqlDialect, ending: Ending): Promise<string[]> =>
	runner.transaction((db) => endWithin(db, dialect, ending));

const chooses = (which: SessionChoice): ((id: string) => boolean) => {
	if (which === 'all') return () => true;
	if ('except' in which) return (id) => id !== which.except;
	const chosen = new Set(which);
	return (id) => chosen.has(id);
};

/** The same within a transaction. */
export const endWithin = async (
	db: Kysely<Tables>,
	dialect: SqlDialect,
	{ userId, which, at }: Ending,
): Promise<string[]> => {
	const live = db.selectFrom('sessions').select('id').where('user_id', '=', userId).where('ended_at', 'is', null);
	const ids = (await live.modifyEnd(dialect.forUpdate).execute()).map(({ id }) => id).filter(chooses(which));
	for (const chunk of chunksOf(ids))
		await db.updateTable('sessions').set(endedAt(at)).where('id', 'in', chunk).execute();
	return ids;
};

/** See `ChatStore.endSession`. Of two at once, the one that ended it gets the session. */
export const endSession = async (
	db: Kysely<Tables>,
	dialect: SqlDialect,
	{ tokenHash, at }: { readonly tokenHash: string; readonly at: number },
): Promise<StoredSession | undefined> => {
	const [session] = await sessionsByTokenHash(db, dialect, [tokenHash]);
	if (session === undefined) return undefined;
	const change = db.updateTable('sessions').set(endedAt(at)).where('token_hash', '=', tokenHash);
	const { numUpdatedRows } = await change.where('ended_at', 'is', null).executeTakeFirstOrThrow();
	return numUpdatedRows === 0n ? undefined : session;
};

/** See `ChatStore.sessionsEndedSince`. */
export const sessionsEndedSince = async (db: Kysely<Tables>, at: number, limit: number): Promise<string[]> => {
	const ended = db.selectFrom('sessions').select('id').where('ended_at', '>', at);
	return (await ended.limit(limit).execute()).map(({ id }) => id);
};

/** See `ChatStore.deleteOldSessions`. */
export const deleteOldSessions = async (db: Kysely<Tables>, now: number, endedBy: number): Promise<number> => {
	// Those that were ended are kept for a while: connect servers ask for them.
	const expired = db.deleteFrom('sessions').where('ended_at', 'is', null).where('expires_at', '<=', now);
	const ended = db.deleteFrom('sessions').where('ended_at', '<=', endedBy);
	const counts = [await expired.executeTakeFirstOrThrow(), await ended.executeTakeFirstOrThrow()];
	return counts.reduce((sum, { numDeletedRows }) => sum + Number(numDeletedRows), 0);
};
