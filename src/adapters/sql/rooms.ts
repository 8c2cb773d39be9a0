import type { Kysely } from 'kysely';
import type { ChatStore, NamedRoom } from '../../ports/chat-store.ts';
import { firstNamedRoom } from '../../protocol/limits.ts';
import type { Runner } from './runner.ts';
import { padded } from './statement-sizes.ts';
import type { Tables } from './tables.ts';

/** The number of the room in a row. The databases count from 1: where they begin would be written differently in each. */
const roomNumber = (id: number): number => firstNamedRoom - 1 + id;
const rowId = (roomId: number): number => roomId - firstNamedRoom + 1;

const namesOf = (db: Kysely<Tables>) => db.selectFrom('rooms').select(['id', 'name']);

const namedRoom = ({ id, name }: { readonly id: number; readonly name: string }): NamedRoom => ({
	id: roomNumber(id),
	name,
});

/** See `ChatStore.openRoom`. */
export const openRoom = async (
	runner: Runner,
	{ name, nameKey, createdBy, createdAt }: Parameters<ChatStore['openRoom']>[0],
): Promise<NamedRoom> => {
	const find = () => runner.run((db) => namesOf(db).where('name_key', '=', nameKey).executeTakeFirst());
	const known = await find();
	if (known !== undefined) return namedRoom(known);
	const row = { name, name_key: nameKey, created_by: createdBy, created_at: createdAt };
	// Somebody else may have been quicker: then theirs is the room.
	await runner.unlessTaken((db) => db.insertInto('rooms').values(row).execute());
	const made = await find();
	if (made === undefined) throw new Error('the room was neither made nor found');
	return namedRoom(made);
};

/** See `ChatStore.namedRooms`. Asks nothing when no number is one of a room with a name. */
export const namedRooms = async (db: Kysely<Tables>, ids: readonly number[]): Promise<NamedRoom[]> => {
	const named = ids.filter((id) => id >= firstNamedRoom);
	if (named.length === 0) return [];
	const rows = await namesOf(db)
		.where('id', 'in', padded(named.map(rowId)))
		.execute();
	return rows.map(namedRoom);
};
