import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ConversationKey } from '../../../src/protocol/logs.ts';
import type { ParamsOf } from '../../../src/protocol/rpc.ts';
import type { Caller } from '../../../src/protocol/rpc-values.ts';
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

let refs = 0;
const send = (from: Account, to: ParamsOf<'logic.send'>['to'], body = 'hello', ref = `ref-${++refs}`) =>
	logic.call('logic.send', { sender: { token: from.token }, to, body, ref });

describe('sending', () => {
	test('a room message is numbered, stored, and on its way to the readers of the room', async () => {
		const sent = await send(ann, { roomId: 7 });
		expect(sent).toMatchObject({ conv: 'room:7', seq: 1 });
		const item = await logic.nextMessage();
		expect(item).toMatchObject({ type: 'message', feeds: [{ key: 'room:7', pos: 1 }] });
		expect(item.message).toMatchObject({ ...sent, from: ann.user, to: null, body: 'hello' });
		expect((await send(bob, { roomId: 7 })).seq).toBe(2);
	});

	test('a direct message goes to the inboxes of both users, one to oneself to one', async () => {
		const sent = await send(bob, { userId: ann.user.id });
		expect(sent.conv).toBe(`dm:${ann.user.id}:${bob.user.id}`);
		const item = await logic.nextMessage();
		expect(new Set(item.feeds.map((feed) => feed.key))).toEqual(
			new Set([`user:${ann.user.id}`, `user:${bob.user.id}`]),
		);
		expect(item.message).toMatchObject({ from: bob.user, to: ann.user });
		await send(ann, { userId: ann.user.id });
		expect((await logic.nextMessage()).feeds).toEqual([{ key: `user:${ann.user.id}`, pos: 2 }]);
	});

	test('a retry gets the first answer, and is not delivered again', async () => {
		const first = await send(ann, { roomId: 1 }, 'once', 'same');
		const retry = await send(ann, { roomId: 1 }, 'once', 'same');
		expect(retry).toEqual(first);
		await send(ann, { roomId: 1 }, 'next');
		expect([(await logic.nextMessage()).message.body, (await logic.nextMessage()).message.body]).toEqual([
			'once',
			'next',
		]);
	});

	test('a user whom a connect server has authenticated sends without a token', async () => {
		const params = { sender: { user: ann.user }, to: { roomId: 1 }, body: 'hi', ref: 'r' };
		expect((await logic.call('logic.send', params)).seq).toBe(1);
	});

	test('a sender with a token is whose token it is, whatever else is claimed', async () => {
		const sender = { token: bob.token, user: ann.user };
		await logic.call('logic.send', { sender, to: { roomId: 1 }, body: 'hi', ref: 'r' });
		expect((await logic.nextMessage()).message.from).toEqual(bob.user);
		const forged = { token: 'forged', user: ann.user };
		const refused = logic.call('logic.send', { sender: forged, to: { roomId: 1 }, body: 'hi', ref: 'r2' });
		await expect(refused).rejects.toMatchObject({ key: 'unauthorized' });
	});

	test('an unknown receiver is named as such', async () => {
		await expect(send(ann, { userId: 999 })).rejects.toMatchObject({ key: 'user-unknown' });
	});

	test('a message goes to a conversation by its key, with oneself too', async () => {
		expect(await send(ann, { conv: 'room:7' })).toMatchObject({ conv: 'room:7', seq: 1 });
		const conv = `dm:${ann.user.id}:${bob.user.id}` as const;
		expect(await send(bob, { userId: ann.user.id })).toMatchObject({ conv, seq: 1 });
		expect(await send(ann, { conv })).toMatchObject({ conv, seq: 2 });
		await logic.nextMessage();
		await logic.nextMessage();
		const item = await logic.nextMessage();
		expect(item.feeds.map((feed) => feed.key).sort()).toEqual([`user:${ann.user.id}`, `user:${bob.user.id}`]);
		expect(item.message).toMatchObject({ from: ann.user, to: bob.user });
		await send(ann, { conv: `dm:${ann.user.id}:${ann.user.id}` });
		expect((await logic.nextMessage()).feeds).toEqual([{ key: `user:${ann.user.id}`, pos: 3 }]);
	});

	test('a conversation of others, with nobody, or by another name of its own is not found', async () => {
		for (const conv of [
			`dm:${ann.user.id}:${bob.user.id}`,
			`dm:${eve.user.id}:999`,
			`dm:${eve.user.id}:${bob.user.id}`,
			'dm:888:999',
			'room:9999999999999999',
		] as const) {
			await expect(send(eve, { conv })).rejects.toMatchObject({ key: 'not-found', message: 'not found' });
		}
		expect(await logic.queue.size()).toBe(0);
	});

	test('the limit of a body is counted in bytes of UTF-8', async () => {
		await send(ann, { roomId: 1 }, '李'.repeat(2730));
		await expect(send(ann, { roomId: 1 }, '李'.repeat(2731))).rejects.toMatchObject({ key: 'bad-request' });
		await send(ann, { roomId: 1 }, 'x'.repeat(8192));
	});

	test('a ref that names another message is refused: neither that one nor this one changes', async () => {
		const first = await send(ann, { roomId: 1 }, 'first', 'mine');
		await expect(send(ann, { roomId: 1 }, 'other', 'mine')).rejects.toMatchObject({ key: 'ref-taken' });
		await expect(send(ann, { roomId: 2 }, 'first', 'mine')).rejects.toMatchObject({ key: 'ref-taken' });
		expect(await send(ann, { roomId: 1 }, 'first', 'mine')).toEqual(first);
		expect((await send(bob, { roomId: 2 }, 'of another user', 'mine')).seq).toBe(1);
	});

	test('a body that JSON would make too long for a packet is refused', async () => {
		await send(ann, { roomId: 1 }, '\u0001'.repeat(5000));
		await expect(send(ann, { roomId: 1 }, '\u0001'.repeat(5200))).rejects.toMatchObject({ key: 'bad-request' });
	});

	test('text that not every database can keep is refused with a reason', async () => {
		await expect(send(ann, { roomId: 1 }, 'a\0b')).rejects.toMatchObject({ message: expect.stringContaining('null') });
		await expect(send(ann, { roomId: 1 }, 'half \ud83d')).rejects.toMatchObject({ key: 'bad-request' });
		await expect(send(ann, { roomId: 1 }, 'fine', 'ref\0')).rejects.toMatchObject({ key: 'bad-request' });
		await send(ann, { roomId: 1 }, 'whole 😀');
	});
});

