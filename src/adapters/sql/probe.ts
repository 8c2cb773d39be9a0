import { existsSync } from 'node:fs';
import { mkdtemp, rmdir, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Kysely, sql } from 'kysely';
import { chooseDialect, type SqlStoreOptions } from './choose-dialect.ts';
import { inTransaction } from './in-transaction.ts';
import { type MigrationState, migrationState } from './migrations/pending.ts';
import type { SqlDialect } from './sql-dialect.ts';
import type { Tables } from './tables.ts';

/** What a database says of itself. */
export interface StoreState {
	/** `SQLite`, `PostgreSQL` …, with the version; just the kind for a file that is not there yet. */
	readonly name: string;
	/** Host and port, or the file. */
	readonly address: string;
	/** The one of the server's databases that is used; null for a file. */
	readonly database: string | null;
	/** False for a file that a start will make. */
	readonly exists: boolean;
	readonly latencyMs: number;
	readonly migrations: MigrationState;
	/** Why nothing can be written; undefined: it can. */
	readonly writeFailure: unknown;
	/** Whether that is only that others were in the way, for as long as we tried. */
	readonly busy: boolean;
	/** Its clock less ours; null where it has none of its own. */
	readonly skewMs: number | null;
	/** Free bytes where the file is; null for a server. */
	readonly freeBytes: number | null;
	/** Connections that the server takes, and those that are open; null for a file. */
	readonly connections: { readonly most: number; readonly open: number } | null;
}

const questions = {
	SQLite: sql<Answer>`select sqlite_version() as version, null as name, null as now, null as most, null as open`,
	PostgreSQL: sql<Answer>`select current_setting('server_version') as version, current_database() as name,
		extract(epoch from clock_timestamp()) * 1000 as now, current_setting('max_connections') as most,
		(select count(*) from pg_stat_activity where backend_type = 'client backend') as open`,
	'MariaDB/MySQL': sql<Answer>`select version() as version, database() as name, unix_timestamp(now(3)) * 1000 as now,
		@@max_connections as most, (select count(*) from information_schema.processlist) as open`,
};

interface Answer {
	readonly version: string;
	readonly name: string | null;
	readonly now: string | number | null;
	readonly most: string | number | null;
	readonly open: string | number | null;
}

class RolledBack extends Error {}

/** How long others may be in the way of a write, in milliseconds. */
const patienceMs = 2000;

type Written = Pick<StoreState, 'writeFailure' | 'busy'>;
const written: Written = { writeFailure: undefined, busy: false };

/** Writes what stands for a message's position, or makes a table in a database that has none, and takes it back. */
const tryWrite = async (db: Kysely<Tables>, dialect: SqlDialect, empty: boolean): Promise<Written> => {
	// A table that was made cannot be taken back in MariaDB and MySQL.
	if (empty && dialect.name === 'MariaDB/MySQL') return written;
	const key = `room:${Number.MAX_SAFE_INTEGER}` as const;
	const end = performance.now() + patienceMs;
	for (;;) {
		try {
			await db.connection().execute((connection) =>
				inTransaction(connection, dialect, async (transaction) => {
					if (empty) await sql`create table tschat_doctor (id integer)`.execute(transaction);
					else await dialect.advanceHeads(transaction, [{ key, head: 1, last_at: 0 }]);
					throw new RolledBack();
				}),
			);
		} catch (error) {
			if (error instanceof RolledBack) return written;
			const busy = dialect.isConflict(error);
			if (!busy || performance.now() > end) return { writeFailure: error, busy };
		}
		// As the runner does: SQLite does not wait until whoever writes has committed.
		await delay(1 + Math.random() * 4);
	}
};

const freeBytesAt = async (folder: string): Promise<number> => {
	const { bavail, bsize } = await statfs(folder);
	return bavail * bsize;
};

/** The store of a file that a start will make: whether it may. */
const probeMissingFile = async ({ name, address }: SqlDialect): Promise<StoreState> => {
	let folder = dirname(address);
	while (!existsSync(folder)) folder = dirname(folder);
	// Rights alone do not tell: the file system may be read-only.
	const writeFailure = await mkdtemp(join(folder, '.tschat-doctor-')).then(rmdir, (error: unknown) => error);
	return {
		...{
			name,
			address,
			database: null,
			exists: false,
			latencyMs: 0,
			writeFailure,
			busy: false,
			skewMs: null,
			connections: null,
		},
		migrations: { empty: true, pending: [], unknown: [] },
		freeBytes: await freeBytesAt(folder),
	};
};

/** Looks at the database of a store, and changes nothing there. Rejects with what the driver says when it cannot be reached. */
export const probeStore = async (options: SqlStoreOptions): Promise<StoreState> => {
	const dialect = await chooseDialect(options);
	const isFile = dialect.name === 'SQLite';
	if (isFile && !existsSync(dialect.address)) return probeMissingFile(dialect);
	const db = new Kysely<Tables>({ dialect: dialect.connectForMigrations() });
	try {
		await sql`select 1`.execute(db);
		const asked = Date.now();
		const start = performance.now();
		const { rows } = await questions[dialect.name].execute(db);
		const latencyMs = performance.now() - start;
		const [answer] = rows;
		const migrations = await migrationState(db, dialect);
		const maria = answer?.version.includes('MariaDB') ? 'MariaDB' : 'MySQL';
		return {
			name: `${dialect.name === 'MariaDB/MySQL' ? maria : dialect.name} ${answer?.version}`,
			address: dialect.address,
			database: answer?.name ?? null,
			exists: true,
			latencyMs,
			migrations,
			...(await tryWrite(db, dialect, migrations.empty)),
			skewMs: answer?.now == null ? null : Number(answer.now) - (asked + latencyMs / 2),
			freeBytes: isFile ? await freeBytesAt(dirname(dialect.address)) : null,
			connections: answer?.most == null ? null : { most: Number(answer.most), open: Number(answer.open) },
		};
	} finally {
		await db.destroy();
	}
};
