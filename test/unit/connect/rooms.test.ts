import { afterEach, beforeEach, expect, test } from 'vitest';
import { firstNamedRoom } from '../../../src/protocol/limits.ts';
import { startConnectServer } from './harness.ts';

let connect: Awaited<ReturnType<typeof startConnectServer>>;
beforeEach(async () => {
	connect = await startConnectServer();
});
afterEach(() => connect.stop());

test('whoever joins a room is told its name, or that it has none', async () => {
	const { client, send } = await connect.hello('token-1');
	for (const [index, id] of [1, firstNamedRoom].entries()) send({ type: 'join', ref: `j${index}`, conv: `room:${id}` });
	await client.until((seen) => seen.of('joined').length === 2);
	expect(client.of('joined').map(({ ref, name }) => [ref, name])).toEqual([
		['j0', null],
		['j1', 'General'],
	]);
});

test('of users that are asked about, those who are connected are told, in one answer', async () => {
	const { client, send } = await connect.hello('token-1');
	// No number of JavaScript holds the last one: nobody has it.
	send({ type: 'online', ref: 'o1', users: ['3', '2', '1', '9999999999999999'] });
	send({ type: 'online', ref: 'o2', users: [] });
	await client.until((seen) => seen.of('online').length === 2);
	expect(client.of('online')).toEqual([
		{ type: 'online', ref: 'o1', users: ['2', '1'] },
		{ type: 'online', ref: 'o2', users: [] },
	]);
});

test('nobody asks who is connected before hello', async () => {
	const { client, send } = connect.tschat();
	send({ type: 'online', users: ['1'] });
	await client.until((seen) => seen.closed !== undefined);
	expect(client.of('error')).toMatchObject([{ code: 'unauthorized' }]);
	expect(client.of('online')).toEqual([]);
});

test('a room may be left on one connection alone: then it stays among the conversations', async () => {
	const { client, channel, send } = await connect.hello('token-1', { cursors: { 'room:1': 0, 'room:2': 0 } });
	send({ type: 'leave', ref: 'l1', conv: 'room:1', here: true });
	send({ type: 'leave', ref: 'l2', conv: 'room:2', here: false });
	await client.until((seen) => seen.of('left').length === 2);
	expect(client.of('left')).toEqual([
		{ type: 'left', ref: 'l1', conv: 'room:1' },
		{ type: 'left', ref: 'l2', conv: 'room:2' },
	]);
	expect([...channel.feeds.keys()]).toEqual(['user:1']);
	expect(connect.left).toEqual([2]);
});

test('who asks how far everybody has got is told, or that they are many', async () => {
	const { client, send } = await connect.hello('token-1');
	for (const id of [1, 2]) send({ type: 'receipts', ref: `g${id}`, conv: `room:${id}` });
	await client.until((seen) => seen.of('receipts').length === 2);
	expect(client.of('receipts')).toEqual([
		{ type: 'receipts', ref: 'g1', conv: 'room:1', items: [{ user: '2', delivered: 3, read: 1 }] },
		{ type: 'receipts', ref: 'g2', conv: 'room:2', items: null },
	]);
});
