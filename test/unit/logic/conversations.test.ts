import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ConversationKey } from '../../../src/protocol/logs.ts';
import type { ParamsOf } from '../../../src/protocol/rpc.ts';
import { startLogic } from './start-logic.ts';

type Account = Awaited<ReturnType<Awaited<ReturnType<typeof startLogic>>['register']>>;

let logic: Awaited<ReturnType<typeof startLogic>>;
let ann: Account;
let bob: Account;
let eve: Account;
beforeEach(async () => {
	logic = await startLogic();
	ann = await logic.register('ann');
	bob = await logic.register('bob');
	eve = await logic.register('eve');
});
afterEach(() => logic.stop());

const direct = 'dm:1:2';
let refs = 0;
const send = (from: Account, to: ParamsOf<'logic.send'>['to'], body = 'hello') =>
	logic.call('logic.send', { sender: { user: from.user }, to, body, ref: `ref-${++refs}` });
const join = (account: Account, roomId: number) => logic.call('logic.join', { caller: { user: account.user }, roomId });
const standing = async (account: Account, conv: ConversationKey) =>
	(await logic.call('logic.enter', { token: account.token, convs: [conv] })).convs[0];
const inbox = (account: Account, page: { after?: string; limit?: number } = {}) =>
	logic.call('logic.conversations', { caller: { user: account.user }, limit: 100, ...page });
const mark = (...marks: ParamsOf<'logic.mark'>['marks']) => logic.call('logic.mark', { marks });
const markRead = ({ token }: { token: string }, conv: ConversationKey, seq: number) =>
	logic.call('logic.markRead', { token, conv, seq });

describe('entering', () => {
	test('tells where the inbox and the conversations stand, in the order asked, null for those of others', async () => {
		await send(ann, { roomId: 1 });
		await join(bob, 1);
		await send(ann, { roomId: 1 });
		await send(ann, { userId: bob.user.id });
		const { user, token } = bob;
		const entered = await logic.call('logic.enter', {
			token,
			convs: ['room:1', 'dm:1:3', direct, 'room:2', 'dm:2:1', 'room:1'],
		});
		const room = { head: 2, read: 1, delivered: 1 };
		expect(entered).toMatchObject({ user, session: { id: expect.any(String) }, inboxHead: 1 });
		expect(entered.convs).toEqual([
			room,
			null,
			{ head: 1, read: 0, delivered: 0 },
			{ head: 0, read: 0, delivered: 0 },
			null,
			room,
		]);
	});

	test('needs a session, and no conversation', async () => {
		expect(await logic.call('logic.enter', { token: eve.token, convs: [] })).toMatchObject({ inboxHead: 0, convs: [] });
		const refused = logic.call('logic.enter', { token: 'none', convs: ['room:1'] });
		await expect(refused).rejects.toMatchObject({ key: 'unauthorized' });
	});
});

describe('the inbox', () => {
	test('holds joined rooms and direct conversations, with the last message and how far the other has got', async () => {
		await join(bob, 1);
		await send(ann, { roomId: 1 }, 'to the room');
		await send(ann, { roomId: 2 }, 'not joined');
		await send(ann, { userId: bob.user.id }, 'first');
		const { seq } = await send(bob, { conv: direct }, 'second');
		await logic.next('receipt');
		const { items, next } = await inbox(ann);
		expect(items).toMatchObject([
			{ conv: direct, head: 2, last: { seq, body: 'second', from: bob.user }, peer: { user: bob.user } },
		]);
		expect(next).toBeNull();
		const ofBob = Object.fromEntries((await inbox(bob)).items.map((item) => [item.conv, item]));
		expect(ofBob).toMatchObject({
			'room:1': { head: 1, read: 0, last: { body: 'to the room' }, peer: null },
			[direct]: { head: 2, last: { body: 'second' }, peer: { user: ann.user } },
		});
		expect(await inbox(eve)).toEqual({ items: [], next: null });
	});

	test('is read page by page', async () => {
		for (let roomId = 1; roomId <= 5; roomId++) await join(ann, roomId);
		const seen: string[] = [];
		let after: string | undefined;
		for (;;) {
			const page = await inbox(ann, after === undefined ? { limit: 2 } : { after, limit: 2 });
			seen.push(...page.items.map((item) => item.conv));
			if (page.next === null) break;
			after = page.next;
		}
		expect(seen.length).toBe(5);
		expect(new Set(seen)).toEqual(new Set(['room:1', 'room:2', 'room:3', 'room:4', 'room:5']));
	});

	test('is not read from what is no place of it, nor without a session', async () => {
		for (const after of ['', '1', '1.', '.room:1', '-1.room:1', '1.room:0', '01.room:1', '1.user:1', '1.room:1.5'])
			await expect(inbox(ann, { after })).rejects.toMatchObject({
				key: 'bad-request',
				message: 'after: not a place of the inbox',
			});
		expect((await inbox(ann, { after: `${Date.now()}.room:1` })).items).toEqual([]);
		const refused = logic.call('logic.conversations', { caller: { token: 'none' }, limit: 1 });
		await expect(refused).rejects.toMatchObject({ key: 'unauthorized' });
	});

	test('has a room no more when it was left', async () => {
		await join(ann, 1);
		await join(ann, 2);
		await logic.call('logic.leave', { caller: { user: ann.user }, roomId: 1 });
		expect((await inbox(ann)).items.map((item) => item.conv)).toEqual(['room:2']);
	});
});

