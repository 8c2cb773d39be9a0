import { Kysely, type Migration, Migrator } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { initial } from '../../src/adapters/sql/migrations/0001-initial.ts';
import { memberships } from '../../src/adapters/sql/migrations/0002-memberships.ts';
import type { TableStyle } from '../../src/adapters/sql/migrations/table-style.ts';
import type { Tables } from '../../src/adapters/sql/tables.ts';
import type { ChatStore } from '../../src/ports/chat-store.ts';
import { roomKey } from '../../src/protocol/logs.ts';
import { toUser } from '../support/new-message.ts';
import type { StoreUnderTest } from './chat-store.contract.ts';
import { byUser } from './chat-store-support.ts';

/** The tables that have changed since, as the first release had them. */
type FirstTables = Omit<Tables, 'users' | 'rooms' | 'sessions' | 'sanctions' | 'logs' | 'memberships'> & {
	users: Omit<Tables['users'], 'admin'>;
	sessions: Omit<Tables['sessions'], 'device' | 'used_at' | 'ended_at'>;
	logs: Omit<Tables['logs'], 'last_at'>;
};

type Direct = [conv: `dm:${number}:${number}`, senders: number[]];

/** Users 1 to 3, a session, a room, and direct conversations with these senders; each message one second after the last. */
const fillAsFirstRelease = async (db: Kysely<FirstTables>) => {
	const names = ['ann', 'bob', 'cid'];
	const users = names.map((name) => ({ name, name_key: name, password_hash: 'phc', created_at: 1 }));
	await db.insertInto('users').values(users).execute();
	await db
		.insertInto('sessions')
		.values({ token_hash: 'hash', id: 's1', user_id: 1, created_at: 1, expires_at: 1e13 })
		.execute();

	let time = 0;
	const heads = new Map<Tables['logs']['key'], number>();
	const next = (key: Tables['logs']['key']) => {
		const head = (heads.get(key) ?? 0) + 1;
		heads.set(key, head);
		return head;
	};
	const insert = async (conv: Tables['messages']['conv'], sender: number, readers: number[]) => {
		time += 1000;
		const seq = next(conv);
		const from = { sender_id: sender, sender_name: 'old' };
		const content = { id: '1', to_id: null, to_name: null, kind: 'text' as const, body: 'old', at: time };
		await db
			.insertInto('messages')
			.values({ conv, seq, ...from, ...content, ref: `${conv} ${seq}` })
			.execute();
		for (const user_id of readers) {
			await db
				.insertInto('inbox')
				.values({ user_id, pos: next(`user:${user_id}`), conv, seq })
				.execute();
		}
	};
	await insert('room:1', 1, []);
	const direct: Direct[] = [
		['dm:1:2', [1, 2, 1]],
		['dm:3:3', [3]],
		['dm:1:3', [3, 3]],
	];
	for (const [conv, senders] of direct) {
		const [, one, two] = conv.split(':').map(Number);
		for (const sender of senders) await insert(conv, sender, [...new Set([one ?? 0, two ?? 0])]);
	}
	await db
		.insertInto('logs')
		.values(Array.from(heads, ([key, head]) => ({ key, head })))
		.execute();
};

/** The tables before rooms had names, and users were administrators. */
type TablesBeforeRooms = Omit<Tables, 'users' | 'rooms'> & Pick<FirstTables, 'users'>;

const fillAsBeforeRooms = async (db: Kysely<TablesBeforeRooms>) => {
	await db.insertInto('users').values({ name: 'Ann', name_key: 'ann', password_hash: 'phc', created_at: 1 }).execute();
	const row = { user_id: 1, conv: 'room:1' as const, joined_at: 1, read_seq: 0, delivered_seq: 0 };
	await db.insertInto('memberships').values(row).execute();
};

const firstMigrations = (style: TableStyle) => ({ '0001-initial': initial(style) });
const migrationsBeforeRooms = (style: TableStyle) => ({
	...firstMigrations(style),
	'0002-memberships': memberships(style),
});

