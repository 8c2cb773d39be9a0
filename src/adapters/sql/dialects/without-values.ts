import type { QueryError } from 'mysql2';
import pg from 'pg';

/*
 * Errors get into the log with all that they hold. Those of drivers hold statements and values of rows: bodies of messages, hashes.
 * These take both out, in place, and leave code, message and constraint. SQLite's name tables and columns only.
 */

/** The stack begins with the message. */
const retell = (error: Error, message: string): void => {
	const { message: before, stack } = error;
	error.message = message;
	if (stack !== undefined) error.stack = stack.replace(before, () => message);
};

/** From the first quotation mark to the last: a value may hold some itself. */
const quotedDouble = /["«»‹›„“”「」『』].*["«»‹›„“”「」『』]/s;
const quotedSingle = /'.*'/s;

/** Of PostgreSQL: the rows that a statement was about, and what surrounds it, stand in fields of their own. */
export const withoutPostgresValues = <E>(error: E): E => {
	if (!(error instanceof pg.DatabaseError)) return error;
	// `Key (name)=(x) already exists`, `Failing row contains (…)`.
	for (const field of ['detail', 'where', 'internalQuery']) Reflect.deleteProperty(error, field);
	// Class 22, data exception: `invalid input syntax for type bigint: "x"`, in the language of the server and with its quotation marks.
	if (error.code?.startsWith('22')) retell(error, error.message.replace(quotedDouble, '"…"'));
	return error;
};

/**
 * Of MariaDB and MySQL, the errors whose message quotes values, or a piece of the statement: a duplicate (both forms), a syntax error,
 * and values that are truncated, illegal, out of range or no text of their character set.
 */
const quoting = new Set([1062, 1586, 1064, 1292, 1300, 1366, 1367, 1411, 1525, 1690]);

/** Of MariaDB and MySQL: the driver adds the statement with its values, and the message once more. */
export const withoutMysqlValues = (error: QueryError): QueryError => {
	for (const field of ['sql', 'sqlMessage']) Reflect.deleteProperty(error, field);
	if (quoting.has(error.errno ?? 0)) {
		// What ends the message of a duplicate is the name of its key.
		const key = /^[^']*'.*('[^']*'[^']*')$/s.exec(error.message)?.[1] ?? "'";
		retell(
			error,
			error.message.replace(quotedSingle, () => `'…${key}`),
		);
	}
	return error;
};
