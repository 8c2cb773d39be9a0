// How each kind of database is filled from a file.
import {
	chmodSync,
	closeSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	openSync,
	readSync,
	renameSync,
	rmSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { openConnection } from './backup-connection.mjs';
import { BackupFailure } from './backup-failure.mjs';
import { withTlsOptions } from './backup-mysql-tls.mjs';
import { withPostgres } from './backup-postgres.mjs';
import { kindOf, mysqlOf, required, run, sqlitePath, withFile } from './backup-tools.mjs';
import { checkLogs } from './restore-check.mjs';

const beginnings = [
	['SQLite', /^SQLite format 3\0/],
	['PostgreSQL', /^PGDMP/],
	['MariaDB/MySQL', /^(\/\*M?!|-- (MariaDB|MySQL) dump)/],
];

/** Whose backup a file is, by its first bytes. */
export const kindOfBackup = (file) => {
	const first = Buffer.alloc(64);
	const descriptor = openSync(file, 'r');
	try {
		readSync(descriptor, first);
	} finally {
		closeSync(descriptor);
	}
	return beginnings.find(([, beginning]) => beginning.test(first.toString('latin1')))?.[0];
};

/** Runs work on a connection that is closed after it. */
const connected = async (store, work) => {
	const connection = await openConnection(store);
	try {
		return await work(connection);
	} finally {
		await connection.close();
	}
};

const requireEmpty = (store) =>
	connected(store, async ({ tables }) => {
		const names = await tables();
		if (names.length > 0)
			throw new BackupFailure(`the database holds ${names.length} tables: restore into an empty one`);
	});

/** What SQLite finds broken as it reads; anything else, as a full disk, is no fault of the file. */
const isDamage = ({ code }) => /^SQLITE_(CORRUPT|NOTADB|IOERR_SHORT_READ)/.test(code ?? '');

const restores = {
	/** Nothing is at the place until all of it is there, and was checked. */
	SQLite: async (store, file) => {
		const path = sqlitePath(store);
		for (const there of [path, `${path}-wal`, `${path}-shm`]) {
			if (existsSync(there)) throw new BackupFailure(`${there} exists: restore to where nothing is`);
		}
		mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
		const partial = `${path}.partial`;
		try {
			copyFileSync(file, partial);
			chmodSync(partial, 0o600);
			const counts = await connected(`sqlite:${partial}`, checkLogs).catch((error) => {
				throw isDamage(error) ? new BackupFailure(`${file} is damaged: ${error.message}`) : error;
			});
			renameSync(partial, path);
			return counts;
		} finally {
			rmSync(partial, { force: true });
		}
	},
	/** One transaction: all of it or nothing. */
	PostgreSQL: async (store, file) => {
		await requireEmpty(store);
		const how = ['--single-transaction', '--exit-on-error', '--no-owner', '--no-privileges'];
		await withPostgres(store, ({ dbname, env }) =>
			run(required('pg_restore'), [...how, `--dbname=${dbname}`, file], env),
		);
		return connected(store, checkLogs);
	},
	'MariaDB/MySQL': async (store, file) => {
		await requireEmpty(store);
		const { args, database, env } = mysqlOf(store);
		const program = required('mariadb', 'mysql');
		await withTlsOptions(store, program, (tls) =>
			withFile(file, 'r', (stdin) =>
				run(program, ['--no-defaults', ...args, ...tls, '--default-character-set=utf8mb4', database], env, {
					stdin,
				}).catch((error) => {
					throw new BackupFailure(`${error.message}; drop the database and make it anew before you try again`);
				}),
			),
		);
		return connected(store, checkLogs);
	},
};

/** Fills an empty store; how many conversations and messages it holds then. Fails when its logs are not whole. */
export const restoreDatabase = (store, file) => restores[kindOf(store)](store, file);
