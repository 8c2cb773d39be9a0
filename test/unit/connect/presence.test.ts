import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { QueueItem } from '../../../src/protocol/queue-items.ts';
import { startConnectServer } from './harness.ts';

let connect: Awaited<ReturnType<typeof startConnectServer>>;
beforeEach(async () => {
	connect = await startConnectServer();
});
afterEach(() => connect.stop());

const look = (at: number, members: Record<string, string> | null, count?: number): QueueItem => ({
	type: 'room',
	roomId: 1,
	at,
	count: count ?? Object.keys(members ?? {}).length,
	members,
});
const crowd = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [index + 1, 'x']));
const receipt = (userId: number, read: number, feeds: string[]): QueueItem =>
	({ type: 'receipt', feeds, conv: 'room:1', userId, delivered: read, read }) as QueueItem;
const inRoom = { cursors: { 'room:1': 0 } };

describe('who is in a room', () => {
	test('is told to v2 as a list and then as changes, once an interval, and to gochat as lists', async () => {
		const { client } = await connect.hello('token-1', inRoom);
		const gochat = await connect.join('token-2', 1);
		await connect.deliver(look(1, { 1: 'ann' }));
		await connect.deliver(look(2, { 1: 'ann', 2: 'bob' }), look(3, { 1: 'ann', 3: 'eve' }));
		await client.until((seen) => seen.of('presence').length === 1);
		expect(client.of('members')).toEqual([
			{ type: 'members', conv: 'room:1', items: [{ id: '1', name: 'ann' }], count: 1 },
		]);
		expect(client.of('presence')).toEqual([
			{ type: 'presence', conv: 'room:1', joined: [{ id: '3', name: 'eve' }], left: [], count: 2 },
		]);
		await gochat.client.until((seen) => seen.texts.filter((text) => text.includes('"op":5')).length === 2);
	});

	test('is a count only in a large room, and a new list when that is over', async () => {
		const { client } = await connect.hello('token-1', inRoom);
		await connect.deliver(look(1, crowd(500)));
		await client.until((seen) => seen.of('members').length === 1);
		await connect.deliver(look(2, null, 501));
		await client.until((seen) => seen.of('members').length === 2);
		await connect.deliver(look(3, null, 502));
		await client.until((seen) => seen.of('presence').length === 1);
		await connect.deliver(look(4, crowd(3)));
		await client.until((seen) => seen.of('members').length === 3);
		expect(client.of('members').map(({ items, count }) => [items?.length, count])).toEqual([
			[500, 500],
			[undefined, 501],
			[3, 3],
		]);
		expect(client.of('presence')).toEqual([{ type: 'presence', conv: 'room:1', joined: [], left: [], count: 502 }]);
	});

	test('is not told when a newer look shows what was told', async () => {
		const { client } = await connect.hello('token-1', inRoom);
		await connect.deliver(look(1, { 1: 'ann' }));
		await connect.deliver(look(2, { 1: 'ann' }));
		await connect.deliver(look(3, null, 1));
		await connect.deliver(look(4, { 1: 'ann', 2: 'bob' }));
		await client.until((seen) => seen.of('presence').some(({ count }) => count === 2));
		expect([client.of('members').length, client.of('presence').length]).toEqual([1, 1]);
	});
});

describe('receipts', () => {
	test('go out once an interval, the furthest of each user, to the others in the room', async () => {
		const ann = await connect.hello('token-1', inRoom);
		const bob = await connect.hello('token-2', inRoom);
		await connect.deliver(receipt(2, 1, ['user:2', 'room:1']));
		await connect.deliver(receipt(2, 3, ['user:2', 'room:1']), receipt(2, 2, ['user:2', 'room:1']));
		for (const { client } of [ann, bob]) await client.until((seen) => seen.of('receipt').length === 2);
		expect(ann.client.of('receipt').map(({ read }) => read)).toEqual([1, 3]);
		expect(bob.client.of('receipt').map(({ read }) => read)).toEqual([1, 3]);
	});

	test('of others are not told in a room of more than 100; of oneself they are', async () => {
		const ann = await connect.hello('token-1', inRoom);
		const bob = await connect.hello('token-2', inRoom);
		await connect.deliver(look(1, crowd(101)));
		await connect.deliver(receipt(2, 1, ['user:2', 'room:1']));
		await connect.deliver({ type: 'typing', feeds: ['room:1'], conv: 'room:1', user: { id: 2, name: 'bob' } });
		await bob.client.until((seen) => seen.of('receipt').length === 1);
		ann.send({ type: 'ack', conv: 'room:1', seq: 1 });
		ann.send({ type: 'read', conv: 'room:1', seq: 1 });
		await expect.poll(() => connect.marked).toEqual([{ userId: 1, conv: 'room:1', read: 1, quiet: true }]);
		await connect.deliver(connect.append(1, 'after'));
		await ann.client.until((seen) => seen.of('message').length === 1);
		expect([ann.client.of('receipt'), ann.client.of('typing')]).toEqual([[], []]);
	});

	test('are shed for a slow reader; messages are not', async () => {
		const { client } = await connect.hello('token-1', inRoom);
		client.unsent = 600_000;
		await connect.deliver(receipt(2, 1, ['room:1']), look(1, { 1: 'ann' }));
		await connect.deliver(connect.append(1, 'kept'));
		await client.until((seen) => seen.of('message').length === 1);
		expect([client.of('receipt'), client.of('members')]).toEqual([[], []]);
	});
});

describe('a membership', () => {
	const membership = (joined: boolean): QueueItem => ({
		type: 'receipt',
		feeds: ['user:1'],
		conv: 'room:7',
		userId: 1,
		delivered: 0,
		read: 0,
		joined,
	});

	test('is told to each device of the user at once, and is no receipt; to others and to gochat nothing is', async () => {
		const devices = [await connect.hello('token-1'), await connect.hello('token-1')];
		const bob = await connect.hello('token-2');
		const gochat = await connect.join('token-1', 1);
		for (const { client } of [...devices, bob]) await client.until((seen) => seen.of('resumed').length === 1);
		await connect.deliver(membership(true), membership(false));
		await connect.deliver(receipt(2, 1, ['user:1']), connect.appendDirect(2, 1, 'after'));
		for (const { client } of devices) {
			await client.until((seen) => seen.of('receipt').length === 1);
			expect(client.of('membership')).toEqual([
				{ type: 'membership', conv: 'room:7', joined: true },
				{ type: 'membership', conv: 'room:7', joined: false },
			]);
			expect(client.of('receipt').map(({ user }) => user)).toEqual(['2']);
		}
		for (const { client } of [bob, gochat]) {
			await client.until((seen) => seen.texts.some((text) => text.includes('after')));
			expect(client.texts.filter((text) => /membership|room:7|receipt/.test(text))).toEqual([]);
		}
	});
});
