import { beforeAll, describe, expect, test } from 'vitest';
import type { ChatStore } from '../../src/ports/chat-store.ts';
import type { StoreUnderTest } from './chat-store.contract.ts';
import { newAccount, newUser, openedTwice, upTo } from './chat-store-support.ts';

/** What every adapter of ChatStore promises of users and their sessions. */
export const describeChatStoreAccounts = (subject: () => StoreUnderTest): void => {
	describe('accounts', () => {
		const handles = openedTwice(subject);
		let store: ChatStore;
		let other: ChatStore;
		beforeAll(() => {
			({ store, other } = handles());
		});

		describe('users', () => {
			test('a user is found by name key and by id', async () => {
				const user = await store.createUser(newAccount('ann'));
				expect(user).toEqual({ id: expect.any(Number), name: 'Name ann' });
				expect(await other.userByNameKey('ann')).toEqual({ ...user, passwordHash: 'phc' });
				expect(await store.usersById([user?.id ?? 0, 999_999])).toEqual([user]);
				expect(await store.userByNameKey('nobody')).toBeUndefined();
				expect(await store.usersById([])).toEqual([]);
			});

			test('many who are asked for at once, again and again, are found once by each who asks', async () => {
				const users = await Promise.all(upTo(10).map(() => newUser(store)));
				const ids = users.map(({ id }) => id);
				const asked = upTo(60).map((n) => [...ids.slice(n % 10), 900_000 + n, ...ids.slice(n % 10)]);
				const found = await Promise.all(asked.map((some) => store.usersById(some)));
				for (const [index, some] of found.entries()) {
					expect(some.toSorted((a, b) => a.id - b.id)).toEqual(
						users.slice((index + 1) % 10).toSorted((a, b) => a.id - b.id),
					);
				}
			});

			test('of many who take a name at once, one gets it', async () => {
				const attempts = upTo(20).map((number) => (number % 2 ? store : other).createUser(newAccount('wanted')));
				const users = (await Promise.all(attempts)).filter((user) => user !== undefined);
				expect(users).toHaveLength(1);
				expect(await store.userByNameKey('wanted')).toMatchObject(users[0] ?? {});
			});

			test('name keys are compared byte by byte', async () => {
				const keys = ['zoe', 'ZOE', 'zoë', 'zoe\u0308', 'zoe '];
				for (const key of keys) expect(await store.createUser(newAccount(key))).toBeDefined();
				const ids = await Promise.all(keys.map(async (key) => (await store.userByNameKey(key))?.id));
				expect(new Set(ids).size).toBe(keys.length);
			});

			test('a password hash is replaced, for that user only', async () => {
				const [ann, bob] = [await newUser(store), await newUser(store)];
				expect(await store.setPasswordHash(ann.id, 'another', 'phc')).toBe(true);
				expect(await store.setPasswordHash(ann.id, 'a third', 'phc')).toBe(false);
				const hashes = [ann, bob].map(async ({ name }) => (await other.userByNameKey(name.slice(5)))?.passwordHash);
				expect(await Promise.all(hashes)).toEqual(['another', 'phc']);
			});

			test('a user is an administrator from when it is made one until it is one no more', async () => {
				const [ann, bob] = [await newUser(store), await newUser(store)];
				const admins = () => Promise.all([ann.id, bob.id, 999_999].map((id) => other.isAdmin(id)));
				expect(await admins()).toEqual([false, false, false]);
				const key = ann.name.slice(5);
				// The second time nothing changes, and it is found nevertheless.
				for (const _ of upTo(2)) expect(await store.setAdmin(key, true)).toBe(true);
				expect(await admins()).toEqual([true, false, false]);
				for (const _ of upTo(2)) expect(await store.setAdmin(key, false)).toBe(true);
				expect(await admins()).toEqual([false, false, false]);
				expect(await store.setAdmin('nobody', true)).toBe(false);
			});
		});

		describe('sessions', () => {
			const session = (id: string, userId: number, expiresAt: number) => {
				const tokenHash = `hash of ${id}`;
				return { id, tokenHash, userId, device: `device of ${id}`, createdAt: 1, expiresAt };
			};
			test('a session is found by token hash and by id, with its user', async () => {
				const user = await newUser(store);
				await store.createSession(session('s1', user.id, Date.UTC(2100, 0)));
				const found = { id: 's1', user, device: 'device of s1', createdAt: 1, usedAt: 1, expiresAt: Date.UTC(2100, 0) };
				expect(await other.sessionByTokenHash('hash of s1')).toEqual(found);
				expect(await other.sessionsById(['s1', 'none'])).toEqual([found]);
				expect(await store.sessionByTokenHash('hash of none')).toBeUndefined();
				expect(await store.sessionsById([])).toEqual([]);
			});

			test('each of many who ask at once gets the session of the own token, or none', async () => {
				const users = await Promise.all(upTo(20).map(() => newUser(store)));
				const known = users.map((user, n) => ({ user, made: session(`at once ${n}`, user.id, 10_000 + n) }));
				await Promise.all(known.map(({ made }) => store.createSession(made)));
				const asked = upTo(600).map((n) => (n % 3 === 0 ? undefined : known[n % known.length]));
				const found = await Promise.all(
					asked.map((one, n) => store.sessionByTokenHash(one?.made.tokenHash ?? `hash of nobody ${n}`)),
				);
				const expected = asked.map((one) => {
					if (one === undefined) return undefined;
					const { tokenHash: _, userId: __, ...rest } = one.made;
					return { ...rest, usedAt: 1, user: one.user };
				});
				expect(found).toEqual(expected);
			});

			test('of many who end a session at once, one gets it', async () => {
				const user = await newUser(store);
				await store.createSession(session('s2', user.id, 10_000));
				const removed = await Promise.all(
					[store, other, store, other].map((handle) => handle.endSession('hash of s2', 5)),
				);
				expect(removed.filter((one) => one !== undefined)).toEqual([
					{ id: 's2', user, device: 'device of s2', createdAt: 1, usedAt: 1, expiresAt: 10_000 },
				]);
				expect(await store.sessionByTokenHash('hash of s2')).toBeUndefined();
			});

			test('sessions that expired or were ended at or before a moment are removed, later ones stay', async () => {
				const user = await newUser(store);
				for (const at of [99, 100, 101]) await store.createSession(session(`e${at}`, user.id, at));
				expect(await store.deleteOldSessions(100, 0)).toBe(2);
				expect((await store.sessionsById(['e99', 'e100', 'e101'])).map(({ id }) => id)).toEqual(['e101']);
				for (const at of [1, 2, 3]) {
					await store.createSession(session(`x${at}`, user.id, 10_000));
					await store.endSessionsOfUser(user.id, [`x${at}`], at);
				}
				expect(await store.deleteOldSessions(0, 2)).toBe(2);
				expect(await store.sessionsEndedSince(0, 99)).toContain('x3');
			});

			test('ended ones are told for as long as they are to be kept, although they have expired too', async () => {
				const user = await newUser(store);
				for (const id of ['kept 1', 'kept 2']) await store.createSession(session(id, user.id, 4e12));
				await store.endSession('hash of kept 1', 3e12);
				await store.endSessionsOfUser(user.id, ['kept 2'], 3e12);
				await store.deleteOldSessions(3e12 + 1000, 3e12 - 1);
				expect((await other.sessionsEndedSince(3e12 - 1, 9)).toSorted()).toEqual(['kept 1', 'kept 2']);
				await store.deleteOldSessions(3e12 + 1000, 3e12);
				expect(await other.sessionsEndedSince(3e12 - 1, 9)).toEqual([]);
			});

			test('the ended ones are told, of those that were ended after a moment, as many as are asked', async () => {
				const user = await newUser(store);
				for (const at of [1e12, 1e12 + 1, 1e12 + 2]) {
					await store.createSession(session(`ended ${at}`, user.id, 2e12));
					await store.endSessionsOfUser(user.id, [`ended ${at}`], at);
				}
				const since = async (at: number, limit: number) => (await other.sessionsEndedSince(at, limit)).toSorted();
				expect(await since(1e12, 9)).toEqual([`ended ${1e12 + 1}`, `ended ${1e12 + 2}`]);
				expect(await since(1e12 + 2, 9)).toEqual([]);
				expect(await since(1e12 - 1, 2)).toHaveLength(2);
			});

			test('use moves the expiry, but no further than an age that none may reach, and not of what was ended', async () => {
				const user = await newUser(store);
				for (const id of ['u1', 'u2', 'u3']) await store.createSession(session(id, user.id, 50));
				await store.touchSessions(['u1', 'none'], { at: 40, idleMs: 100, absoluteMs: 1000 });
				await store.touchSessions(['u2'], { at: 950, idleMs: 100, absoluteMs: 1000 });
				await store.endSessionsOfUser(user.id, ['u3'], 30);
				await store.touchSessions(['u3'], { at: 40, idleMs: 100, absoluteMs: 1000 });
				await store.touchSessions([], { at: 40, idleMs: 100, absoluteMs: 1000 });
				const found = (await other.sessionsById(['u1', 'u2', 'u3'])).toSorted((a, b) => (a.id < b.id ? -1 : 1));
				expect(found).toMatchObject([
					{ id: 'u1', usedAt: 40, expiresAt: 140 },
					{ id: 'u2', usedAt: 950, expiresAt: 1001 },
				]);
			});

			test('the sessions of a user are told, the newest first, with their devices', async () => {
				const [ann, bob] = [await newUser(store), await newUser(store)];
				const made = [20, 30, 10].map((createdAt) => ({
					...session(`of ann ${createdAt}`, ann.id, 10_000),
					createdAt,
				}));
				for (const one of [...made, session('of bob', bob.id, 10_000)]) await store.createSession(one);
				expect((await other.sessionsOfUser(ann.id)).map(({ id }) => id)).toEqual([
					'of ann 30',
					'of ann 20',
					'of ann 10',
				]);
				expect(await other.sessionsOfUser(bob.id)).toEqual([
					{ id: 'of bob', user: bob, device: 'device of of bob', createdAt: 1, usedAt: 1, expiresAt: 10_000 },
				]);
				expect(await other.sessionsOfUser(999_999)).toEqual([]);
			});

			test('of the sessions asked, the ones of the user are ended, and the others stay; or all are', async () => {
				const [ann, bob] = [await newUser(store), await newUser(store)];
				for (const id of ['a1', 'a2', 'a3']) await store.createSession(session(id, ann.id, 10_000));
				await store.createSession(session('b1', bob.id, 10_000));
				const removed = await store.endSessionsOfUser(ann.id, ['a1', 'b1', 'none', 'a3'], 5);
				expect(removed.toSorted()).toEqual(['a1', 'a3']);
				expect((await other.sessionsById(['a1', 'a2', 'a3', 'b1'])).map(({ id }) => id).toSorted()).toEqual([
					'a2',
					'b1',
				]);
				expect(await store.endSessionsOfUser(ann.id, ['a1'], 5)).toEqual([]);
				expect(await store.endSessionsOfUser(ann.id, [], 5)).toEqual([]);
				expect(await store.endSessionsOfUser(ann.id, 'all', 5)).toEqual(['a2']);
				expect((await other.sessionsById(['a2', 'b1'])).map(({ id }) => id)).toEqual(['b1']);
			});

			test('a change of the password ends all other sessions of the user, unless the hash is another by now', async () => {
				const [ann, bob] = [await newUser(store), await newUser(store)];
				const ids = upTo(300).map((n) => `pw${n}`);
				for (const id of ids) await store.createSession(session(id, ann.id, 10_000));
				await store.createSession(session('of bob pw', bob.id, 10_000));
				const change = { userId: ann.id, keep: 'pw7', at: 5 };
				expect(await store.changePassword({ ...change, next: 'new', previous: 'another' })).toBeUndefined();
				expect(await other.sessionsOfUser(ann.id)).toHaveLength(ids.length);
				const ended = await store.changePassword({ ...change, next: 'new', previous: 'phc' });
				expect(ended?.toSorted()).toEqual(ids.filter((id) => id !== 'pw7').toSorted());
				expect((await other.userByNameKey(ann.name.slice(5)))?.passwordHash).toBe('new');
				expect((await other.sessionsOfUser(ann.id)).map(({ id }) => id)).toEqual(['pw7']);
				expect(await other.sessionsOfUser(bob.id)).toHaveLength(1);
			});

			test('of many who end the same sessions at once, each is told to one', async () => {
				const user = await newUser(store);
				for (const round of upTo(5)) {
					const ids = upTo(20).map((n) => `m${round}-${n}`);
					for (const id of ids) await store.createSession(session(id, user.id, 10_000));
					const removed = await Promise.all(
						[store, other, store, other].map((handle) => handle.endSessionsOfUser(user.id, ids, 5)),
					);
					expect(removed.flat().toSorted()).toEqual(ids.toSorted());
				}
			});
		});
	});
};
