import { beforeAll, describe, expect, test } from 'vitest';
import type { ChatStore, NewSanction } from '../../src/ports/chat-store.ts';
import { toRoom } from '../support/new-message.ts';
import type { StoreUnderTest } from './chat-store.contract.ts';
import { newUser, openedTwice, upTo } from './chat-store-support.ts';

/** What every adapter of ChatStore promises of bans and mutes. */
export const describeChatStoreSanctions = (subject: () => StoreUnderTest): void => {
	describe('sanctions', () => {
		const handles = openedTwice(subject);
		let store: ChatStore;
		let other: ChatStore;
		beforeAll(() => {
			({ store, other } = handles());
		});

		const sanction = (userId: number, more: Partial<NewSanction> = {}): NewSanction => {
			return { userId, kind: 'mute', until: null, reason: 'spam', by: null, at: 100, ...more };
		};
		const openSession = (id: string, userId: number) =>
			store.createSession({ id, tokenHash: `hash ${id}`, userId, device: '', createdAt: 1, expiresAt: 10_000 });

		test('one is in force until its end, or until it is lifted', async () => {
			const [ann, bob] = [await newUser(store), await newUser(store)];
			await store.impose(sanction(ann.id, { until: 200 }));
			await store.impose(sanction(bob.id));
			expect(await other.inForce(ann.id, 'mute', 199)).toEqual({ until: 200 });
			expect(await other.inForce(ann.id, 'mute', 200)).toBeUndefined();
			expect(await other.inForce(ann.id, 'ban', 150)).toBeUndefined();
			expect(await other.inForce(bob.id, 'mute', 1e12)).toEqual({ until: null });
			expect(await store.lift({ userId: bob.id, kind: 'ban', by: null, at: 300 })).toBe(false);
			expect(await store.lift({ userId: bob.id, kind: 'mute', by: ann.id, at: 300 })).toBe(true);
			expect(await store.lift({ userId: bob.id, kind: 'mute', by: ann.id, at: 301 })).toBe(false);
			expect(await other.inForce(bob.id, 'mute', 301)).toBeUndefined();
		});

		test('all who are muted at a moment are told', async () => {
			const [ann, bob, cid] = [await newUser(store), await newUser(store), await newUser(store)];
			await store.impose(sanction(ann.id, { until: 5e12, at: 4e12 }));
			await store.impose(sanction(bob.id, { at: 4e12 }));
			await store.impose(sanction(cid.id, { kind: 'ban', at: 4e12 }));
			const muted = (await other.mutedUsers(4e12 + 1)).filter(({ userId }) => userId >= ann.id);
			expect(muted.toSorted((a, b) => a.userId - b.userId)).toEqual([
				{ userId: ann.id, until: 5e12 },
				{ userId: bob.id, until: null },
			]);
			expect((await other.mutedUsers(5e12)).map(({ userId }) => userId)).not.toContain(ann.id);
		});

		test('a ban ends all sessions of the user and tells them; a mute ends none', async () => {
			const [ann, bob] = [await newUser(store), await newUser(store)];
			for (const id of ['ban 1', 'ban 2']) await openSession(id, ann.id);
			await openSession('ban 3', bob.id);
			expect(await store.impose(sanction(ann.id))).toEqual([]);
			expect((await store.impose(sanction(ann.id, { kind: 'ban' }))).toSorted()).toEqual(['ban 1', 'ban 2']);
			expect((await other.sessionsById(['ban 1', 'ban 2', 'ban 3'])).map(({ id }) => id)).toEqual(['ban 3']);
			expect(await other.sessionByTokenHash('hash ban 1')).toBeUndefined();
		});

		test('who creates a session while the user is banned sees the ban, or the session has ended', async () => {
			for (const round of upTo(10)) {
				const user = await newUser(store);
				const signIn = async (id: string): Promise<string[]> => {
					await openSession(id, user.id);
					return (await other.inForce(user.id, 'ban', 150)) === undefined ? [id] : [];
				};
				const ids = upTo(8).map((n) => `race ${round} ${n}`);
				const [kept] = await Promise.all([
					Promise.all(ids.map(signIn)),
					store.impose(sanction(user.id, { kind: 'ban' })),
				]);
				expect(await store.sessionsById(kept.flat())).toEqual([]);
			}
		});

		test('a new one takes the place of one that is in force, also of several at once', async () => {
			const ann = await newUser(store);
			const untils = upTo(8).map((n) => 200 + n);
			await Promise.all(
				untils.map((until, n) => (n % 2 ? store : other).impose(sanction(ann.id, { kind: 'ban', until, at: 100 + n }))),
			);
			const now = await store.sanctions({ userId: ann.id, inForceAt: 150, limit: 99 });
			expect(now).toHaveLength(1);
			expect(await store.sanctions({ userId: ann.id, limit: 99 })).toHaveLength(8);
		});

		test('they stay in the store, the newest first, with who imposed and lifted them and why', async () => {
			const [ann, bob, adm] = [await newUser(store), await newUser(store), await newUser(store)];
			await store.impose(sanction(ann.id, { reason: 'spam 🥫', until: 300, by: adm.id }));
			await store.impose(sanction(bob.id, { kind: 'ban', at: 110 }));
			await store.lift({ userId: ann.id, kind: 'mute', by: null, at: 120 });
			const [mute] = await other.sanctions({ userId: ann.id, limit: 9 });
			expect(mute).toEqual({
				id: expect.any(Number),
				kind: 'mute',
				user: ann,
				reason: 'spam 🥫',
				by: adm,
				at: 100,
				until: 300,
				lifted: { at: 120, by: null },
			});
			const all = await other.sanctions({ limit: 2 });
			expect(all).toMatchObject([{ user: bob, kind: 'ban', by: null, until: null, lifted: null }, { user: ann }]);
			expect(await other.sanctions({ limit: 1, before: all[0]?.id })).toEqual([mute]);
			expect(await other.sanctions({ userId: ann.id, inForceAt: 121, limit: 9 })).toEqual([]);
		});

		test('a message is found by its sender and ref', async () => {
			const [ann, bob] = [await newUser(store), await newUser(store)];
			const [appended] = await store.append([{ ...toRoom(77, ann.id, 'by ref'), from: ann }]);
			expect(await other.messageByRef(ann.id, 'by ref')).toEqual(appended?.message);
			expect(await other.messageByRef(bob.id, 'by ref')).toBeUndefined();
			expect(await other.messageByRef(ann.id, 'another')).toBeUndefined();
		});
	});
};
