import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { SqlDialect } from '../../src/adapters/sql/sql-dialect.ts';
import type { ChatStore, NewMessage } from '../../src/ports/chat-store.ts';
import { maxBodyBytes } from '../../src/protocol/limits.ts';
import { directKey, inboxKey, roomKey } from '../../src/protocol/logs.ts';
import { toRoom, toUser } from '../support/new-message.ts';
import { describeChatStoreAccounts } from './chat-store-accounts.contract.ts';
import { describeChatStoreAttempts } from './chat-store-attempts.contract.ts';
import { describeChatStoreConversations } from './chat-store-conversations.contract.ts';
import { describeChatStoreMarks } from './chat-store-marks.contract.ts';
import { describeChatStoreProcesses } from './chat-store-processes.contract.ts';
import { describeChatStoreRooms } from './chat-store-rooms.contract.ts';
import { describeChatStoreSanctions } from './chat-store-sanctions.contract.ts';
import { upTo } from './chat-store-support.ts';
import { describeChatStoreUpgrade } from './chat-store-upgrade.contract.ts';

export interface StoreUnderTest {
	/** The URL of a new empty database. */
	createDatabase(): Promise<string>;
	/** Holds what an append to `room:1` (not empty) must wait for, until the function it gives is called (maybe twice). */
	block(url: string): Promise<() => Promise<void>>;
	open(url: string): Promise<ChatStore>;
	/** What the adapter itself opens a database by. */
	dialectOf(url: string): SqlDialect;
	remove(): Promise<void>;
}

