import type { PostgresPool, PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { ChatError } from '../../../protocol/errors.ts';
import { withoutPostgresValues } from './without-values.ts';

/**
 * A pool that turns failures of the connection into `ChatError('unavailable')`, and destroys such a connection:
 * its transaction may still be open on a server that only answered too late.
 */
export const createPostgresPool = (options: pg.PoolConfig): PostgresPool => {
	const pool = new pg.Pool({
		connectionTimeoutMillis: 5000,
		keepAlive: true,
		application_name: 'tschat',
		types: { getTypeParser: typeParser },
		...options,
	});
	// A lost connection fails the call that uses it; without a listener it would end the process as well.
	pool.on('error', () => {});
	pool.on('connect', (client) => client.on('error', () => {}));
	return {
		end: () => pool.end(),
		connect: async () => {
			const client = await pool.connect().catch((cause: unknown) => {
				throw new ChatError('unavailable', undefined, { cause });
			});
			return guarded(client);
		},
	};
};

/** All integers are below 2^53; by default the driver gives strings for 64-bit ones. */
const typeParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
	oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format);

/**
 * Whether the server has closed the connection with it. Its severity would say so (FATAL, PANIC), but is in the language of `lc_messages`;
 * so these are the codes of PostgreSQL's appendix A that only come so, or of which nobody can tell (class 08): connection exceptions, who
 * may connect (28), too many connections, the time-outs of a transaction (25P03, 25P04), and of operator intervention all but a cancelled
 * statement. Of any other that the server ends a session with, the next statement finds out.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const endsSession = ({ code = '' }: pg.DatabaseError): boolean => /^(08|28|53300|25P0[34]|57P0[1-5])/.test(code);

const guarded = (client: pg.PoolClient): PostgresPoolClient => {
	let lost: ChatError | undefined;
	const query = async (text: string, parameters: unknown[]): Promise<unknown> => {
		if (lost !== undefined) throw lost;
		try {
			return await client.query(text, parameters);
		} catch (error) {
			const cause = withoutPostgresValues(error);
			if (cause instanceof pg.DatabaseError && !endsSession(cause)) throw cause;
			lost = new ChatError('unavailable', undefined, { cause });
			throw lost;
		}
	};
	return {
		// Kysely's type has an overload for cursors, which are used only when the dialect is given a cursor class.
		query: query as PostgresPoolClient['query'],
		release: () => client.release(lost),
	};
};
