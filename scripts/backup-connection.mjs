// A connection to a store for a few plain queries, whatever its kind.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import Database from 'better-sqlite3';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import { BackupFailure } from './backup-failure.mjs';

const openSqlite = async (store) => {
	const path = resolve(store.slice('sqlite:'.length));
	if (!existsSync(path)) throw new BackupFailure(`${path} does not exist`);
	const database = new Database(path);
	const all = async (text) => database.prepare(text).all();
	return {
		all,
		tables: async () => (await all("select name from sqlite_master where type = 'table'")).map(({ name }) => name),
		close: async () => database.close(),
	};
};

const openPostgres = async (store) => {
	const client = new pg.Client({ connectionString: store, connectionTimeoutMillis: 10_000 });
	await client.connect();
	const all = async (text) => (await client.query(text)).rows;
	const ofSchema = 'select tablename as name from pg_tables where schemaname = any (current_schemas(false))';
	return { all, tables: async () => (await all(ofSchema)).map(({ name }) => name), close: () => client.end() };
};

const openMysql = async (store) => {
	const connection = await createConnection({ uri: store.replace(/^mariadb:/, 'mysql:'), connectTimeout: 10_000 });
	// Double quotes around names, and || between texts, as in the others.
	await connection.query("set session sql_mode = 'ANSI'");
	const all = async (text) => (await connection.query(text))[0];
	const ofDatabase = 'select table_name as name from information_schema.tables where table_schema = database()';
	return { all, tables: async () => (await all(ofDatabase)).map(({ name }) => name), close: () => connection.end() };
};

/** `{ all(text), tables(), close() }`. */
export const openConnection = async (store) => {
	try {
		if (store.startsWith('sqlite:')) return await openSqlite(store);
		return await (store.startsWith('postgres') ? openPostgres : openMysql)(store);
	} catch (error) {
		if (error instanceof BackupFailure) throw error;
		throw new BackupFailure(`cannot open the store: ${error.message || error.code}`);
	}
};
