import { type Migration, sql } from 'kysely';
import type { Tables } from '../tables.ts';
import type { TableStyle } from './table-style.ts';

/** What protocol v2 needs: whose conversations there are, how far everyone has got, when they were last active, and devices. */
export const memberships = ({ integer, text, tableEnd }: TableStyle): Migration => ({
	up: async (db) => {
		const table = (name: keyof Tables) => db.schema.alterTable(name);

		await table('sessions')
			.addColumn('device', text(64), (c) => c.notNull().defaultTo(''))
			.execute();

		await table('logs')
			.addColumn('last_at', integer, (c) => c.notNull().defaultTo(0))
			.execute();
		// Inboxes keep 0 until their next message: nobody asks when they were active.
		await sql`
			update logs set last_at = coalesce(
				(select at from messages where messages.conv = logs.${sql.ref('key')} and messages.seq = logs.head), 0
			)`.execute(db);

		await db.schema
			.createTable('memberships' satisfies keyof Tables)
			.addColumn('user_id', integer, (c) => c.notNull())
			.addColumn('conv', text(64), (c) => c.notNull())
			.addColumn('joined_at', integer, (c) => c.notNull())
			.addColumn('read_seq', integer, (c) => c.notNull())
			.addColumn('delivered_seq', integer, (c) => c.notNull())
			.addPrimaryKeyConstraint('memberships_place', ['user_id', 'conv'])
			.modifyEnd(tableEnd(true))
			.execute();
		// The first message of a direct conversation stands in the inbox of each of its users once. Nothing of before is unread.
		await sql`
			insert into memberships (user_id, conv, joined_at, read_seq, delivered_seq)
			select inbox.user_id, inbox.conv, messages.at, logs.head, logs.head
			from inbox
			inner join messages on messages.conv = inbox.conv and messages.seq = inbox.seq
			inner join logs on logs.${sql.ref('key')} = inbox.conv
			where inbox.seq = 1`.execute(db);
	},
});