describe('joining and leaving', () => {
	const leave = ({ token }: Account, roomId: number) => logic.call('logic.leave', { caller: { token }, roomId });

	test('is told to the own devices, whenever something has changed', async () => {
		await send(bob, { roomId: 1 });
		for (const _ of ['first', 'again']) await join(ann, 1);
		for (const _ of ['first', 'again']) await leave(ann, 1);
		await join(ann, 2);
		// What a process of an earlier version takes for a receipt that says nothing new.
		const ofAnn = { type: 'receipt', feeds: ['user:1'], userId: ann.user.id };
		const told = [];
		for (let index = 0; index < 3; index++) told.push(await logic.nextMembership());
		expect(told).toEqual([
			{ ...ofAnn, conv: 'room:1', delivered: 1, read: 1, joined: true },
			{ ...ofAnn, conv: 'room:1', delivered: 0, read: 0, joined: false },
			{ ...ofAnn, conv: 'room:2', delivered: 0, read: 0, joined: true },
		]);
		expect(await logic.queue.size()).toBe(0);
	});
});

describe('who asks how far everybody has got', () => {
	const receipts = (account: Account, conv: ConversationKey) =>
		logic.call('logic.receipts', { caller: { user: account.user }, conv });

	test('is told of those among whose conversations a room is, also without joining it', async () => {
		await join(ann, 1);
		await join(bob, 1);
		await send(eve, { roomId: 1 });
		await mark({ userId: bob.user.id, conv: 'room:1', read: 1 });
		const items = [
			{ userId: ann.user.id, delivered: 0, read: 0 },
			{ userId: bob.user.id, delivered: 1, read: 1 },
		];
		for (const one of [ann, eve]) expect(await receipts(one, 'room:1')).toEqual({ items });
		expect(await receipts(ann, 'room:2')).toEqual({ items: [] });
	});

	test('is told of both users of a direct conversation, if it is the own', async () => {
		await send(ann, { userId: bob.user.id });
		const { items } = await receipts(bob, direct);
		expect(items?.map(({ userId }) => userId)).toEqual([ann.user.id, bob.user.id]);
		for (const conv of [direct, 'dm:888:999', 'dm:3:999'] as const) {
			await expect(receipts(eve, conv)).rejects.toMatchObject({ key: 'not-found', message: 'not found' });
		}
		const refused = logic.call('logic.receipts', { caller: { token: 'none' }, conv: 'room:1' });
		await expect(refused).rejects.toMatchObject({ key: 'unauthorized' });
	});

	test('is told nothing of more than a hundred', async () => {
		for (let userId = 1; userId <= 100; userId++) await logic.store.joinRoom(userId, 'room:1', 1);
		expect((await receipts(ann, 'room:1')).items).toHaveLength(100);
		await logic.store.joinRoom(101, 'room:1', 1);
		expect(await receipts(ann, 'room:1')).toEqual({ items: null });
	});
});

