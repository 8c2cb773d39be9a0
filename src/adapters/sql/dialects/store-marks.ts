import type { SqlDialect } from '../sql-dialect.ts';
import type { SqlTexts } from '../sql-texts.ts';

/** `SqlDialect.storeMarks` by the upsert of PostgreSQL and SQLite: many rows, each with values of its own, in one statement. */
export const storeMarksOnConflict =
	(texts: SqlTexts): SqlDialect['storeMarks'] =>
	(db, rows) =>
		texts.insert(db, 'store marks', rows, () =>
			db
				.insertInto('memberships')
				.values(rows)
				.onConflict((conflict) =>
					conflict.columns(['user_id', 'conv']).doUpdateSet((eb) => ({
						read_seq: eb.ref('excluded.read_seq'),
						delivered_seq: eb.ref('excluded.delivered_seq'),
					})),
				),
		);
