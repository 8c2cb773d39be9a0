import type { Migration } from 'kysely';
import type { Tables } from '../tables.ts';

/** The way from a conversation to those among whose conversations it is. */
export const members = (): Migration => ({
	up: async (db) => {
		const memberships: keyof Tables = 'memberships';
		await db.schema.createIndex('memberships_conv').on(memberships).column('conv').execute();
	},
});
