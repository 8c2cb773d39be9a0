import { type Kysely, sql } from 'kysely';
import type { SqlDialect } from '../sql-dialect.ts';
import type { Tables } from '../tables.ts';
import { migrations } from './migrate.ts';

/** Where a database stands, by the names of migrations. */
export interface MigrationState {
	/** None at all: a new database. */
	readonly empty: boolean;
	/** What a start would apply. */
	readonly pending: readonly string[];
	/** What this version does not know: a newer one was here. */
	readonly unknown: readonly string[];
}

/** Reads it without changing anything. */
export const migrationState = async (db: Kysely<Tables>, dialect: SqlDialect): Promise<MigrationState> => {
	const known = Object.keys(migrations(await dialect.tableStyle(db)));
	const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
	if (!tables.some(({ name }) => name === 'kysely_migration')) return { empty: true, pending: known, unknown: [] };
	const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
	const applied = new Set(rows.map(({ name }) => name));
	return {
		empty: applied.size === 0,
		pending: known.filter((name) => !applied.has(name)),
		unknown: [...applied].filter((name) => !known.includes(name)),
	};
};