describe('how far users have got', () => {
	test('grows only, never beyond the head, and is told to those whom it concerns', async () => {
		for (let seq = 1; seq <= 3; seq++) await send(ann, { userId: bob.user.id });
		await mark({ userId: bob.user.id, conv: direct, delivered: 2, read: 1 });
		expect(await standing(bob, direct)).toEqual({ head: 3, read: 1, delivered: 2 });
		await markRead(bob, direct, 999);
		await mark({ userId: bob.user.id, conv: direct, delivered: 1, read: 2 });
		expect(await standing(bob, direct)).toEqual({ head: 3, read: 3, delivered: 3 });
		const told = [];
		while (told.length < 2) {
			const receipt = await logic.next('receipt');
			if (receipt.userId === bob.user.id) told.push(receipt);
		}
		const bobs = { type: 'receipt', feeds: ['user:1', 'user:2'], conv: direct, userId: bob.user.id };
		expect(told).toEqual([
			{ ...bobs, read: 1, delivered: 2 },
			{ ...bobs, read: 3, delivered: 3 },
		]);
		expect((await inbox(ann)).items[0]?.peer).toEqual({ user: bob.user, read: 3, delivered: 3 });
	});

	test('of a room is told to it, when it was joined', async () => {
		await join(bob, 1);
		await send(ann, { roomId: 1 });
		await mark(
			{ userId: eve.user.id, conv: 'room:1', read: 1 },
			{ userId: bob.user.id, conv: 'room:1', read: 1 },
			{ userId: eve.user.id, conv: direct, read: 1 },
		);
		expect(await logic.next('receipt')).toMatchObject({ feeds: ['user:2', 'room:1'], userId: bob.user.id, read: 1 });
		expect(await standing(eve, 'room:1')).toMatchObject({ head: 1, read: 0 });
		expect(await logic.queue.size()).toBe(0);
	});

	test('is the own message for its sender', async () => {
		await join(ann, 1);
		await send(bob, { roomId: 1 });
		const { seq } = await send(ann, { conv: 'room:1' });
		expect(await logic.next('receipt')).toMatchObject({ conv: 'room:1', userId: ann.user.id, read: seq });
		expect(await standing(ann, 'room:1')).toEqual({ head: 2, read: 2, delivered: 2 });
	});

	test('is told to nobody with an own message that follows another one', async () => {
		await join(ann, 1);
		for (let seq = 1; seq <= 3; seq++) await send(ann, { conv: 'room:1' });
		for (let seq = 1; seq <= 3; seq++) await send(ann, { conv: direct });
		expect(await standing(ann, 'room:1')).toEqual({ head: 3, read: 3, delivered: 3 });
		expect(await standing(ann, direct)).toEqual({ head: 3, read: 3, delivered: 3 });
		await send(bob, { conv: direct });
		expect(await logic.next('receipt')).toMatchObject({ conv: direct, userId: bob.user.id, read: 4 });
	});

	test('is told to the own devices only, where a connect server says that the room is large', async () => {
		await join(ann, 1);
		await send(bob, { roomId: 1 });
		await mark({ userId: ann.user.id, conv: 'room:1', read: 1, quiet: true });
		expect(await logic.next('receipt')).toMatchObject({ feeds: ['user:1'], read: 1 });
	});

	test('cannot be told of conversations of others, or with nobody', async () => {
		await send(ann, { userId: bob.user.id });
		for (const [caller, conv] of [
			[eve, direct],
			[eve, 'dm:888:999'],
			[eve, 'dm:3:999'],
			[bob, 'dm:2:1'],
		] as const) {
			await expect(markRead(caller, conv, 1)).rejects.toMatchObject({ key: 'not-found', message: 'not found' });
		}
		await expect(markRead({ token: 'none' }, 'room:1', 1)).rejects.toMatchObject({ key: 'unauthorized' });
	});

	test('is stored and told by a stop, although it came right before it', async () => {
		for (let seq = 1; seq <= 4; seq++) await send(bob, { userId: ann.user.id });
		await mark({ userId: ann.user.id, conv: direct, read: 1 });
		const last = mark({ userId: ann.user.id, conv: direct, read: 4 });
		await logic.started.stop();
		await last;
		expect(await logic.store.standings(ann.user.id, [direct])).toMatchObject([{ read: 4 }]);
		for (let read = 0; read < 4; ) ({ read } = await logic.next('receipt'));
	});
});

describe('typing', () => {
	const type = ({ user }: Account, conv: ConversationKey) => logic.call('logic.typing', { user, conv });

	test('goes to the room or to the other user, and nowhere from one to oneself', async () => {
		await type(ann, 'room:1');
		await type(ann, 'dm:1:1');
		await type(bob, direct);
		expect(await logic.next('typing')).toEqual({
			type: 'typing',
			feeds: ['room:1'],
			conv: 'room:1',
			user: ann.user,
		});
		expect(await logic.next('typing')).toEqual({ type: 'typing', feeds: ['user:1'], conv: direct, user: bob.user });
	});

	test('disturbs nobody in conversations of others', async () => {
		for (const conv of [direct, 'dm:888:999', 'dm:3:999'] as const) {
			await expect(type(eve, conv)).rejects.toMatchObject({ key: 'not-found', message: 'not found' });
		}
		expect(await logic.queue.size()).toBe(0);
	});
});
