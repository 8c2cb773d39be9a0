import { MysqlDialect, sql } from 'kysely';
import type { SqlDialect } from '../sql-dialect.ts';
import { SqlTexts } from '../sql-texts.ts';
import { createMysqlPool } from './mysql-pool.ts';

/** MariaDB 10.6 and newer, MySQL 8 and newer, with InnoDB. */
export const mysql = (url: string, poolSize: number): SqlDialect => {
	const { hostname, port } = new URL(url);
	const uri = url.replace(/^mariadb:/, 'mysql:');
	const connect = (connections: number, statementMs?: number) =>
		new MysqlDialect({ pool: createMysqlPool({ uri, connections, statementMs }) });
	const texts = new SqlTexts();
	return {
		name: 'MariaDB/MySQL',
		address: `${hostname}:${port || '3306'}`,
		texts,
		connect: () => connect(poolSize, 6000),
		connectForMigrations: () => connect(1),
		tableStyle: async (db) => {
			const { rows } = await sql<{ version: string }>`select version() as version`.execute(db);
			// Without padding, as otherwise 'a' and 'a ' would be the same.
			const collation = rows[0]?.version.includes('MariaDB') ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin';
			return {
				integer: 'bigint',
				text: (characters) => `varchar(${characters})`,
				longText: 'text',
				numbered: (column) => column.autoIncrement().primaryKey(),
				partialIndexes: false,
				tableEnd: () => sql`engine = InnoDB default charset = utf8mb4 collate = ${sql.raw(collation)}`,
			};
		},
		migrateInTransaction: false,
		begin: sql`begin`,
		rows: (rows) => sql.join(rows),
		advanceHeads: async (db, steps) => {
			const updates = { head: sql<number>`head + values(head)`, last_at: sql<number>`values(last_at)` };
			const advance = () => db.insertInto('logs').values(steps).onDuplicateKeyUpdate(updates);
			await texts.insert(db, 'advance heads', steps, advance);
			const keys = steps.map(({ key }) => key);
			const select = () => db.selectFrom('logs').select(['key', 'head']).where('key', 'in', keys);
			return texts.run(
				db,
				'heads advanced',
				keys.map((key) => [key]),
				select,
			);
		},
		storeMarks: (db, rows) => {
			const updates = { read_seq: sql<number>`values(read_seq)`, delivered_seq: sql<number>`values(delivered_seq)` };
			const store = () => db.insertInto('memberships').values(rows).onDuplicateKeyUpdate(updates);
			return texts.insert(db, 'store marks', rows, store);
		},
		forUpdate: sql`for update`,
		isUniqueViolation: (error) => errnoOf(error) === 1062,
		// Deadlock; a lock that was not given in time; (MariaDB) a row that changed since it was read.
		isConflict: (error) => [1213, 1205, 1020].includes(errnoOf(error)),
		isUnavailable: (error) => unavailableErrnos.has(errnoOf(error)),
	};
};

/** Disk full, a file or storage engine that fails, out of memory, too many connections, shutting down, read-only, statement or connection killed or timed out. */
const unavailableErrnos = new Set([
	1021, 1026, 1030, 1037, 1040, 1041, 1053, 1114, 1129, 1203, 1290, 1317, 1792, 1836, 1927, 1969, 3024, 3100, 4031,
]);

const errnoOf = (error: unknown): number =>
	error instanceof Error && 'errno' in error && typeof error.errno === 'number' ? error.errno : 0;
