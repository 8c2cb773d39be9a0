import type { Kysely } from 'kysely';
import type { AttemptCount, ChatStore } from '../../ports/chat-store.ts';
import type { Runner } from './runner.ts';
import type { SqlDialect } from './sql-dialect.ts';
import { padded } from './statement-sizes.ts';
import type { Tables } from './tables.ts';

type Row = Tables['attempts'];

const countOf = ({ failures, since, locked_until, expires_at }: Row): AttemptCount => ({
	failures,
	since,
	lockedUntil: locked_until,
	expiresAt: expires_at,
});

/** See `ChatStore.attempts`. */
export const attempts = async (db: Kysely<Tables>, keys: readonly string[]): Promise<(AttemptCount | undefined)[]> => {
	if (keys.length === 0) return [];
	const rows = await db.selectFrom('attempts').selectAll().where('key', 'in', padded(keys)).execute();
	const byKey = new Map(rows.map((row) => [row.key, countOf(row)]));
	return keys.map((key) => byKey.get(key));
};

/** See `ChatStore.changeAttempts`. Of two who make the row at once, the later one tries again, and then finds it. */
export const changeAttempts = (
	runner: Runner,
	dialect: SqlDialect,
	[key, change]: Parameters<ChatStore['changeAttempts']>,
): Promise<void> =>
	runner.transaction(
		async (db) => {
			const asked = db.selectFrom('attempts').selectAll().where('key', '=', key).modifyEnd(dialect.forUpdate);
			const row = await asked.executeTakeFirst();
			const found = row && countOf(row);
			const count = change(found);
			if (count === found) return;
			if (count === undefined) {
				await db.deleteFrom('attempts').where('key', '=', key).execute();
				return;
			}
			const { failures, since, lockedUntil, expiresAt } = count;
			const values = { failures, since, locked_until: lockedUntil, expires_at: expiresAt };
			if (row === undefined)
				await db
					.insertInto('attempts')
					.values({ key, ...values })
					.execute();
			else await db.updateTable('attempts').set(values).where('key', '=', key).execute();
		},
		{ retryUniqueViolations: true },
	);

/** See `ChatStore.deleteExpiredAttempts`. */
export const deleteExpiredAttempts = async (db: Kysely<Tables>, now: number): Promise<number> => {
	const { numDeletedRows } = await db.deleteFrom('attempts').where('expires_at', '<=', now).executeTakeFirstOrThrow();
	return Number(numDeletedRows);
};
