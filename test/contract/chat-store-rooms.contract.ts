import { beforeAll, describe, expect, test } from 'vitest';
import type { ChatStore } from '../../src/ports/chat-store.ts';
import { firstNamedRoom } from '../../src/protocol/limits.ts';
import { directKey, roomKey } from '../../src/protocol/logs.ts';
import { toRoom, toUser } from '../support/new-message.ts';
import type { StoreUnderTest } from './chat-store.contract.ts';
import { newUser, openedTwice, upTo } from './chat-store-support.ts';

const newRoom = (nameKey: string, name = `Name ${nameKey}`) => ({ name, nameKey, createdBy: 1, createdAt: 5 });

/** What every adapter of ChatStore promises of rooms with names. */
export const describeChatStoreRooms = (subject: () => StoreUnderTest): void => {
	describe('rooms with names', () => {
		const handles = openedTwice(subject);
		let store: ChatStore;
		let other: ChatStore;
		beforeAll(() => {
			({ store, other } = handles());
		});

		test('a room is made when its name is first asked for, and keeps the name that it got then', async () => {
			const room = await store.openRoom(newRoom('general', 'General'));
			expect(room).toEqual({ id: expect.any(Number), name: 'General' });
			expect(await other.openRoom(newRoom('general', 'GENERAL'))).toEqual(room);
			const another = await other.openRoom(newRoom('random'));
			expect(another.id).not.toBe(room.id);
			for (const { id } of [room, another]) {
				expect(id).toBeGreaterThanOrEqual(firstNamedRoom);
				expect(Number.isSafeInteger(id)).toBe(true);
			}
		});

		test('many who ask for a new name at once get the same room', async () => {
			for (const round of upTo(10)) {
				const opened = await Promise.all(
					upTo(10).map((n) => (n % 2 ? store : other).openRoom(newRoom(`wanted ${round}`, `Wanted by ${n}`))),
				);
				expect(new Set(opened.map(({ id, name }) => `${id} ${name}`)).size).toBe(1);
			}
		});

		test('name keys are compared byte by byte', async () => {
			const keys = ['zoe', 'ZOE', 'zoë', 'zoe\u0308', 'zoe.', '𝔘𝔫𝔦 会议室'];
			const ids = [];
			for (const key of keys) ids.push((await store.openRoom(newRoom(key))).id);
			expect(new Set(ids).size).toBe(keys.length);
		});

		test('the names of rooms are told, of those that have one', async () => {
			const [one, two] = [await store.openRoom(newRoom('one')), await store.openRoom(newRoom('two'))];
			const found = await other.namedRooms([two.id, 1, Number.MAX_SAFE_INTEGER, one.id, firstNamedRoom - 1, one.id]);
			expect(found.toSorted((a, b) => a.id - b.id)).toEqual([one, two]);
			expect(await store.namedRooms([1, 2])).toEqual([]);
			expect(await store.namedRooms([])).toEqual([]);
		});

		test('the inbox tells the names of the rooms that have one', async () => {
			const [ann, room] = [await newUser(store), await store.openRoom(newRoom('inbox', 'In the box'))];
			await store.append([{ ...toUser(ann.id, ann.id, 'note'), at: 100 }]);
			await store.joinRoom(ann.id, roomKey(room.id), 300);
			await store.joinRoom(ann.id, roomKey(7), 200);
			const namesOf = async (limit: number) =>
				(await other.inbox(ann.id, { limit })).lines.map(({ conv, name }) => [conv, name]);
			const names = [
				[roomKey(room.id), 'In the box'],
				[roomKey(7), null],
				[directKey(ann.id, ann.id), null],
			];
			expect(await namesOf(9)).toEqual(names);
			expect(await namesOf(1)).toEqual(names.slice(0, 1));
		});

		test('a room with a name is a room like others', async () => {
			const { id } = await store.openRoom(newRoom('log'));
			expect(await store.append([toRoom(id, 1, 'to a name')])).toMatchObject([{ message: { seq: 1 } }]);
			expect(await other.joinRoom(1, roomKey(id), 1)).toMatchObject({ head: 1, read: 1, delivered: 1 });
		});
	});
};
