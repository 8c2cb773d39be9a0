import type { Kysely } from 'kysely';
import type { ChatStore, StoredUser } from '../../ports/chat-store.ts';
import type { UserRef } from '../../protocol/message.ts';
import type { Runner } from './runner.ts';
import { endSessionsOfUser, endWithin } from './sessions.ts';
import type { SqlDialect } from './sql-dialect.ts';
import { padded } from './statement-sizes.ts';
import type { Tables } from './tables.ts';

/** See `ChatStore.createUser`. */
export const createUser = async (
	runner: Runner,
	user: Parameters<ChatStore['createUser']>[0],
): Promise<UserRef | undefined> => {
	const { name, nameKey, passwordHash, createdAt } = user;
	const row = { name, name_key: nameKey, password_hash: passwordHash, created_at: createdAt };
	const inserted = await runner.unlessTaken((db) => db.insertInto('users').values(row).execute());
	if (inserted === undefined) return undefined;
	// Asked for, because not every database tells the new id in the same way.
	return runner.run((db) =>
		db.selectFrom('users').select(['id', 'name']).where('name_key', '=', nameKey).executeTakeFirstOrThrow(),
	);
};

/** See `ChatStore.userByNameKey`. */
export const userByNameKey = async (db: Kysely<Tables>, nameKey: string): Promise<StoredUser | undefined> =>
	db
		.selectFrom('users')
		.select(['id', 'name', 'password_hash as passwordHash'])
		.where('name_key', '=', nameKey)
		.executeTakeFirst();

/** See `ChatStore.changePassword`. */
export const changePassword = async (
	runner: Runner,
	dialect: SqlDialect,
	{ userId, next, previous, keep, at }: Parameters<ChatStore['changePassword']>[0],
): Promise<string[] | undefined> => {
	const ending = { userId, which: { except: keep }, at };
	const ended = await runner.transaction(async (db) =>
		(await setPasswordHash(db, { userId, next, previous })) ? endWithin(db, dialect, ending) : undefined,
	);
	// Whoever signed in with the old password after that look: before the new one was committed.
	return ended && [...ended, ...(await endSessionsOfUser(runner, dialect, ending))];
};

/** See `ChatStore.setPasswordHash`. */
export const setPasswordHash = async (
	db: Kysely<Tables>,
	{ userId, next, previous }: { readonly userId: number; readonly next: string; readonly previous: string },
): Promise<boolean> => {
	const change = db.updateTable('users').set({ password_hash: next }).where('id', '=', userId);
	const { numUpdatedRows } = await change.where('password_hash', '=', previous).executeTakeFirstOrThrow();
	return numUpdatedRows > 0n;
};

/** Up to 256 users by their ids, in the order given; undefined for one that does not exist. */
export const usersById = async (db: Kysely<Tables>, ids: readonly number[]): Promise<(UserRef | undefined)[]> => {
	const rows = await db.selectFrom('users').select(['id', 'name']).where('id', 'in', padded(ids)).execute();
	const byId = new Map(rows.map((user) => [user.id, user]));
	return ids.map((id) => byId.get(id));
};

/** See `ChatStore.isAdmin`. */
export const isAdmin = async (db: Kysely<Tables>, userId: number): Promise<boolean> => {
	const user = await db.selectFrom('users').select('admin').where('id', '=', userId).executeTakeFirst();
	return user?.admin === 1;
};

/** See `ChatStore.setAdmin`. */
export const setAdmin = async (db: Kysely<Tables>, nameKey: string, admin: boolean): Promise<boolean> => {
	const change = db.updateTable('users').set({ admin: admin ? 1 : 0 });
	// Every database counts the rows that it found, also those that were so already.
	const { numUpdatedRows } = await change.where('name_key', '=', nameKey).executeTakeFirstOrThrow();
	return numUpdatedRows > 0n;
};
