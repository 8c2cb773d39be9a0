import { beforeAll, describe, expect, test } from 'vitest';
import type { ChatStore, InboxPlace, NewMessage } from '../../src/ports/chat-store.ts';
import { type ConversationKey, directKey, inboxKey, type RoomKey, roomKey } from '../../src/protocol/logs.ts';
import { toRoom, toUser } from '../support/new-message.ts';
import type { StoreUnderTest } from './chat-store.contract.ts';
import { newUser, openedTwice, upTo } from './chat-store-support.ts';

const at = (message: NewMessage, time: number): NewMessage => ({ ...message, at: time });

/** What every adapter of ChatStore promises of the conversations of a user: joining, leaving, standings and the inbox. */
export const describeChatStoreConversations = (subject: () => StoreUnderTest): void => {
	describe('conversations of a user', () => {
		const handles = openedTwice(subject);
		let store: ChatStore;
		let other: ChatStore;
		beforeAll(() => {
			({ store, other } = handles());
		});
		let rooms = 100;
		/** A room that no other test uses. */
		const unused = () => ++rooms;
		const convsOf = async (userId: number) => (await other.inbox(userId, { limit: 100 })).lines.map(({ conv }) => conv);

		describe('rooms', () => {
			test('a room is joined read and delivered up to its head; joining again changes nothing, and tells so', async () => {
				const [room, { id }] = [roomKey(unused()), await newUser(store)];
				await store.append(upTo(3).map((n) => toRoom(rooms, id, `before ${n}`)));
				expect(await store.joinRoom(id, room, 1000)).toEqual({ head: 3, read: 3, delivered: 3, joined: true });
				await store.append([toRoom(rooms, id, 'after')]);
				expect(await other.joinRoom(id, room, 2000)).toEqual({ head: 4, read: 3, delivered: 3, joined: false });
				expect(await convsOf(id)).toEqual([room]);
			});

			test('an empty room can be joined', async () => {
				const [room, { id }] = [roomKey(unused()), await newUser(store)];
				for (const joined of [true, false]) {
					expect(await store.joinRoom(id, room, 1000)).toEqual({ head: 0, read: 0, delivered: 0, joined });
				}
				expect(await other.inbox(id, { limit: 1 })).toEqual({
					lines: [{ conv: room, name: null, head: 0, read: 0, delivered: 0, last: null, peer: null }],
					next: null,
				});
			});

			test('many devices that join at once join once, and one of them is told that it did', async () => {
				const [room, { id }] = [roomKey(unused()), await newUser(store)];
				await store.append([toRoom(rooms, id, 'first')]);
				const joined = await Promise.all(upTo(10).map((n) => (n % 2 ? store : other).joinRoom(id, room, n)));
				expect(joined).toMatchObject(Array(10).fill({ head: 1, read: 1, delivered: 1 }));
				expect(joined.filter((one) => one?.joined)).toHaveLength(1);
			});

			test('of many users who join rooms at once, from two processes and some twice, each joins once', async () => {
				const convs = upTo(3).map(() => roomKey(unused()));
				const ids = upTo(300).map((n) => 1_000_000 + n);
				const joinedBefore = (id: number, conv: RoomKey) => id % 10 === 0 && conv === convs[2];
				const headOf = (conv: RoomKey) => convs.indexOf(conv) + 1;
				await store.append(upTo(2).map((n) => toRoom(rooms, 1, `before many ${n}`)));
				await Promise.all(ids.filter((id) => id % 10 === 0).map((id) => store.joinRoom(id, roomKey(rooms), 500)));
				const heads = [rooms - 2, rooms - 1, rooms - 1, rooms];
				await store.append(heads.map((room, n) => toRoom(room, 1, `of many ${n}`)));

				const joins = ids.flatMap((id) => convs.map((conv) => ({ id, conv })));
				const calls = joins.flatMap(({ id, conv }, n) => {
					const by = [[store], [other], [store, other], [store, store, other]][(n + id) % 4] ?? [];
					return by.map(async (handle) => ({ id, conv, ...(await handle.joinRoom(id, conv, 1000)) }));
				});
				const told = await Promise.all(calls);
				for (const { id, conv, joined: _, ...standing } of told) {
					const read = joinedBefore(id, conv) ? 2 : headOf(conv);
					expect(standing).toEqual({ head: headOf(conv), read, delivered: read });
				}
				const once = told.filter(({ joined }) => joined).map(({ id, conv }) => `${id} ${conv}`);
				const expected = joins.filter(({ id, conv }) => !joinedBefore(id, conv)).map(({ id, conv }) => `${id} ${conv}`);
				expect(once.toSorted()).toEqual(expected.toSorted());
				for (const conv of convs) expect(await other.receipts(conv, 300)).toHaveLength(300);
			});

			test('a user who has as many rooms as allowed joins no other, also of many at once; who leaves one may', async () => {
				const [ann, bob] = [await newUser(store), await newUser(store)];
				const convs = upTo(6).map(() => roomKey(unused()));
				await store.append([toUser(bob.id, ann.id, `limit ${ann.id}`)]);
				const join = (id: number, conv: RoomKey) => store.joinRoom(id, conv, 1000, 3);
				// Twice each: to ask again is no other room.
				const joins = convs.flatMap((conv) => [join(ann.id, conv), join(ann.id, conv), join(bob.id, conv)]);
				const told = await Promise.all(joins);
				expect(told.filter((one) => one?.joined)).toHaveLength(6);
				expect(told.filter((one) => one === undefined)).toHaveLength(9);
				const rooms = (await convsOf(ann.id)).filter((conv) => conv.startsWith('room:')) as RoomKey[];
				expect(rooms).toHaveLength(3);
				const [left = 'room:1', kept = left] = rooms;
				const refused = convs.find((conv) => !rooms.includes(conv)) ?? left;
				expect(await join(ann.id, kept)).toMatchObject({ joined: false });
				expect(await join(ann.id, refused)).toBeUndefined();
				await store.leaveRoom(ann.id, left);
				expect(await join(ann.id, refused)).toMatchObject({ joined: true });
				expect(await join(ann.id, left)).toBeUndefined();
			});

			test('a join that the database refuses fails alone, and leaves nothing behind', async () => {
				const room = roomKey(unused());
				const ids = upTo(20).map((n) => 2_000_000 + n);
				const [bad = 0] = ids;
				const calls = ids.map((id) => store.joinRoom(id, room, id === bad ? (null as never) : 1000));
				const [refused, ...joined] = await Promise.allSettled(calls);
				expect(refused).toMatchObject({ status: 'rejected', reason: expect.any(Error) });
				for (const one of joined) expect(one).toMatchObject({ status: 'fulfilled', value: { joined: true } });
				expect(await store.joinRoom(bad, room, 1000)).toMatchObject({ joined: true });
			});

			test('of many devices that leave at once, one is told that it did', async () => {
				const [room, { id }] = [roomKey(unused()), await newUser(store)];
				await store.joinRoom(id, room, 1000);
				const left = await Promise.all(upTo(10).map((n) => (n % 2 ? store : other).leaveRoom(id, room)));
				expect(left.filter((one) => one)).toHaveLength(1);
				expect(await other.joinRoom(id, room, 2000)).toMatchObject({ joined: true });
			});

			test('a room that is left is forgotten, for that user only', async () => {
				const [room, ann, bob] = [roomKey(unused()), await newUser(store), await newUser(store)];
				await store.append([toRoom(rooms, ann.id, 'while away')]);
				for (const { id } of [ann, bob]) await store.joinRoom(id, room, 1000);
				expect([await store.leaveRoom(ann.id, room), await other.leaveRoom(ann.id, room)]).toEqual([true, false]);
				expect(await store.standings(ann.id, [room])).toEqual([{ head: 1, read: 0, delivered: 0 }]);
				expect(await store.standings(bob.id, [room])).toEqual([{ head: 1, read: 1, delivered: 1 }]);
				expect(await convsOf(ann.id)).toEqual([]);
				expect(await convsOf(bob.id)).toEqual([room]);
			});
		});

		describe('direct conversations', () => {
			test("one is among both users' from its first message on, and nothing of it is read", async () => {
				const [ann, bob] = [await newUser(store), await newUser(store)];
				await store.append([toUser(bob.id, ann.id, 'hello'), toUser(ann.id, bob.id, 'answer')]);
				await other.append([toUser(ann.id, bob.id, 'more')]);
				const conv = directKey(ann.id, bob.id);
				for (const { id } of [ann, bob]) {
					expect(await convsOf(id)).toEqual([conv]);
					expect(await store.standings(id, [conv])).toEqual([{ head: 3, read: 0, delivered: 0 }]);
				}
			});

			test('one with oneself is there once, and oneself is the peer', async () => {
				const ann = await newUser(store);
				const [appended] = await store.append([toUser(ann.id, ann.id, 'note')]);
				await store.mark([{ userId: ann.id, conv: directKey(ann.id, ann.id), read: 1 }]);
				expect((await other.inbox(ann.id, { limit: 9 })).lines).toEqual([
					{
						conv: directKey(ann.id, ann.id),
						name: null,
						head: 1,
						read: 1,
						delivered: 1,
						last: appended?.message,
						peer: { user: ann, read: 1, delivered: 1 },
					},
				]);
			});

			test('first messages that both send at once make one conversation', async () => {
				const ann = await newUser(store);
				for (const round of upTo(10)) {
					const bob = await newUser(store);
					const [one, two] = await Promise.all([
						store.append([toUser(bob.id, ann.id, `from ann ${round}`)]),
						other.append([toUser(ann.id, bob.id, `from bob ${round}`)]),
					]);
					expect([...one, ...two].map(({ message }) => message.seq).sort()).toEqual([1, 2]);
					expect(await convsOf(bob.id)).toEqual([directKey(ann.id, bob.id)]);
				}
				expect(await convsOf(ann.id)).toHaveLength(10);
			});

			test('a batch that fails leaves no conversation behind', async () => {
				const [ann, bob] = [await newUser(store), await newUser(store)];
				const bad = { ...toUser(bob.id, ann.id, 'bad'), body: null as never };
				await expect(store.append([toUser(bob.id, ann.id, 'good'), bad])).rejects.toBeInstanceOf(Error);
				expect(await convsOf(ann.id)).toEqual([]);
			});
		});

		test('standings are told in the order asked, with the head also of what is not among the conversations', async () => {
			const [ann, bob] = [await newUser(store), await newUser(store)];
			const [joined, foreign, empty] = [roomKey(unused()), roomKey(unused()), roomKey(unused())];
			await store.append([toRoom(rooms - 2, bob.id, 'joined'), toRoom(rooms - 1, bob.id, 'foreign')]);
			await store.joinRoom(ann.id, joined, 1000);
			await store.append([toUser(ann.id, bob.id, 'direct'), toRoom(rooms - 2, bob.id, 'joined 2')]);
			await store.joinRoom(bob.id, foreign, 1000);
			const asked = [empty, directKey(ann.id, bob.id), joined, foreign, empty, joined];
			expect(await other.standings(ann.id, asked)).toEqual([
				{ head: 0, read: 0, delivered: 0 },
				{ head: 1, read: 0, delivered: 0 },
				{ head: 2, read: 1, delivered: 1 },
				{ head: 1, read: 0, delivered: 0 },
				{ head: 0, read: 0, delivered: 0 },
				{ head: 2, read: 1, delivered: 1 },
			]);
			expect(await store.standings(ann.id, [])).toEqual([]);
		});

		test('heads of more logs than fit into a statement are told in the order asked, also to many who ask at once', async () => {
			const room = unused();
			await store.append([toRoom(room, 1, 'of heads 1'), toRoom(room, 1, 'of heads 2')]);
			const keys = upTo(2000).map((n) => (n % 400 === 0 ? roomKey(room) : inboxKey(3_000_000 + n)));
			const expected = upTo(2000).map((n) => (n % 400 === 0 ? 2 : 0));
			const found = await Promise.all([store.heads(keys), store.heads([]), store.heads(keys.toReversed())]);
			expect(found).toEqual([expected, [], expected.toReversed()]);
		});

		describe('the inbox', () => {
			test('the conversation with the newest message comes first, or that was joined last; ties go by name', async () => {
				const [ann, bob, cid] = [await newUser(store), await newUser(store), await newUser(store)];
				const [busy, empty, tied] = [roomKey(unused()), roomKey(unused()), roomKey(unused())];
				await store.append([at(toRoom(rooms - 2, bob.id, 'old'), 100)]);
				await store.joinRoom(ann.id, busy, 9000);
				await store.joinRoom(ann.id, empty, 300);
				await store.joinRoom(ann.id, tied, 300);
				await store.append([
					at(toUser(ann.id, bob.id, 'to ann'), 200),
					at(toUser(cid.id, ann.id, 'to cid'), 50),
					at(toUser(ann.id, cid.id, 'to ann'), 400),
				]);
				const order = [directKey(ann.id, cid.id), empty, tied, directKey(ann.id, bob.id), busy];
				expect(await convsOf(ann.id)).toEqual(order);

				await store.append([at(toRoom(rooms - 2, bob.id, 'new'), 500)]);
				expect(await convsOf(ann.id)).toEqual([busy, ...order.slice(0, 4)]);
			});

			test('a line tells the last message, and how far oneself and the peer have got', async () => {
				const [ann, bob] = [await newUser(store), await newUser(store)];
				const conv = directKey(ann.id, bob.id);
				const appended = await store.append(upTo(5).map((n) => toUser(bob.id, ann.id, `line ${n}`)));
				await store.mark([
					{ userId: ann.id, conv, read: 5 },
					{ userId: bob.id, conv, read: 2, delivered: 4 },
				]);
				const last = appended[4]?.message;
				const standings = { read: 5, delivered: 5, peer: { user: bob, read: 2, delivered: 4 } };
				expect(await other.inbox(ann.id, { limit: 1 })).toEqual({
					lines: [{ conv, name: null, head: 5, last, ...standings }],
					next: null,
				});
				expect((await other.inbox(bob.id, { limit: 1 })).lines).toEqual([
					{ conv, name: null, head: 5, last, read: 2, delivered: 4, peer: { user: ann, read: 5, delivered: 5 } },
				]);
			});

			test.each([1, 3, 7, 12])('pages of %i give every conversation once, in order', async (limit) => {
				const [ann, bob] = [await newUser(store), await newUser(store)];
				for (const n of upTo(8)) {
					await store.append([at(toRoom(unused(), bob.id, `page ${n}`), 1000 + (n % 3))]);
					await store.joinRoom(ann.id, roomKey(rooms), 1);
				}
				for (const n of upTo(4)) await store.joinRoom(ann.id, roomKey(unused()), 1000 + (n % 2));
				const whole = await convsOf(ann.id);
				expect(whole).toHaveLength(12);

				const seen: ConversationKey[] = [];
				let place: InboxPlace | null | undefined;
				for (let pages = 0; place !== null && pages < 20; pages++) {
					const { lines, next } = await other.inbox(ann.id, { after: place, limit });
					seen.push(...lines.map(({ conv }) => conv));
					if (next !== null) expect(lines).toHaveLength(limit);
					place = next;
				}
				expect(seen).toEqual(whole);
			});

			test('a user without conversations has an empty inbox', async () => {
				expect(await store.inbox(999_999, { limit: 5 })).toEqual({ lines: [], next: null });
			});
		});
	});
};
