import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startConnectServer } from './harness.ts';

let connect: Awaited<ReturnType<typeof startConnectServer>>;
beforeEach(async () => {
	connect = await startConnectServer({ resumeMessages: 50 });
});
afterEach(() => connect.stop());

const upTo = (last: number, first = 1): number[] =>
	Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);

describe('a client of v2 that resumes', () => {
	test('gets what it missed, then what is new, in order and once, while messages keep coming', async () => {
		let room = 0;
		await fc.assert(
			fc.asyncProperty(
				fc.record({
					before: fc.integer({ min: 0, max: 30 }),
					missed: fc.integer({ min: 0, max: 30 }),
					/** Each read of the log is held up until so many more messages have been appended, delivered or not. */
					during: fc.array(fc.array(fc.boolean(), { maxLength: 5 }), { maxLength: 4 }),
					watched: fc.boolean(),
					after: fc.integer({ min: 1, max: 5 }),
				}),
				async ({ before, missed, during, watched, after }) => {
					room += 1;
					const roomId = room;
					if (watched) await connect.join('token-2', roomId);
					for (let index = 0; index < before; index += 1) await connect.deliver(connect.append(roomId, 'm'));
					for (let index = 0; index < missed; index += 1) connect.append(roomId, 'm');
					const steps = [...during];
					connect.beforeReads(async () => {
						for (const isDelivered of steps.shift() ?? []) {
							const item = connect.append(roomId, 'm');
							if (isDelivered) await connect.deliver(item);
						}
					});
					const { client, channel } = await connect.hello('token-1', { cursors: { [`room:${roomId}`]: before } });
					for (let index = 0; index < after; index += 1) await connect.deliver(connect.append(roomId, 'm'));
					// Each read of the log, also those of repairs, may let it grow.
					let head = 0;
					await client.until((seen) => {
						head = connect.headOf(roomId);
						return seen.of('message').length >= head - before && seen.of('resumed').length > 0;
					});
					expect(client.of('message').map(({ seq }) => seq)).toEqual(upTo(head, before + 1));
					channel.left();
				},
			),
			{ numRuns: 300 },
		);
	});

	test('is told to start again when too much is missing, and gets what is new', async () => {
		for (let index = 0; index < 51; index += 1) connect.append(1, 'm');
		const { client } = await connect.hello('token-1', { cursors: { 'room:1': 0 } });
		await client.until((seen) => seen.of('resumed').length > 0);
		expect(client.of('reset')).toEqual([{ type: 'reset', conv: 'room:1', head: 51 }]);
		await connect.deliver(connect.append(1, 'new'));
		await client.until((seen) => seen.of('message').length > 0);
		expect(client.of('message').map(({ seq }) => seq)).toEqual([52]);
	});

	test('may join a room from where it was, or is told to start again there too', async () => {
		for (let index = 0; index < 60; index += 1) connect.append(1, 'm');
		const { client, send } = await connect.hello('token-1');
		send({ type: 'join', conv: 'room:1', cursor: 57 });
		await client.until((seen) => seen.of('message').length === 3);
		expect(client.of('message').map(({ seq }) => seq)).toEqual([58, 59, 60]);
		const late = await connect.hello('token-2');
		late.send({ type: 'join', conv: 'room:1', cursor: 9 });
		await late.client.until((seen) => seen.of('reset').length > 0);
		await connect.deliver(connect.append(1, 'new'));
		await late.client.until((seen) => seen.of('message').length > 0);
		expect(late.client.of('message').map(({ seq }) => seq)).toEqual([61]);
	});

	test('is told to start again when it has more than the log', async () => {
		connect.append(1, 'm');
		const { client } = await connect.hello('token-1', { cursors: { 'room:1': 7 } });
		await client.until((seen) => seen.of('resumed').length > 0);
		expect(client.of('reset')).toEqual([{ type: 'reset', conv: 'room:1', head: 1 }]);
	});

	test('is told to start again when the log is replaced by a shorter one, and gets what is new there', async () => {
		const { client } = await connect.hello('token-1', { cursors: { 'room:1': 0 } });
		for (let index = 0; index < 9; index += 1) await connect.deliver(connect.append(1, 'm'));
		await client.until((seen) => seen.of('message').length === 9);
		connect.truncate(1, 3);
		await client.until((seen) => seen.of('reset').length > 0);
		expect(client.of('reset')).toEqual([{ type: 'reset', conv: 'room:1', head: 3 }]);
		await connect.deliver(connect.append(1, 'another fourth'));
		await client.until((seen) => seen.of('message').length === 10);
		expect(client.of('message').at(-1)).toMatchObject({ seq: 4, body: 'another fourth' });
	});

	test('gets the direct messages after its inbox position, with their positions', async () => {
		for (const body of ['a', 'b', 'c']) connect.appendDirect(2, 1, body);
		const { client } = await connect.hello('token-1', { inbox: 1 });
		await client.until((seen) => seen.of('resumed').length > 0);
		await connect.deliver(connect.appendDirect(2, 1, 'd'));
		await client.until((seen) => seen.of('message').length === 3);
		expect(client.of('message').map(({ body, inbox }) => [body, inbox])).toEqual([
			['b', 2],
			['c', 3],
			['d', 4],
		]);
	});

	test('without an inbox position gets only direct messages that come from now on', async () => {
		connect.appendDirect(2, 1, 'before');
		const { client } = await connect.hello('token-1');
		expect(client.of('welcome')[0]?.inbox).toBe(1);
		await connect.deliver(connect.appendDirect(2, 1, 'after'));
		await client.until((seen) => seen.of('message').length === 1);
		expect(client.of('message').map(({ body }) => body)).toEqual(['after']);
	});

	test('is waited for: a slow one is given no more than it takes', async () => {
		const { client, channel } = connect.connect();
		expect(client.closed).toBeUndefined();
		channel.left();
		for (let index = 0; index < 50; index += 1) connect.append(1, 'x'.repeat(8000));
		const slow = await connect.hello('token-1', { cursors: { 'room:1': 0 } });
		await slow.client.until((seen) => seen.of('resumed').length > 0);
		expect(slow.client.mostUnsent).toBeLessThan(200_000);
		expect(slow.client.of('message')).toHaveLength(50);
	});
});

