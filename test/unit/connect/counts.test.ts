import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startConnectServer } from './harness.ts';

let connect: Awaited<ReturnType<typeof startConnectServer>>;
beforeEach(async () => {
	connect = await startConnectServer();
});
afterEach(() => connect.stop());

const took = 'tschat_delivery_duration_seconds';

describe('a connect server counts', () => {
	test('connections, users and rooms; a user with two devices is one', async () => {
		await connect.join('token-1', 1);
		await connect.join('token-1', 2);
		const { channel } = await connect.join('token-2', 1);
		connect.connect();
		expect(await connect.metric('tschat_connections')).toBe(4);
		expect(await connect.metric('tschat_connected_users')).toBe(2);
		expect(await connect.metric('tschat_rooms')).toBe(2);
		channel.left();
		expect(await connect.metric('tschat_connected_users')).toBe(1);
	});

	test('the time of each message to its last reader once, however many read it, and what was flushed together', async () => {
		const [ann, bob] = [await connect.join('token-1', 1), await connect.join('token-2', 1)];
		const at = Date.now() - 300;
		await connect.deliver(connect.append(1, 'one', { at }), connect.append(1, 'two', { at }));
		for (const { client } of [ann, bob]) await client.until((seen) => seen.bodies().includes('two'));
		expect(await connect.metric(`${took}_count`)).toBe(2);
		expect(await connect.metric(`${took}_sum`)).toBeGreaterThan(0.59);
		expect(await connect.metric(`${took}_bucket`, { le: '0.25' })).toBe(0);
		expect(await connect.metric('tschat_flush_messages_count')).toBe(1);
		expect(await connect.metric('tschat_flush_messages_sum')).toBe(2);
	});

	test('a direct message once, where sender and recipient are both here; a clock ahead of this one gives no less than nothing', async () => {
		await connect.join('token-1', 1);
		const bob = await connect.join('token-2', 1);
		await connect.deliver(connect.appendDirect(1, 2, 'psst'));
		await bob.client.until((seen) => seen.bodies().includes('psst'));
		expect(await connect.metric(`${took}_count`)).toBe(1);
		const before = await connect.metric(`${took}_sum`);
		await connect.deliver(connect.append(1, 'from the future', { at: Date.now() + 60_000 }));
		await bob.client.until((seen) => seen.bodies().includes('from the future'));
		expect(await connect.metric(`${took}_count`)).toBe(2);
		expect(await connect.metric(`${took}_sum`)).toBe(before);
	});

	test('a gap that a later message shows, one that only the head shows, and what was fetched for them', async () => {
		const { client } = await connect.join('token-1', 1);
		const gaps = (found_by: string) => connect.metric('tschat_edge_gaps_total', { found_by });
		connect.append(1, 'lost');
		await connect.deliver(connect.append(1, 'after it'));
		await client.until((seen) => seen.bodies().includes('after it'));
		expect([await gaps('order'), await gaps('heads')]).toEqual([1, 0]);
		expect(await connect.metric('tschat_edge_repaired_messages_total')).toBe(1);
		connect.append(1, 'the last one, lost');
		await client.until((seen) => seen.bodies().includes('the last one, lost'));
		expect([await gaps('order'), await gaps('heads')]).toEqual([1, 1]);
		expect(await connect.metric('tschat_edge_repaired_messages_total')).toBe(2);
	});

	test('clients that come back, and messages that they are given', async () => {
		for (const body of ['a', 'b', 'c']) connect.append(1, body);
		const { client } = await connect.hello('token-1', { cursors: { 'room:1': 1 } });
		await client.until((seen) => seen.of('resumed').length > 0);
		expect(await connect.metric('tschat_catch_ups_total', { cause: 'return' })).toBe(1);
		expect(await connect.metric('tschat_catch_ups_total', { cause: 'slow' })).toBe(0);
		expect(await connect.metric('tschat_catch_up_messages_total')).toBe(2);
		expect(await connect.metric(`${took}_count`)).toBe(0);
	});

	test('a reader that takes nothing: that it fell behind, and that it was closed', async () => {
		const { client } = await connect.join('token-1', 1);
		client.unsent = 2_000_000;
		await connect.deliver(connect.append(1, 'too much'));
		await client.until((seen) => seen.closed !== undefined);
		expect(await connect.metric('tschat_catch_ups_total', { cause: 'slow' })).toBe(1);
		expect(await connect.metric('tschat_connection_closes_total', { reason: 'too-slow' })).toBe(1);
		expect(await connect.metric('tschat_connections')).toBe(0);
	});

	test('frames by type, refusals by error, closes by reason; what clients make up is no label', async () => {
		const { client, channel, send } = await connect.hello('token-1');
		send({ type: 'ping' });
		send({ type: 'a name of their own' });
		await client.until((seen) => seen.of('pong').length > 0 && seen.of('error').length > 0);
		channel.left();
		connect.tschat().raw(Buffer.from('{'));
		const frames = (type: string) => connect.metric('tschat_frames_received_total', { type });
		expect(await Promise.all(['hello', 'ping', 'invalid', 'undecodable', 'send'].map(frames))).toEqual([1, 1, 1, 1, 0]);
		expect(await connect.metric('tschat_frames_refused_total', { error: 'bad-request' })).toBe(1);
		const closes = (reason: string) => connect.metric('tschat_connection_closes_total', { reason });
		expect(await Promise.all(['client', 'protocol-error', 'revoked'].map(closes))).toEqual([1, 1, 0]);
	});
});