describe('reading', () => {
	const sendMany = async (count: number) => {
		for (let index = 1; index <= count; index++) await send(ann, { roomId: 1 }, `m${index}`);
	};
	const page = async (bounds: { after?: number; before?: number; limit: number }) => {
		const { items, more } = await logic.call('logic.history', { caller: bob, conv: 'room:1', ...bounds });
		return { seqs: items.map((item) => item.seq), more };
	};

	test('pages go back from the newest and forth from a position, and say whether there are more', async () => {
		await sendMany(5);
		expect(await page({ limit: 2 })).toEqual({ seqs: [4, 5], more: true });
		expect(await page({ before: 4, limit: 2 })).toEqual({ seqs: [2, 3], more: true });
		expect(await page({ before: 3, limit: 2 })).toEqual({ seqs: [1, 2], more: false });
		expect(await page({ after: 0, limit: 2 })).toEqual({ seqs: [1, 2], more: true });
		expect(await page({ after: 3, limit: 2 })).toEqual({ seqs: [4, 5], more: false });
		expect(await page({ after: 5, limit: 2 })).toEqual({ seqs: [], more: false });
	});

	test('a direct conversation is read by its two users, and does not exist for others', async () => {
		await send(ann, { userId: bob.user.id }, 'private');
		const conv = `dm:${ann.user.id}:${bob.user.id}` as const;
		const history = (caller: Caller, name: ConversationKey = conv) =>
			logic.call('logic.history', { caller, conv: name, limit: 10 });
		for (const caller of [{ token: ann.token }, { token: bob.token }, { user: bob.user }]) {
			expect((await history(caller)).items.map((item) => item.body)).toEqual(['private']);
		}
		const backwards = `dm:${bob.user.id}:${ann.user.id}` as const;
		for (const [caller, name] of [
			[{ token: eve.token }, conv],
			[{ user: eve.user }, conv],
			[{ token: eve.token }, 'dm:888:999'],
			[{ token: ann.token }, `dm:${ann.user.id}:999`],
			[{ token: bob.token }, backwards],
		] as const) {
			await expect(history(caller, name)).rejects.toMatchObject({ key: 'not-found', message: 'not found' });
		}
		await expect(history({ token: 'none' })).rejects.toMatchObject({ key: 'unauthorized' });
	});

	test('a connect server reads feeds and heads', async () => {
		await sendMany(3);
		await send(ann, { userId: bob.user.id }, 'direct');
		const { entries } = await logic.call('logic.read', { key: 'room:1', after: 1, limit: 1000 });
		expect(entries.map((entry) => [entry.pos, entry.message.body])).toEqual([
			[2, 'm2'],
			[3, 'm3'],
		]);
		const keys = [`user:${bob.user.id}`, 'room:2', 'room:1'] as const;
		expect(await logic.call('logic.heads', { keys: [...keys] })).toEqual({ heads: [1, 0, 3] });
		expect(await logic.call('logic.heads', { keys: [] })).toEqual({ heads: [] });
	});
});

describe('stopping', () => {
	test('what was sent before the stop is accepted and queued', async () => {
		const sends = Array.from({ length: 50 }, () => send(ann, { roomId: 1 }));
		// Sends with a token look it up first: all must be inside before the door is closed.
		const before = await send(ann, { roomId: 1 });
		await logic.started.stop();
		const accepted = await Promise.all(sends);
		expect(
			accepted
				.map((sent) => sent.seq)
				.concat(before.seq)
				.sort((a, b) => a - b),
		).toEqual(Array.from({ length: 51 }, (_, index) => index + 1));
		expect(await logic.queue.size()).toBe(51);
	});
});
