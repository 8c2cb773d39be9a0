import type { Migration } from 'kysely';
import type { Tables } from '../tables.ts';
import type { TableStyle } from './table-style.ts';

/** When sessions were used and ended, and who may not sign in or write. */
export const sanctions = ({ integer, text, numbered, tableEnd, partialIndexes }: TableStyle): Migration => ({
	up: async (db) => {
		const sessions: keyof Tables = 'sessions';
		// The release before works meanwhile, and waits for this transaction: no row is written. A 0 is read as `created_at`.
		await db.schema
			.alterTable(sessions)
			.addColumn('used_at', integer, (c) => c.notNull().defaultTo(0))
			.execute();
		await db.schema.alterTable(sessions).addColumn('ended_at', integer).execute();
		// Each logic process asks several times a second what has ended. Few rows have: an index of those alone is made by a look
		// at each row, and costs nothing when a session begins.
		const ended = db.schema.createIndex('sessions_ended_at').on(sessions).column('ended_at');
		await (partialIndexes ? ended.where('ended_at', 'is not', null) : ended).execute();

		const table: keyof Tables = 'sanctions';
		await db.schema
			.createTable(table)
			.addColumn('id', integer, numbered)
			.addColumn('user_id', integer, (c) => c.notNull())
			.addColumn('kind', text(16), (c) => c.notNull())
			.addColumn('reason', text(500), (c) => c.notNull())
			.addColumn('by_id', integer)
			.addColumn('at', integer, (c) => c.notNull())
			.addColumn('until', integer)
			.addColumn('ends_at', integer, (c) => c.notNull())
			.addColumn('lifted_by', integer)
			.modifyEnd(tableEnd(false))
			.execute();
		await db.schema.createIndex('sanctions_in_force').on(table).columns(['kind', 'ends_at']).execute();
		await db.schema.createIndex('sanctions_user_id').on(table).column('user_id').execute();
	},
});
