import type { SqlDialect } from '../sql-dialect.ts';
import type { SqlTexts } from '../sql-texts.ts';

/** `SqlDialect.advanceHeads` where an upsert can return what it wrote: PostgreSQL and SQLite. */
export const advanceHeadsReturning =
	(texts: SqlTexts): SqlDialect['advanceHeads'] =>
	(db, steps) =>
		texts.insert(db, 'advance heads', steps, () =>
			db
				.insertInto('logs')
				.values(steps)
				.onConflict((conflict) =>
					conflict.column('key').doUpdateSet((eb) => ({
						head: eb('logs.head', '+', eb.ref('excluded.head')),
						last_at: eb.ref('excluded.last_at'),
					})),
				)
				.returning(['key', 'head']),
		);
