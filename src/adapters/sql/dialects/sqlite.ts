import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Database, { SqliteError } from 'better-sqlite3';
import { SqliteDialect, sql } from 'kysely';
import { ChatError } from '../../../protocol/errors.ts';
import type { SqlDialect } from '../sql-dialect.ts';
import { advanceHeadsReturning } from './advance-heads.ts';

/** SQLite in WAL mode: any number of processes of one host share the file; one of them writes at a time. */
export const sqlite = (file: string, durability: 'process' | 'power'): SqlDialect => {
	const path = resolve(file);
	const connect = () => new SqliteDialect({ database: async () => open(path, durability) });
	return {
		name: 'SQLite',
		address: path,
		remedy: 'make the folder writable, or correct store.url',
		connect,
		connectForMigrations: connect,
		tableStyle: () =>
			Promise.resolve({
				integer: 'integer',
				text: () => 'text',
				longText: 'text',
				numbered: (column) => column.primaryKey().autoIncrement(),
				tableEnd: (clustered) => (clustered ? sql`strict, without rowid` : sql`strict`),
			}),
		migrateInTransaction: true,
		// A transaction that began with a read could not become a writer while another one writes.
		begin: sql`begin immediate`,
		advanceHeads: advanceHeadsReturning,
		isUniqueViolation: (error) => /^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY)$/.test(codeOf(error)),
		isConflict: (error) => /^SQLITE_(BUSY|LOCKED|PROTOCOL)/.test(codeOf(error)),
		isUnavailable: (error) => /^SQLITE_(FULL|IOERR|CANTOPEN|READONLY|NOMEM)/.test(codeOf(error)),
	};
};

const codeOf = (error: unknown): string => (error instanceof SqliteError ? error.code : '');

/**
 * Every database that was opened, closed ones too. better-sqlite3 12 ends the process on Node 24 when a database object is
 * garbage collected: its destructor asks for the current environment, of which there is none during a collection.
 */
const neverCollected: Database.Database[] = [];

const open = (path: string, durability: 'process' | 'power'): Database.Database => {
	mkdirSync(dirname(path), { recursive: true });
	// No time-out: SQLite would wait in this thread. The runner waits instead, and lets everything else go on.
	const database = new Database(path, { timeout: 0 });
	neverCollected.push(database);
	try {
		if (database.pragma('journal_mode = wal', { simple: true }) !== 'wal') {
			throw new ChatError('unavailable', 'the file system of the SQLite file does not support WAL');
		}
		database.pragma(`synchronous = ${durability === 'power' ? 'full' : 'normal'}`);
		return database;
	} catch (error) {
		database.close();
		throw error;
	}
};
