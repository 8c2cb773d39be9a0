import { type Kysely, type Migration, Migrator } from 'kysely';
import { inTransaction } from '../in-transaction.ts';
import type { SqlDialect } from '../sql-dialect.ts';
import type { Tables } from '../tables.ts';
import { initial } from './0001-initial.ts';
import { memberships } from './0002-memberships.ts';
import { rooms } from './0003-rooms.ts';
import { members } from './0004-members.ts';
import { attempts } from './0005-attempts.ts';
import { sanctions } from './0006-sanctions.ts';
import type { TableStyle } from './table-style.ts';

/** All migrations in order. A released one is never changed; add another. */
export const migrations = (style: TableStyle): Record<string, Migration> => ({
	'0001-initial': initial(style),
	'0002-memberships': memberships(style),
	'0003-rooms': rooms(style),
	'0004-members': members(),
	'0005-attempts': attempts(style),
	'0006-sanctions': sanctions(style),
});

const migrateToLatest = async (db: Kysely<Tables>, style: TableStyle): Promise<void> => {
	const provider = { getMigrations: () => Promise.resolve(migrations(style)) };
	const { error } = await new Migrator({ db, provider }).migrateToLatest();
	if (error !== undefined) throw error;
};

/**
 * Brings the tables up to date. Safe when several processes start at once: one migrates, the others wait for it.
 * Kysely takes a lock of the server; where there is none (SQLite) the write transaction around it all is the lock.
 */
export const migrate = async (db: Kysely<Tables>, dialect: SqlDialect): Promise<void> => {
	const style = await dialect.tableStyle(db);
	if (!dialect.migrateInTransaction) return migrateToLatest(db, style);
	await db
		.connection()
		.execute((connection) => inTransaction(connection, dialect, (transaction) => migrateToLatest(transaction, style)));
};
