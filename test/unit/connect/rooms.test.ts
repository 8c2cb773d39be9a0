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
