import type { Migration } from 'kysely';
import type { Tables } from '../tables.ts';
import type { TableStyle } from './table-style.ts';

/** Rooms with names, and administrators: nobody who was there before is one. */
export const rooms = ({ integer, text, numbered, tableEnd }: TableStyle): Migration => ({
	up: async (db) => {
		await db.schema
			.alterTable('users' satisfies keyof Tables)
			.addColumn('admin', integer, (c) => c.notNull().defaultTo(0))
			.execute();

		await db.schema
			.createTable('rooms' satisfies keyof Tables)
			.addColumn('id', integer, numbered)
			.addColumn('name', text(200), (c) => c.notNull())
			.addColumn('name_key', text(200), (c) => c.notNull().unique())
			.addColumn('created_by', integer, (c) => c.notNull())
			.addColumn('created_at', integer, (c) => c.notNull())
			.modifyEnd(tableEnd(false))
			.execute();
	},
});
