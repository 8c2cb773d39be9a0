import type { MysqlPool, MysqlPoolConnection, MysqlQueryResult } from 'kysely';
import { createPool, type PoolConnection } from 'mysql2';
import { ChatError } from '../../../protocol/errors.ts';
import { withoutMysqlValues } from './without-values.ts';

interface PoolSettings {
	readonly uri: string;
	readonly connections: number;
	/** How long a statement may take; undefined: without limit. */
	readonly statementMs: number | undefined;
}

/** How long to wait for a connection, in milliseconds. */
const connectMs = 5000;

/**
 * Read committed: a statement sees all that was committed before it, and there are fewer gap locks to deadlock on.
 * Strict: a value that does not fit is refused, not cut; and backslashes escape, which the driver's quoting relies on.
 */
const sessionSettings = [
	'set session transaction isolation level read committed',
	"set session sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', innodb_lock_wait_timeout = 4",
];

/**
 * A pool that turns failures of the connection into `ChatError('unavailable')`, and destroys such a connection:
 * its transaction may still be open on a server that only answered too late.
 */
export const createMysqlPool = ({ uri, connections, statementMs }: PoolSettings): MysqlPool => {
	const pool = createPool({ uri, connectionLimit: connections, connectTimeout: connectMs });
	pool.on('connection', (connection) => {
		// A lost connection fails the call that uses it; without a listener it would end the process as well.
		connection.on('error', () => {});
		// Queued before the first statement of whoever asked for the connection.
		for (const setting of sessionSettings) connection.query(setting, (error) => error && connection.destroy());
	});
	return {
		end: (callback) => pool.end(callback),
		getConnection: (callback) => {
			const fail = (error: ChatError) => callback(error, undefined as never);
			let waiting = true;
			// mysql2 itself would wait for a free connection without limit.
			const timer = setTimeout(() => {
				waiting = false;
				fail(new ChatError('unavailable', 'no database connection is free'));
			}, connectMs + 500);
			pool.getConnection((cause, connection) => {
				clearTimeout(timer);
				if (!waiting) connection?.release();
				else if (cause) fail(new ChatError('unavailable', undefined, { cause }));
				else callback(null, guarded(connection, statementMs));
			});
		},
	};
};

const guarded = (connection: PoolConnection, statementMs: number | undefined): MysqlPoolConnection => {
	let lost: ChatError | undefined;
	const query = (
		text: string,
		values: unknown[],
		callback: (error: unknown, result: MysqlQueryResult) => void,
	): void => {
		const fail = (error: unknown) => callback(error, undefined as never);
		if (lost !== undefined) {
			fail(lost);
			return;
		}
		const options = { sql: text, values, ...(statementMs !== undefined && { timeout: statementMs }) };
		connection.query(options, (error, result) => {
			if (error === null) return callback(null, result as MysqlQueryResult);
			const cause = withoutMysqlValues(error);
			// Only the server gives an SQLSTATE.
			if (cause.sqlState !== undefined && !cause.fatal) return fail(cause);
			lost = new ChatError('unavailable', undefined, { cause });
			fail(lost);
		});
	};
	return {
		// Kysely's type has an overload for streams, which are used only by `stream()`.
		query: query as MysqlPoolConnection['query'],
		release: () => (lost === undefined ? connection.release() : connection.destroy()),
	};
};
