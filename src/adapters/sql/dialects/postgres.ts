import { PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { SqlDialect } from '../sql-dialect.ts';
import { SqlTexts } from '../sql-texts.ts';
import { advanceHeadsReturning } from './advance-heads.ts';
import { createPostgresPool } from './postgres-pool.ts';
import { storeMarksOnConflict } from './store-marks.ts';

/** PostgreSQL 12 and newer. */
export const postgres = (url: string, poolSize: number): SqlDialect => {
	const { hostname, port, searchParams } = new URL(url);
	const texts = new SqlTexts();
	return {
		name: 'PostgreSQL',
		address: `${hostname || searchParams.get('host') || 'localhost'}:${port || '5432'}`,
		texts,
		connect: () =>
			new PostgresDialect({ pool: createPostgresPool({ connectionString: url, max: poolSize, ...timeLimits }) }),
		connectForMigrations: () => new PostgresDialect({ pool: createPostgresPool({ connectionString: url, max: 1 }) }),
		tableStyle: () =>
			Promise.resolve({
				integer: 'bigint',
				// Names and refs are compared byte by byte whatever the collation of the database.
				text: (characters) => sql`varchar(${sql.lit(characters)}) collate "C"`,
				longText: 'text',
				numbered: (column) => column.generatedAlwaysAsIdentity().primaryKey(),
				partialIndexes: true,
				tableEnd: () => sql``,
			}),
		migrateInTransaction: false,
		begin: sql`begin isolation level read committed`,
		advanceHeads: advanceHeadsReturning(texts),
		storeMarks: storeMarksOnConflict(texts),
		forUpdate: sql`for update`,
		rows: (rows) => sql.join(rows),
		isUniqueViolation: (error) => codeOf(error) === '23505',
		// Serialization failure, deadlock, lock not available.
		isConflict: (error) => /^(40001|40P01|55P03)$/.test(codeOf(error)),
		// Connection, resources, operator intervention, system error, read-only (after a failover), idle in transaction.
		isUnavailable: (error) => /^(08|53|57|58|25006|25P03)/.test(codeOf(error)),
	};
};

/** The server gives up first, so that the connection can be used again; the client does when the server hangs. */
const timeLimits: pg.PoolConfig = {
	statement_timeout: 5000,
	query_timeout: 6000,
	// Frees the locks of a process that hangs in the middle of a transaction, before those who wait for them give up.
	idle_in_transaction_session_timeout: 4000,
};

const codeOf = (error: unknown): string => (error instanceof pg.DatabaseError ? (error.code ?? '') : '');
