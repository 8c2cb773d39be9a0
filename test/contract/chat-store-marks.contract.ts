import { beforeAll, describe, expect, test } from 'vitest';
import type { ChatStore, Mark, NewMessage } from '../../src/ports/chat-store.ts';
import { type ConversationKey, directKey, type RoomKey, roomKey } from '../../src/protocol/logs.ts';
import { toRoom, toUser } from '../support/new-message.ts';
import type { StoreUnderTest } from './chat-store.contract.ts';
import { byUser, openedTwice, upTo } from './chat-store-support.ts';

/** What every adapter of ChatStore promises of marks. */
export const describeChatStoreMarks = (subject: () => StoreUnderTest): void => {
	describe('marks', () => {
		const handles = openedTwice(subject);
		let store: ChatStore;
		let other: ChatStore;
		beforeAll(() => {
			({ store, other } = handles());
		});
		let numbers = 0;
		/** A user or room that no other test uses. */
		const unused = () => ++numbers;
		/** A room with so many messages, joined when it was empty. */
		const joinedRoom = async (userId: number, messages: number): Promise<RoomKey> => {
			const room = unused();
			await store.joinRoom(userId, roomKey(room), 1);
			await store.append(upTo(messages).map((n) => toRoom(room, userId, `${room}, ${n}`)));
			return roomKey(room);
		};
		const standing = async (userId: number, conv: ConversationKey) => {
			const [{ read, delivered } = { read: -1, delivered: -1 }] = await other.standings(userId, [conv]);
			return { read, delivered };
		};

		test.each<[string, Omit<Mark, 'userId' | 'conv'>[], { read: number; delivered: number }]>([
			['delivered grows alone', [{ delivered: 4 }], { read: 0, delivered: 4 }],
			['what is read has been delivered', [{ read: 3 }], { read: 3, delivered: 3 }],
			['read and delivered at once', [{ read: 2, delivered: 6 }], { read: 2, delivered: 6 }],
			['read beyond delivered moves both', [{ read: 6, delivered: 2 }], { read: 6, delivered: 6 }],
			[
				'the greatest of several counts',
				[{ read: 2 }, { read: 5 }, { read: 1, delivered: 7 }],
				{ read: 5, delivered: 7 },
			],
			['nothing goes beyond the head', [{ read: 11 }, { delivered: 99 }], { read: 10, delivered: 10 }],
		])('%s', async (_, marks, expected) => {
			const ann = unused();
			const conv = await joinedRoom(ann, 10);
			const marked = await store.mark(marks.map((one) => ({ userId: ann, conv, ...one })));
			expect(marked).toEqual([{ userId: ann, conv, ...expected, moved: true }]);
			expect(await standing(ann, conv)).toEqual(expected);
		});

		test('marks never go back, and it is told which have moved', async () => {
			const ann = unused();
			const conv = await joinedRoom(ann, 10);
			await store.mark([{ userId: ann, conv, read: 5, delivered: 8 }]);
			for (const mark of [{ read: 5, delivered: 8 }, { read: 4, delivered: 7 }, {}]) {
				const stands = { userId: ann, conv, read: 5, delivered: 8, moved: false };
				expect(await other.mark([{ userId: ann, conv, ...mark }])).toEqual([stands]);
			}
			expect(await other.mark([{ userId: ann, conv, read: 6 }])).toEqual([
				{ userId: ann, conv, read: 6, delivered: 8, moved: true },
			]);
			expect(await other.mark([{ userId: ann, conv, read: 1, delivered: 9 }])).toEqual([
				{ userId: ann, conv, read: 6, delivered: 9, moved: true },
			]);
			expect(await standing(ann, conv)).toEqual({ read: 6, delivered: 9 });
		});

		test("those of conversations that are not among the user's change nothing", async () => {
			const [ann, bob, eve] = [unused(), unused(), unused()];
			const room = await joinedRoom(ann, 3);
			await store.append([toUser(bob, ann, `private ${bob}`)]);
			const left = await joinedRoom(eve, 3);
			await store.leaveRoom(eve, left);
			const convs = [room, directKey(ann, bob), left, roomKey(unused())];
			expect(await store.mark(convs.map((conv) => ({ userId: eve, conv, read: 1 })))).toEqual([]);
			expect((await other.inbox(eve, { limit: 9 })).lines).toEqual([]);
			expect(await standing(ann, room)).toEqual({ read: 0, delivered: 0 });
			expect(await store.mark([])).toEqual([]);
		});

		test('in an empty room there is nothing to mark', async () => {
			const ann = unused();
			const conv = await joinedRoom(ann, 0);
			expect(await store.mark([{ userId: ann, conv, read: 1, delivered: 1 }])).toMatchObject([{ moved: false }]);
			expect(await standing(ann, conv)).toEqual({ read: 0, delivered: 0 });
		});

		test('many marks of many users and conversations are one call', async () => {
			const users = upTo(20).map(unused);
			const convs: RoomKey[] = [];
			for (const _ of upTo(30)) convs.push(await joinedRoom(users[0] ?? 0, 3));
			for (const userId of users.slice(1)) for (const conv of convs) await store.joinRoom(userId, conv, 1);
			await store.append(convs.flatMap((conv) => [4, 5].map((n) => toRoom(Number(conv.slice(5)), 1, `${conv}, ${n}`))));
			const marks = users.flatMap((userId) => convs.map((conv, index) => ({ userId, conv, read: 4 + (index % 2) })));
			const moved = await store.mark([...marks, ...marks]);
			const placeOf = ({ userId, conv }: Mark) => `${userId} ${conv}`;
			expect(moved.map(placeOf).sort()).toEqual(marks.map(placeOf).sort());
			for (const userId of users) {
				const reads = (await other.standings(userId, convs)).map(({ read }) => read);
				expect(reads).toEqual(convs.map((_, index) => 4 + (index % 2)));
			}
		});

		test('marks of the same conversations at once leave the greatest, each move told once', async () => {
			const users = upTo(5).map(unused);
			const [first = 0, ...rest] = users;
			const convs = [await joinedRoom(first, 100), await joinedRoom(first, 100), await joinedRoom(first, 100)];
			for (const userId of rest) for (const conv of convs) await store.joinRoom(userId, conv, 1);
			const room = (conv: RoomKey) => Number(conv.slice(5));
			await store.append(convs.flatMap((conv) => upTo(100).map((n) => toRoom(room(conv), 1, `late ${conv} ${n}`))));
			const marksOf = (read: number): Mark[] =>
				users.flatMap((userId) => convs.map((conv) => ({ userId, conv, read, delivered: read + 5 })));
			const calls = upTo(40).map((n) => {
				const marks = marksOf(101 + ((n * 17) % 90));
				return (n % 2 ? store : other).mark(n % 3 ? marks : marks.toReversed());
			});
			const told = (await Promise.all(calls)).flat().filter(({ moved }) => moved);
			const places = told.map(({ userId, conv, read, delivered }) => `${userId} ${conv} ${read} ${delivered}`);
			expect(new Set(places).size).toBe(places.length);
			const greatest = Math.max(...upTo(40).map((n) => 101 + ((n * 17) % 90)));
			for (const userId of users) {
				for (const conv of convs) {
					expect(await standing(userId, conv)).toEqual({ read: greatest, delivered: greatest + 5 });
				}
			}
		});

		describe('of those who write', () => {
			const reading = (message: NewMessage): NewMessage => ({ ...message, marksRead: true });

			test('move to their message, in the transaction that appends it', async () => {
				const [ann, bob] = [unused(), unused()];
				const conv = directKey(ann, bob);
				const appended = await store.append([
					reading(toUser(bob, ann, `${ann} 1`)),
					toUser(ann, bob, `${bob} 1`),
					reading(toUser(bob, ann, `${ann} 2`)),
					reading(toUser(bob, ann, `${ann} 3`)),
				]);
				// Only the message after bob's tells anybody something new.
				expect(appended.map(({ readOthers }) => readOthers)).toEqual([false, false, true, false]);
				expect(await standing(ann, conv)).toEqual({ read: 4, delivered: 4 });
				expect(await standing(bob, conv)).toEqual({ read: 0, delivered: 0 });
				const answered = await other.append([reading(toUser(ann, bob, `${bob} 2`))]);
				expect(answered).toMatchObject([{ readOthers: true, message: { seq: 5 } }]);
				expect(await standing(bob, conv)).toEqual({ read: 5, delivered: 5 });
				const again = await store.append([reading(toUser(bob, ann, `${ann} 3`))]);
				expect(again).toMatchObject([{ repeated: true, readOthers: false }]);
				expect(await standing(ann, conv)).toEqual({ read: 4, delivered: 4 });
			});

			test('do not move in a room that is not among theirs', async () => {
				const [ann, eve] = [unused(), unused()];
				const conv = await joinedRoom(ann, 3);
				const room = Number(conv.slice(5));
				const posted = await store.append([reading(toRoom(room, eve, `${room} ${eve}`))]);
				expect(posted).toMatchObject([{ readOthers: false, message: { seq: 4 } }]);
				expect((await other.inbox(eve, { limit: 9 })).lines).toEqual([]);
				const written = await store.append([reading(toRoom(room, ann, `${room} ${ann}`))]);
				expect(written).toMatchObject([{ readOthers: true, message: { seq: 5 } }]);
				expect(await standing(ann, conv)).toEqual({ read: 5, delivered: 5 });
			});

			test('and marks of others at once, from two processes, leave the greatest and end', async () => {
				const [ann, bob] = [unused(), unused()];
				const convs = upTo(5).map((n) => directKey(ann, 1_000_000 + bob * 10 + n));
				const toEach = (n: number) =>
					upTo(5).map((peer) => reading(toUser(1_000_000 + bob * 10 + peer, ann, `${ann} ${peer} ${n}`)));
				await store.append(toEach(0));
				const marks = convs.map((conv) => ({ userId: ann, conv, read: 99 }));
				await Promise.all(
					upTo(20).flatMap((n) => [
						(n % 2 ? store : other).append(n % 3 ? toEach(n) : toEach(n).toReversed()),
						(n % 2 ? other : store).mark(n % 3 ? marks.toReversed() : marks),
					]),
				);
				for (const conv of convs) expect(await standing(ann, conv)).toEqual({ read: 21, delivered: 21 });
			});
		});

		describe('receipts', () => {
			test('tell how far everybody has got in a room, and in that one only', async () => {
				const [ann, bob, eve] = [unused(), unused(), unused()];
				const conv = await joinedRoom(ann, 3);
				for (const userId of [bob, eve]) await store.joinRoom(userId, conv, 1);
				await joinedRoom(unused(), 1);
				await store.joinRoom(unused(), `${conv}0` as RoomKey, 1);
				await store.mark([{ userId: ann, conv, read: 1, delivered: 2 }]);
				await other.leaveRoom(eve, conv);
				expect(byUser(await other.receipts(conv, 9))).toEqual([
					{ userId: ann, read: 1, delivered: 2 },
					{ userId: bob, read: 3, delivered: 3 },
				]);
			});

			test('of a direct conversation are those of its two users, or of the one', async () => {
				const [ann, bob] = [unused(), unused()];
				const conv = directKey(ann, bob);
				expect(await store.receipts(conv, 2)).toEqual([]);
				await store.append([toUser(bob, ann, 'to bob'), toUser(ann, ann, 'to myself')]);
				await store.mark([{ userId: bob, conv, delivered: 1 }]);
				expect(byUser(await other.receipts(conv, 2))).toEqual([
					{ userId: ann, read: 0, delivered: 0 },
					{ userId: bob, read: 0, delivered: 1 },
				]);
				expect(await other.receipts(directKey(ann, ann), 2)).toEqual([{ userId: ann, read: 0, delivered: 0 }]);
			});

			test('are not told of more users than asked', async () => {
				const conv = await joinedRoom(unused(), 1);
				for (const _ of upTo(4)) await store.joinRoom(unused(), conv, 1);
				expect(await other.receipts(conv, 5)).toHaveLength(5);
				expect(await other.receipts(conv, 4)).toBeNull();
				expect(await other.receipts(conv, 1)).toBeNull();
			});
		});
	});
};
