import type { Kysely } from 'kysely';
import type { NewSession, StoredSession } from '../../ports/chat-store.ts';
import { padded } from './statement-sizes.ts';
import type { Tables } from './tables.ts';

/** See `ChatStore.createSession`. */
export const createSession = async (db: Kysely<Tables>, session: NewSession): Promise<void> => {
	const { id, tokenHash, userId, createdAt, expiresAt } = session;
	const row = { token_hash: tokenHash, id, user_id: userId, created_at: createdAt, expires_at: expiresAt };
	await db.insertInto('sessions').values(row).execute();
};

const sessionsWithUsers = (db: Kysely<Tables>) =>
	db
		.selectFrom('sessions')
		.innerJoin('users', 'users.id', 'sessions.user_id')
		.select(['sessions.id', 'user_id', 'users.name', 'sessions.created_at', 'expires_at']);

type Row = Awaited<ReturnType<ReturnType<typeof sessionsWithUsers>['executeTakeFirstOrThrow']>>;

const sessionOf = (row: Row): StoredSession => ({
	id: row.id,
	user: { id: row.user_id, name: row.name },
	createdAt: row.created_at,
	expiresAt: row.expires_at,
});

/** See `ChatStore.sessionByTokenHash`. */
export const sessionByTokenHash = async (db: Kysely<Tables>, tokenHash: string): Promise<StoredSession | undefined> => {
	const row = await sessionsWithUsers(db).where('token_hash', '=', tokenHash).executeTakeFirst();
	return row && sessionOf(row);
};

/** See `ChatStore.sessionsById`. */
export const sessionsById = async (db: Kysely<Tables>, ids: readonly string[]): Promise<StoredSession[]> => {
	if (ids.length === 0) return [];
	const rows = await sessionsWithUsers(db).where('sessions.id', 'in', padded(ids)).execute();
	return rows.map(sessionOf);
};

/** See `ChatStore.deleteSession`. Of two at once, the one that removed the row gets the session. */
export const deleteSession = async (db: Kysely<Tables>, tokenHash: string): Promise<StoredSession | undefined> => {
	const session = await sessionByTokenHash(db, tokenHash);
	if (session === undefined) return undefined;
	const { numDeletedRows } = await db
		.deleteFrom('sessions')
		.where('token_hash', '=', tokenHash)
		.executeTakeFirstOrThrow();
	return numDeletedRows === 0n ? undefined : session;
};

/** See `ChatStore.deleteExpiredSessions`. */
export const deleteExpiredSessions = async (db: Kysely<Tables>, now: number): Promise<number> => {
	const { numDeletedRows } = await db.deleteFrom('sessions').where('expires_at', '<=', now).executeTakeFirstOrThrow();
	return Number(numDeletedRows);
};
