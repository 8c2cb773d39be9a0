// How each kind of database is copied into a file.
import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { BackupFailure } from './backup-failure.mjs';
import { withTlsOptions } from './backup-mysql-tls.mjs';
import { withPostgres } from './backup-postgres.mjs';
import { kindOf, mysqlOf, required, run, sqlitePath, withFile } from './backup-tools.mjs';

const backups = {
	SQLite: async (store, file) => {
		const path = sqlitePath(store);
		if (!existsSync(path)) {
			const remedy = 'give --config FILE or --set store.url=…, as the modules have it';
			throw new BackupFailure(`there is no store at ${path}: ${remedy}`);
		}
		const database = new Database(path, { readonly: true });
		try {
			// It takes a file that is there and empty. One that it made could be read by others until it is complete.
			await withFile(file, 'wx', () => {});
			// One read transaction, which a writer of another process neither waits for nor makes start anew.
			database.prepare('vacuum into ?').run(file);
		} finally {
			database.close();
		}
	},
	PostgreSQL: (store, file) =>
		withPostgres(store, ({ dbname, env }) =>
			withFile(file, 'wx', (stdout) =>
				run(required('pg_dump'), ['--format=custom', '--no-owner', '--no-privileges', `--dbname=${dbname}`], env, {
					stdout,
				}),
			),
		),
	'MariaDB/MySQL': async (store, file) => {
		const { args, database, env } = mysqlOf(store);
		const how = ['--single-transaction', '--quick', '--hex-blob', '--skip-comments', '--default-character-set=utf8mb4'];
		const program = required('mariadb-dump', 'mysqldump');
		await withTlsOptions(store, program, (tls) =>
			withFile(file, 'wx', (stdout) =>
				run(program, ['--no-defaults', ...args, ...tls, ...how, database], env, { stdout }),
			),
		);
	},
};

/** Copies a store into a file that does not exist. */
export const backupDatabase = (store, file) => backups[kindOf(store)](store, file);
