import type { Kysely } from 'kysely';
import type { NewSession, StoredSession } from '../../ports/chat-store.ts';
import type { Runner } from './runner.ts';
import type { SqlDialect } from './sql-dialect.ts';
import { padded } from './statement-sizes.ts';
import type { Tables } from './tables.ts';

/** See `ChatStore.createSession`. */
export const createSession = async (db: Kysely<Tables>, session: NewSession): Promise<void> => {
	const { id, tokenHash, userId, device, createdAt, expiresAt } = session;
	const row = { token_hash: tokenHash, id, user_id: userId, device, created_at: createdAt, expires_at: expiresAt };
	await db.insertInto('sessions').values(row).execute();
};

const sessionsWithUsers = (db: Kysely<Tables>) =>
	db
		.selectFrom('sessions')
		.innerJoin('users', 'users.id', 'sessions.user_id')
		.select(['token_hash', 'sessions.id', 'user_id', 'users.name', 'device', 'sessions.created_at', 'expires_at']);

type Row = Awaited<ReturnType<ReturnType<typeof sessionsWithUsers>['executeTakeFirstOrThrow']>>;

const sessionOf = (row: Row): StoredSession => ({
	id: row.id,
	user: { id: row.user_id, name: row.name },
	device: row.device,
	createdAt: row.created_at,
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

/** See `ChatStore.deleteSessionsOfUser`. Of two at once, the later one waits for the first, and then finds them gone. */
export const deleteSessionsOfUser = async (
	runner: Runner,
	dialect: SqlDialect,
	{ userId, ids }: { readonly userId: number; readonly ids: readonly string[] },
): Promise<string[]> => {
	if (ids.length === 0) return [];
	return runner.transaction(async (db) => {
		const asked = db.selectFrom('sessions').select('id').where('user_id', '=', userId).where('id', 'in', padded(ids));
		const found = (await asked.modifyEnd(dialect.forUpdate).execute()).map(({ id }) => id);
		if (found.length > 0) await db.deleteFrom('sessions').where('id', 'in', padded(found)).execute();
		return found;
	});
};

/** See `ChatStore.deleteSession`. Of two at once, the one that removed the row gets the session. */
export const deleteSession = async (
	db: Kysely<Tables>,
	dialect: SqlDialect,
	tokenHash: string,
): Promise<StoredSession | undefined> => {
	const [session] = await sessionsByTokenHash(db, dialect, [tokenHash]);
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
