import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Database, { SqliteError } from 'better-sqlite3';
import { type SqliteDatabase, SqliteDialect, type SqliteStatement, sql } from 'kysely';
import { ChatError } from '../../../protocol/errors.ts';
import type { SqlDialect } from '../sql-dialect.ts';
import { SqlTexts } from '../sql-texts.ts';
import { advanceHeadsReturning } from './advance-heads.ts';
import { maxLogPages, startCheckpoints } from './sqlite-checkpoints.ts';
import { storeMarksOnConflict } from './store-marks.ts';

/** SQLite in WAL mode: any number of processes of one host share the file; one of them writes at a time. */
export const sqlite = (file: string, durability: 'process' | 'power'): SqlDialect => {
	const path = resolve(file);
	const connect = () => new SqliteDialect({ database: async () => withCheckpoints(path, open(path, durability)) });
	const texts = new SqlTexts();
	return {
		name: 'SQLite',
		address: path,
		texts,
		connect,
		connectForMigrations: () => new SqliteDialect({ database: async () => open(path, durability) }),
		tableStyle: () =>
			Promise.resolve({
				integer: 'integer',
				text: () => 'text',
				longText: 'text',
				numbered: (column) => column.primaryKey().autoIncrement(),
				partialIndexes: true,
				tableEnd: (clustered) => (clustered ? sql`strict, without rowid` : sql`strict`),
			}),
		migrateInTransaction: true,
		// A transaction that began with a read could not become a writer while another one writes.
		begin: sql`begin immediate`,
		advanceHeads: advanceHeadsReturning(texts),
		storeMarks: storeMarksOnConflict(texts),
		// Nobody else writes while this transaction does.
		forUpdate: sql``,
		rows: (rows) => sql`values ${sql.join(rows)}`,
		isUniqueViolation: (error) => /^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY)$/.test(codeOf(error)),
		isConflict: (error) => /^SQLITE_(BUSY|LOCKED|PROTOCOL)/.test(codeOf(error)),
		isUnavailable: (error) => /^SQLITE_(FULL|IOERR|CANTOPEN|READONLY|NOMEM)/.test(codeOf(error)),
	};
};

const codeOf = (error: unknown): string => (error instanceof SqliteError ? error.code : '');

const open = (path: string, durability: 'process' | 'power'): SqliteDatabase => {
	makeFolder(dirname(path));
	// No time-out: SQLite would wait in this thread. The runner waits instead, and lets everything else go on.
	const database = preparingOnce(new Database(path, { timeout: 0 }));
	try {
		const [mode] = database.prepare('pragma journal_mode = wal').all([]) as { journal_mode: string }[];
		if (mode?.journal_mode !== 'wal') {
			throw new ChatError('unavailable', 'the file system of the SQLite file does not support WAL');
		}
		// It holds what people write to each other; SQLite gives its side files the same mode.
		chmodSync(path, 0o600);
		database.prepare(`pragma synchronous = ${durability === 'power' ? 'full' : 'normal'}`).run([]);
		// What a statement may have to take back would be kept in a file: a fifth of the CPU time of an append.
		database.prepare('pragma temp_store = memory').run([]);
		database.prepare(`pragma wal_autocheckpoint = ${maxLogPages}`).all([]);
		return database;
	} catch (error) {
		database.close();
		throw error;
	}
};

const withCheckpoints = (path: string, database: SqliteDatabase): SqliteDatabase => {
	const stop = startCheckpoints(path);
	return {
		prepare: (text) => database.prepare(text),
		close: () => {
			stop();
			database.close();
		},
	};
};

/** One folder at a time: on Node 20 the recursive form never returns where a folder cannot be made under one that exists. */
const makeFolder = (path: string): void => {
	if (existsSync(path)) return;
	makeFolder(dirname(path));
	try {
		mkdirSync(path, { mode: 0o700 });
	} catch (error) {
		// Another process of the cluster may have been quicker.
		if (!existsSync(path)) throw error;
	}
};

const neverCollected: SqliteDatabase[] = [];

/**
 * Prepares each text once, where Kysely would for every query; the other files here see to it that there are few texts.
 * Nothing of it is ever given up, closed databases included: with better-sqlite3 12 compiled by the headers of Node 24.21
 * the collection of a statement or database ends the process, since their destructors ask for the current environment.
 */
const preparingOnce = (database: Database.Database): SqliteDatabase => {
	const statements = new Map<string, SqliteStatement>();
	const cached: SqliteDatabase = {
		close: () => database.close(),
		prepare: (text) => {
			let statement = statements.get(text);
			if (statement === undefined) {
				statement = database.prepare(text);
				statements.set(text, statement);
			}
			return statement;
		},
	};
	neverCollected.push(cached);
	return cached;
};
