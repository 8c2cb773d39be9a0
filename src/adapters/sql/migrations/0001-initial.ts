import type { Migration } from 'kysely';
import type { Tables } from '../tables.ts';
import type { TableStyle } from './table-style.ts';

export const initial = ({ integer, text, longText, numbered, tableEnd }: TableStyle): Migration => ({
	up: async (db) => {
		const table = (name: keyof Tables) => db.schema.createTable(name);

		await table('users')
			.addColumn('id', integer, numbered)
			.addColumn('name', text(80), (c) => c.notNull())
			// Longer than a name: folding case and compatibility forms may expand a character to eighteen.
			.addColumn('name_key', text(400), (c) => c.notNull().unique())
			.addColumn('password_hash', text(255), (c) => c.notNull())
			.addColumn('created_at', integer, (c) => c.notNull())
			.modifyEnd(tableEnd(false))
			.execute();

		await table('sessions')
			.addColumn('token_hash', text(64), (c) => c.notNull().primaryKey())
			.addColumn('id', text(64), (c) => c.notNull().unique())
			.addColumn('user_id', integer, (c) => c.notNull())
			.addColumn('created_at', integer, (c) => c.notNull())
			.addColumn('expires_at', integer, (c) => c.notNull())
			.modifyEnd(tableEnd(true))
			.execute();
		await db.schema.createIndex('sessions_user_id').on('sessions').column('user_id').execute();
		await db.schema.createIndex('sessions_expires_at').on('sessions').column('expires_at').execute();

		await table('logs')
			.addColumn('key', text(64), (c) => c.notNull().primaryKey())
			.addColumn('head', integer, (c) => c.notNull())
			.modifyEnd(tableEnd(true))
			.execute();

		await table('messages')
			.addColumn('conv', text(64), (c) => c.notNull())
			.addColumn('seq', integer, (c) => c.notNull())
			.addColumn('id', text(20), (c) => c.notNull())
			.addColumn('sender_id', integer, (c) => c.notNull())
			.addColumn('sender_name', text(80), (c) => c.notNull())
			.addColumn('to_id', integer)
			.addColumn('to_name', text(80))
			.addColumn('kind', text(16), (c) => c.notNull())
			.addColumn('body', longText, (c) => c.notNull())
			.addColumn('ref', text(64), (c) => c.notNull())
			.addColumn('at', integer, (c) => c.notNull())
			.addPrimaryKeyConstraint('messages_place', ['conv', 'seq'])
			.addUniqueConstraint('messages_ref', ['sender_id', 'ref'])
			// Stored in the order of arrival: appends twice as fast as when SQLite sorts whole messages into a tree.
			.modifyEnd(tableEnd(false))
			.execute();

		await table('inbox')
			.addColumn('user_id', integer, (c) => c.notNull())
			.addColumn('pos', integer, (c) => c.notNull())
			.addColumn('conv', text(64), (c) => c.notNull())
			.addColumn('seq', integer, (c) => c.notNull())
			.addPrimaryKeyConstraint('inbox_place', ['user_id', 'pos'])
			.modifyEnd(tableEnd(true))
			.execute();
	},
});
