import { type Kysely, sql } from 'kysely';
import type { SqlDialect } from './sql-dialect.ts';
import type { Tables } from './tables.ts';

/** Runs work between `begin` and `commit` on one connection, and rolls back if it fails. */
export const inTransaction = async <T>(
	connection: Kysely<Tables>,
	dialect: SqlDialect,
	work: (transaction: Kysely<Tables>) => Promise<T>,
): Promise<T> => {
	await dialect.begin.execute(connection);
	try {
		const result = await work(connection);
		await sql`commit`.execute(connection);
		return result;
	} catch (error) {
		// Fails when the database has ended the transaction itself, or the connection is lost: then nothing is left open.
		await sql`rollback`.execute(connection).catch(() => {});
		throw error;
	}
};