/** What every adapter of ChatStore promises. */
export const describeChatStore = (adapter: string, start: () => Promise<StoreUnderTest>): void => {
	describe(`ChatStore, ${adapter}`, () => {
		let subject: StoreUnderTest;
		let url: string;
		let store: ChatStore;
		/** Another handle on the same database, as another process has it. */
		let other: ChatStore;
		let numbers = 10;
		/** A room or user that no other test uses. */
		const unused = () => ++numbers;

		beforeAll(async () => {
			subject = await start();
			url = await subject.createDatabase();
			[store, other] = await Promise.all([subject.open(url), subject.open(url)]);
		});
		afterAll(async () => {
			await Promise.all([store?.close(), other?.close()]);
			await subject?.remove();
		});

		const seqsOf = async (roomId: number) =>
			(await store.history({ conv: roomKey(roomId), after: 0, limit: 2000 })).map((message) => message.seq);

		describe('append', () => {
			test('messages to a room get positions from 1 in the order given', async () => {
				const room = unused();
				const appended = await store.append(upTo(3).map((n) => toRoom(room, 1, `order ${n}`)));
				expect(appended.map(({ message }) => [message.seq, message.ref])).toEqual([
					[1, 'order 1'],
					[2, 'order 2'],
					[3, 'order 3'],
				]);
				expect(appended[2]?.feeds).toEqual([{ key: roomKey(room), pos: 3 }]);
				expect(await other.history({ conv: roomKey(room), limit: 9 })).toEqual(appended.map(({ message }) => message));
			});

			test('a direct message stands in the conversation and in both inboxes', async () => {
				const [ann, bob, cid] = [unused(), unused(), unused()];
				await store.append([toUser(bob, cid, 'before')]);
				const [appended] = await store.append([toUser(bob, ann, 'hello')]);
				expect(appended?.message).toMatchObject({ conv: directKey(ann, bob), seq: 1 });
				expect(appended?.feeds).toEqual([
					{ key: inboxKey(ann), pos: 1 },
					{ key: inboxKey(bob), pos: 2 },
				]);
				expect(await other.readFeed(inboxKey(bob), 1, 9)).toEqual([{ pos: 2, message: appended?.message }]);
				expect(await store.heads([inboxKey(bob), inboxKey(unused()), directKey(ann, bob), inboxKey(ann)])).toEqual([
					2, 0, 1, 1,
				]);
			});

			test('a message to oneself stands in the inbox once', async () => {
				const ann = unused();
				const [appended] = await store.append([toUser(ann, ann, 'note')]);
				expect(appended?.feeds).toEqual([{ key: inboxKey(ann), pos: 1 }]);
				expect(await store.readFeed(inboxKey(ann), 0, 9)).toEqual([{ pos: 1, message: appended?.message }]);
			});

			test('a ref that is repeated in the batch or later gives the first message', async () => {
				const room = unused();
				const sender = unused();
				const [first, again] = await store.append([
					toRoom(room, sender, 'same', 'first'),
					toRoom(room, sender, 'same', 'second'),
				]);
				expect(again).toEqual({ message: first?.message, feeds: [], repeated: true, readOthers: false });
				const later = await other.append([toRoom(unused(), sender, 'same', 'third'), toRoom(room, sender, 'new')]);
				expect(later[0]).toEqual({ message: first?.message, feeds: [], repeated: true, readOthers: false });
				expect(later[1]).toMatchObject({ message: { seq: 2 }, repeated: false });
				expect(await seqsOf(room)).toEqual([1, 2]);
			});

			test('refs are compared byte by byte and belong to their sender', async () => {
				const room = unused();
				const [ann, bob] = [unused(), unused()];
				const refs = ['ref', 'REF', 'réf', 're\u0301f', 'ref '];
				const messages = [...refs.map((ref) => toRoom(room, ann, ref)), toRoom(room, bob, 'ref')];
				expect((await store.append(messages)).map(({ repeated }) => repeated)).toEqual(Array(6).fill(false));
				expect((await store.append(messages)).map(({ repeated }) => repeated)).toEqual(Array(6).fill(true));
			});

			test('refs that two append at once are appended once', async () => {
				const room = unused();
				const sender = unused();
				for (const round of upTo(15)) {
					const batch = upTo(5).map((n) => toRoom(room, sender, `race ${round} ${n}`));
					const [one, two] = await Promise.all([store.append(batch), other.append([...batch].reverse())]);
					expect(two.map(({ message }) => message).reverse()).toEqual(one.map(({ message }) => message));
					expect(new Set([...one, ...two].map(({ repeated }) => repeated)).size).toBe(2);
				}
				expect(await seqsOf(room)).toEqual(upTo(75));
			});

			test('a large batch of everything is one append', async () => {
				const [room, ann, bob] = [unused(), unused(), unused()];
				const batch = upTo(1000).map((n) =>
					n % 3 === 0 ? toUser(bob, ann, `big ${n}`) : toRoom(n % 3 === 1 ? room : 10_000 + n, ann, `big ${n % 900}`),
				);
				const appended = await store.append(batch);
				expect(appended.map(({ message }) => message.ref)).toEqual(batch.map(({ ref }) => ref));
				expect((await store.readFeed(inboxKey(bob), 0, 1000)).map(({ pos }) => pos)).toEqual(upTo(333));
				expect(await seqsOf(room)).toEqual(upTo(appended.filter((one) => one.feeds[0]?.key === roomKey(room)).length));
			});

			test.each([
				['emoji beyond the basic plane', '👩‍👩‍👧‍👦 🏳️‍🌈 𝔘𝔫𝔦'],
				['combining marks, composed or not', 'é e\u0301 ￼ ﷺ'],
				['quotes and escapes', `'; drop table messages; -- \\' " \` \u0001 \r\n\t % _ ? $1`],
				['the longest body', 'ü'.repeat(maxBodyBytes / 2)],
			])('keeps %s', async (name, body) => {
				const room = unused();
				const [appended] = await store.append([toRoom(room, 1, name, body)]);
				expect(await other.history({ conv: roomKey(room), limit: 1 })).toEqual([{ ...appended?.message, body }]);
			});

			test('a bad entry fails its batch, which leaves nothing behind', async () => {
				const room = unused();
				const bad: NewMessage = { ...toRoom(room, 1, 'bad'), at: null as never };
				const failure = await store.append([toRoom(room, 1, 'good'), bad]).catch((error: unknown) => error);
				expect(failure).toBeInstanceOf(Error);
				expect(failure).not.toMatchObject({ key: 'unavailable' });
				expect(await other.heads([roomKey(room)])).toEqual([0]);
				expect(await store.append([toRoom(room, 1, 'good')])).toMatchObject([{ message: { seq: 1 } }]);
			});

			test('nothing is nothing', async () => {
				expect(await store.append([])).toEqual([]);
				expect(await store.heads([])).toEqual([]);
				await expect(store.ping()).resolves.toBeUndefined();
			});
		});

		describe('paging', () => {
			const room = 500;
			const [ann, bob] = [501, 502];
			beforeAll(async () => {
				await store.append(upTo(10).map((n) => toRoom(room, ann, `page ${n}`)));
				await store.append(upTo(10).map((n) => toUser(n % 2 ? bob : ann, ann, `direct ${n}`)));
			});

			test.each([
				['the newest page', {}, [8, 9, 10]],
				['before, the newest that fit', { before: 5 }, [2, 3, 4]],
				['before the third', { before: 3 }, [1, 2]],
				['before the first', { before: 1 }, []],
				['after, the page that follows', { after: 5 }, [6, 7, 8]],
				['after nothing', { after: 0 }, [1, 2, 3]],
				['after the last but one', { after: 9 }, [10]],
				['after the last', { after: 10 }, []],
				['between', { after: 2, before: 5 }, [3, 4]],
			])('history gives %s, oldest first', async (_, bounds, seqs) => {
				const page = await store.history({ conv: roomKey(room), ...bounds, limit: 3 });
				expect(page.map(({ seq }) => seq)).toEqual(seqs);
			});

			test('a feed gives the entries after a position, oldest first', async () => {
				const positions = async (key: `room:${number}` | `user:${number}`, after: number) =>
					(await store.readFeed(key, after, 3)).map(({ pos, message }) => [pos, message.ref]);
				expect(await positions(roomKey(room), 8)).toEqual([
					[9, 'page 9'],
					[10, 'page 10'],
				]);
				expect(await positions(inboxKey(bob), 1)).toEqual([
					[2, 'direct 3'],
					[3, 'direct 5'],
					[4, 'direct 7'],
				]);
				expect(await positions(inboxKey(ann), 9)).toEqual([[10, 'direct 10']]);
				expect(await positions(inboxKey(503), 0)).toEqual([]);
			});
		});

		describe('another transaction in the way', () => {
			let unblock = async () => {};
			beforeAll(async () => void (await store.append([toRoom(1, 1, 'makes the head')])));
			afterEach(() => unblock());

			test('an append waits for it without holding up this process', async () => {
				unblock = await subject.block(url);
				const waiting = store.append([toRoom(1, 1, 'patient')]);
				const started = performance.now();
				await new Promise((resolve) => setImmediate(resolve));
				expect(performance.now() - started).toBeLessThan(1000);
				await unblock();
				expect(await waiting).toMatchObject([{ repeated: false }]);
			});

			test('an append that waits for too long is unavailable, leaves nothing behind, and may be tried again', async () => {
				const [head] = await store.heads(['room:1']);
				unblock = await subject.block(url);
				await expect(store.append([toRoom(1, 1, 'late')])).rejects.toMatchObject({ key: 'unavailable' });
				await unblock();
				expect(await store.heads(['room:1'])).toEqual([head]);
				expect(await store.append([toRoom(1, 1, 'late')])).toMatchObject([
					{ message: { seq: (head ?? 0) + 1 }, repeated: false },
				]);
			});
		});

		test('several that open a new database at once migrate it once', async () => {
			const fresh = await subject.createDatabase();
			const stores = await Promise.all(upTo(4).map(() => subject.open(fresh)));
			await Promise.all(stores.map((one, index) => one.append([toRoom(1, 1, `opened ${index}`)])));
			expect(await stores[0]?.heads(['room:1'])).toEqual([4]);
			await Promise.all(stores.map((one) => one.close()));
		});

		describeChatStoreAccounts(() => subject);
		describeChatStoreAttempts(() => subject);
		describeChatStoreConversations(() => subject);
		describeChatStoreRooms(() => subject);
		describeChatStoreSanctions(() => subject);
		describeChatStoreMarks(() => subject);
		describeChatStoreUpgrade(() => subject);
		describeChatStoreProcesses(() => subject);
	});
};
