import type { Migration } from 'kysely';
import type { Tables } from '../tables.ts';
import type { TableStyle } from './table-style.ts';

/** What limits count across processes and restarts. */
export const attempts = ({ integer, text, tableEnd }: TableStyle): Migration => ({
	up: async (db) => {
		const table: keyof Tables = 'attempts';
		await db.schema
			.createTable(table)
			.addColumn('key', text(128), (c) => c.notNull().primaryKey())
			.addColumn('failures', integer, (c) => c.notNull())
			.addColumn('since', integer, (c) => c.notNull())
			.addColumn('locked_until', integer, (c) => c.notNull())
			.addColumn('expires_at', integer, (c) => c.notNull())
			.modifyEnd(tableEnd(true))
			.execute();
		await db.schema.createIndex('attempts_expires_at').on(table).column('expires_at').execute();
	},
});