describe('a client of v2', () => {
	test('is told its ref, on all its devices; others are not', async () => {
		const own = await connect.hello('token-1', { cursors: { 'room:1': 0 } });
		const device = await connect.hello('token-1', { cursors: { 'room:1': 0 } });
		const other = await connect.hello('token-2', { cursors: { 'room:1': 0 } });
		const gochat = await connect.join('token-2', 1);
		await connect.deliver(
			connect.append(1, 'by ann', { from: { id: 1, name: 'ann' }, ref: 'r1' }),
			connect.append(1, 'by bob', { from: { id: 2, name: 'bob' }, ref: 'r2' }),
		);
		for (const { client } of [own, device, other]) await client.until((seen) => seen.of('message').length === 2);
		const refs = ({ client }: typeof own) => client.of('message').map(({ ref }) => ref);
		expect([refs(own), refs(device), refs(other)]).toEqual([
			['r1', undefined],
			['r1', undefined],
			[undefined, 'r2'],
		]);
		expect(gochat.client.bodies()).toEqual(['by ann', 'by bob']);
	});

	test('that leaves a room while it is caught up gets nothing more of it', async () => {
		for (let index = 0; index < 10; index += 1) connect.append(1, 'm');
		let reading = () => {};
		const read = new Promise<void>((resolve) => {
			reading = resolve;
		});
		let release = () => {};
		const held = new Promise<void>((resolve) => {
			release = resolve;
		});
		connect.beforeReads(() => {
			reading();
			return held;
		});
		const { client, channel } = await connect.hello('token-1', { cursors: { 'room:1': 5 } });
		await read;
		connect.leave(channel, 1);
		release();
		await client.until((seen) => seen.of('resumed').length > 0);
		await connect.deliver(connect.append(1, 'new'));
		expect(channel.feeds.has('room:1')).toBe(false);
		expect(client.of('message')).toEqual([]);
	});

	test('has its marks told to logic, the furthest of each conversation only', async () => {
		const { send } = await connect.hello('token-1', { cursors: { 'room:1': 0 } });
		for (const seq of [3, 9, 4]) send({ type: 'read', conv: 'room:1', seq });
		send({ type: 'ack', conv: 'room:1', seq: 12 });
		await expect.poll(() => connect.marked).toEqual([{ userId: 1, conv: 'room:1', read: 9, delivered: 12 }]);
	});

	test.each([
		['an unknown type', { type: 'dance', ref: 'r' }, 'bad-request'],
		['a wrong field', { type: 'send', ref: 'r', conv: 'room:0', kind: 'text', body: 'x' }, 'bad-request'],
		['a second hello', { type: 'hello', token: 'token-1', ref: 'r' }, 'bad-request'],
		['a read in a room that it is not in', { type: 'read', conv: 'room:9', seq: 1, ref: 'r' }, 'not-found'],
		['a read in a direct conversation of others', { type: 'read', conv: 'dm:2:3', seq: 1, ref: 'r' }, 'not-found'],
		['typing where it may not', { type: 'typing', conv: 'dm:2:3', ref: 'r' }, 'not-found'],
		['a limit out of range', { type: 'history', conv: 'room:1', limit: 201, ref: 'r' }, 'bad-request'],
	])('is told that %s is refused, and stays', async (_what, frame, code) => {
		const { client, send } = await connect.hello('token-1');
		send(frame);
		await client.until((seen) => seen.of('error').length > 0);
		expect(client.of('error')).toEqual([expect.objectContaining({ ref: 'r', code, retryable: false })]);
		expect(client.closed).toBeUndefined();
	});

	test('may follow 200 rooms, and no more', async () => {
		const cursors = Object.fromEntries(upTo(199).map((roomId) => [`room:${roomId}`, 0]));
		const { client, send } = await connect.hello('token-1', { cursors });
		send({ type: 'join', conv: 'room:200', ref: 'fits' });
		send({ type: 'join', conv: 'room:201', ref: 'one too many' });
		send({ type: 'join', conv: 'room:200', ref: 'is in it' });
		await client.until((seen) => seen.of('joined').length === 2);
		expect(client.of('error')).toEqual([expect.objectContaining({ ref: 'one too many', code: 'limit-reached' })]);
	});

	test('that names more than 200 rooms follows the first, and is told that it does not follow the others', async () => {
		const rooms = upTo(202).map((roomId) => `room:${roomId}`);
		const cursors = { 'dm:1:2': 0, ...Object.fromEntries(rooms.map((conv) => [conv, 0])) };
		const { client, channel } = await connect.hello('token-1', { cursors, inbox: 0 });
		await client.until((seen) => seen.of('resumed').length > 0);
		expect(client.of('error')).toEqual([
			{ type: 'error', code: 'limit-reached', message: expect.stringContaining('the last 2'), retryable: false },
		]);
		expect([...channel.feeds.keys()].filter((key) => key.startsWith('room:'))).toEqual(rooms.slice(0, 200));
		expect(client.of('welcome')[0]?.conversations.map(({ conv }) => conv)).toEqual(['dm:1:2', ...rooms.slice(0, 200)]);
		expect(client.closed).toBeUndefined();
	});

	test('is closed when the protocol is broken', async () => {
		const bad = await connect.hello('no such token');
		expect([bad.client.of('error')[0]?.code, bad.client.closed]).toEqual(['unauthorized', 'bad-token']);
		const { tschat } = connect;
		const early = tschat();
		early.send({ type: 'send', ref: 'r', conv: 'room:1', kind: 'text', body: 'x' });
		await early.client.until((seen) => seen.closed !== undefined);
		expect([early.client.of('error')[0]?.code, early.client.closed]).toEqual(['unauthorized', 'protocol-error']);
		const noise = tschat();
		noise.raw(Buffer.from('not json'));
		await noise.client.until((seen) => seen.closed !== undefined);
		expect([noise.client.of('closing')[0]?.code, noise.client.closed]).toEqual([4502, 'protocol-error']);
	});
});