/** What every adapter of ChatStore promises to a database of an earlier release. */
export const describeChatStoreUpgrade = (subject: () => StoreUnderTest): void => {
	/** Opens a new database that an earlier release made and filled. */
	const openOld = async <Old>(
		migrations: (style: TableStyle) => Record<string, Migration>,
		fill: (db: Kysely<Old>) => Promise<void>,
	): Promise<ChatStore> => {
		const url = await subject().createDatabase();
		const dialect = subject().dialectOf(url);
		const db = new Kysely<Tables>({ dialect: dialect.connectForMigrations() });
		const made = migrations(await dialect.tableStyle(db));
		const provider = { getMigrations: () => Promise.resolve(made) };
		const { error } = await new Migrator({ db, provider }).migrateToLatest();
		expect(error).toBeUndefined();
		await db.destroy();
		const old = new Kysely<Old>({ dialect: dialect.connectForMigrations() });
		await fill(old);
		await old.destroy();
		return subject().open(url);
	};

	describe('a database of the first release', () => {
		let store: ChatStore;
		beforeAll(async () => {
			store = await openOld(firstMigrations, fillAsFirstRelease);
			return () => store.close();
		});

		test('has its direct conversations in the inboxes, the last active first, and nothing is unread', async () => {
			const linesOf = async (userId: number) =>
				(await store.inbox(userId, { limit: 9 })).lines.map(({ conv, head, read, delivered, last, peer }) => {
					expect(last?.seq).toBe(head);
					return [conv, head, read, delivered, peer];
				});
			const peer = (id: number, name: string, seq: number) => ({ user: { id, name }, read: seq, delivered: seq });
			expect(await linesOf(1)).toEqual([
				['dm:1:3', 2, 2, 2, peer(3, 'cid', 2)],
				['dm:1:2', 3, 3, 3, peer(2, 'bob', 3)],
			]);
			expect(await linesOf(2)).toEqual([['dm:1:2', 3, 3, 3, peer(1, 'ann', 3)]]);
			expect(await linesOf(3)).toEqual([
				['dm:1:3', 2, 2, 2, peer(1, 'ann', 2)],
				['dm:3:3', 1, 1, 1, peer(3, 'cid', 1)],
			]);
		});

		test('tells how far both users of a direct conversation have got', async () => {
			expect(byUser(await store.receipts('dm:1:3', 2))).toEqual([
				{ userId: 1, read: 2, delivered: 2 },
				{ userId: 3, read: 2, delivered: 2 },
			]);
		});

		test('keeps its sessions, with devices that have no name', async () => {
			const found = { id: 's1', user: { name: 'ann' }, device: '', createdAt: 1, usedAt: 1 };
			expect(await store.sessionByTokenHash('hash')).toMatchObject(found);
		});

		test('goes on where it was', async () => {
			const later = { ...toUser(2, 1, 'after the upgrade'), at: 100_000 };
			expect(await store.append([later])).toMatchObject([{ message: { seq: 4 } }]);
			expect(await store.standings(2, ['dm:1:2'])).toEqual([{ head: 4, read: 3, delivered: 3 }]);
			expect((await store.inbox(1, { limit: 1 })).lines).toMatchObject([{ conv: 'dm:1:2', head: 4, read: 3 }]);
			expect(await store.joinRoom(1, 'room:1', 1)).toMatchObject({ head: 1, read: 1, delivered: 1 });
		});
	});

	describe('while processes of the release before work beside', () => {
		let store: ChatStore;
		let old: Kysely<FirstTables>;
		beforeAll(async () => {
			const url = await subject().createDatabase();
			store = await subject().open(url);
			old = new Kysely<FirstTables>({ dialect: subject().dialectOf(url).connectForMigrations() });
			return async () => {
				await Promise.all([store.close(), old.destroy()]);
			};
		});

		test('they refuse sessions that were ended, of which they know the expiry only', async () => {
			const newUser = (name: string) => store.createUser({ name, nameKey: name, passwordHash: 'phc', createdAt: 1 });
			const [ann, bob] = [await newUser('ann'), await newUser('bob')];
			const open = (id: string, userId = 0) =>
				store.createSession({ id, tokenHash: `hash ${id}`, userId, device: '', createdAt: 1, expiresAt: 1e13 });
			for (const id of ['stays', 'logged out', 'ended']) await open(id, ann?.id);
			await open('banned', bob?.id);
			await store.endSession('hash logged out', 1e12);
			await store.endSessionsOfUser(ann?.id ?? 0, ['ended'], 1e12);
			const sanction = { userId: bob?.id ?? 0, kind: 'ban' as const, reason: '', by: null, at: 1e12, until: null };
			await store.impose(sanction);
			const valid = old.selectFrom('sessions').select('id').where('expires_at', '>', 1e12);
			expect(await valid.execute()).toEqual([{ id: 'stays' }]);
		});

		test('a session that they began was used when it was created', async () => {
			await old
				.insertInto('sessions')
				.values({ token_hash: 'of old', id: 'of old', user_id: 1, created_at: 7, expires_at: 1e13 })
				.execute();
			expect(await store.sessionsById(['of old'])).toMatchObject([{ createdAt: 7, usedAt: 7 }]);
		});
	});

	describe('a database from before rooms had names', () => {
		let store: ChatStore;
		beforeAll(async () => {
			store = await openOld(migrationsBeforeRooms, fillAsBeforeRooms);
			return () => store.close();
		});

		test('has no administrator, and may get one', async () => {
			expect(await store.isAdmin(1)).toBe(false);
			expect(await store.setAdmin('ann', true)).toBe(true);
			expect(await store.isAdmin(1)).toBe(true);
		});

		test('keeps its rooms without names, and gets rooms with names beside them', async () => {
			const room = await store.openRoom({ name: 'General', nameKey: 'general', createdBy: 1, createdAt: 2 });
			await store.joinRoom(1, roomKey(room.id), 2);
			expect(await store.receipts('room:1', 1)).toEqual([{ userId: 1, read: 0, delivered: 0 }]);
			expect((await store.inbox(1, { limit: 9 })).lines.map(({ conv, name }) => [conv, name])).toEqual([
				[roomKey(room.id), 'General'],
				['room:1', null],
			]);
		});
	});
};
