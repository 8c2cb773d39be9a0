import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { startConnectServer } from './harness.ts';

let connect: Awaited<ReturnType<typeof startConnectServer>>;
beforeEach(async () => {
	connect = await startConnectServer({ slowMs: 60_000 });
});
afterEach(() => connect.stop());

const tooMuch = 1_048_577;
const stats = () => connect.server.handlers['connect.stats']({});

/** How many deliveries the samples tell, once they tell as many. */
const deliveries = async (expected: number): Promise<void> => {
	await eventually(async () => {
		const { samples } = await stats();
		expect(samples.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(expected);
	}, 2000);
	// Nor does a later sample tell more.
	const { samples: before } = await stats();
	await eventually(async () => {
		const { samples } = await stats();
		expect(samples.at(-1)?.at).toBeGreaterThan(before.at(-1)?.at ?? 0);
		expect(samples.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(expected);
	}, 2000);
};

describe('what a connect server tells of itself', () => {
	test('its connections, and the rooms that have readers, now and in the newest sample', async () => {
		const ann = await connect.join('token-1', 1);
		const bob = await connect.hello('token-2', { cursors: { 'room:1': 0, 'room:2': 0 } });
		connect.tschat();
		expect(await stats()).toMatchObject({ connections: 3, rooms: 2 });
		await eventually(async () => expect((await stats()).samples.at(-1)).toMatchObject({ connections: 3, rooms: 2 }));
		bob.channel.left();
		expect(await stats()).toMatchObject({ connections: 2, rooms: 1 });
		ann.channel.left();
		expect(await stats()).toMatchObject({ connections: 1, rooms: 0 });
		await eventually(async () => expect((await stats()).samples.at(-1)).toMatchObject({ connections: 1, rooms: 0 }));
	});

	test('each message for each reader, over both protocols, whatever shares a write', async () => {
		await connect.join('token-1', 1);
		await connect.join('token-2', 1);
		await connect.hello('token-1', { cursors: { 'room:1': 0 } });
		await connect.deliver(connect.append(1, 'a'));
		await connect.deliver(connect.append(1, 'b'), connect.append(1, 'c'), connect.append(1, 'd'));
		await deliveries(4 * 3);
	});

	test('direct messages, but not to the socket of gochat’s client that they came from', async () => {
		const ann = await connect.join('token-1', 1);
		await connect.hello('token-1');
		await connect.join('token-2', 1);
		await connect.deliver(connect.appendDirect(1, 2, 'hi', ann.channel.nextRef()));
		await deliveries(2);
	});

	test('once what a reader gets from the log, that resumes or is behind', async () => {
		for (const body of ['a', 'b', 'c']) connect.append(1, body);
		const resumed = await connect.hello('token-1', { cursors: { 'room:1': 1 } });
		await resumed.client.until((seen) => seen.of('message').length === 2);
		resumed.client.unsent = tooMuch;
		await connect.deliver(connect.append(1, 'd'));
		await connect.deliver(connect.append(1, 'e'));
		resumed.client.unsent = 0;
		await resumed.client.until((seen) => seen.of('message').length === 4);
		await deliveries(4);
	});
});
