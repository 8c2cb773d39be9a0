import type { Dialect, Kysely, RawBuilder } from 'kysely';
import type { TableStyle } from './migrations/table-style.ts';
import type { SqlTexts } from './sql-texts.ts';
import type { Tables } from './tables.ts';

/**
 * Everything in which the databases differ; the rest of this folder is the same for all.
 * Connection failures come out of `connect()`'s dialect as `ChatError('unavailable')`, server errors as the driver's own.
 */
export interface SqlDialect {
	/** For messages to people. */
	readonly name: 'SQLite' | 'PostgreSQL' | 'MariaDB/MySQL';
	/** Host and port, or the file; never with a password. */
	readonly address: string;
	/** Its texts of the statements of the hot path. */
	readonly texts: SqlTexts;
	/** Opens a pool. Its statements are limited in time. */
	connect(): Dialect;
	/** Opens a single connection for migrations, whose statements may take their time. */
	connectForMigrations(): Dialect;
	/** How its tables are written. Asked on a connection, as it may depend on the server. */
	tableStyle(db: Kysely<Tables>): Promise<TableStyle>;
	/** Whether a start must hold a transaction around the migrations, because Kysely knows no lock of its own here. */
	readonly migrateInTransaction: boolean;
	/** Starts a transaction in which each statement sees what was committed before it. */
	readonly begin: RawBuilder<unknown>;
	/**
	 * Adds to the heads of logs, making those that are missing, and sets `last_at`; the new heads. Locks the rows, in the order
	 * given, until commit.
	 * This is what makes positions visible in order: the next holder of the lock starts after the last one is visible.
	 */
	advanceHeads(
		db: Kysely<Tables>,
		steps: readonly Tables['logs'][],
	): Promise<readonly Pick<Tables['logs'], 'key' | 'head'>[]>;
	/** Overwrites `read_seq` and `delivered_seq` of rows that are there: the transaction holds them by `forUpdate`. */
	storeMarks(db: Kysely<Tables>, rows: readonly Tables['memberships'][]): Promise<unknown>;
	/** The end of a select whose rows nobody else may change or delete until commit; it waits for whoever is doing so. */
	readonly forUpdate: RawBuilder<unknown>;
	/** What stands in the brackets of `(a, b) in (…)`, for rows such as `(?, ?)`. */
	rows(rows: readonly RawBuilder<unknown>[]): RawBuilder<unknown>;
	isUniqueViolation(error: unknown): boolean;
	/** Another transaction was in the way (lock, deadlock): trying again soon may succeed. */
	isConflict(error: unknown): boolean;
	/** The server cannot work now: shutting down, out of room, stopped the statement. */
	isUnavailable(error: unknown): boolean;
}
