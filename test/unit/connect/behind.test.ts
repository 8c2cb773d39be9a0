import fc from 'fast-check';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createEmbeddedRpc } from '../../../src/adapters/embedded/rpc.ts';
import { CatchUp } from '../../../src/connect/catch-up.ts';
import { Channel } from '../../../src/connect/channel.ts';
import { tschatWebSocket } from '../../../src/connect/codecs/tschat-v2.ts';
import { createCounts } from '../../../src/connect/counts.ts';
import { Feeds } from '../../../src/connect/feeds.ts';
import { InboundRate } from '../../../src/connect/inbound-rate.ts';
import { loadConfig } from '../../../src/runtime/config.ts';
import { createMetrics } from '../../../src/runtime/metrics/metrics.ts';
import { startConnectServer } from './harness.ts';

let connect: Awaited<ReturnType<typeof startConnectServer>>;
beforeEach(async () => {
	connect = await startConnectServer({ slowMs: 60_000 });
});
afterEach(() => connect.stop());

const tooMuch = 1_048_577;

describe('a reader that is behind now and then', () => {
	test('gets every message once and in order, live or from the log, of a room and of its inbox, over both protocols', async () => {
		let room = 0;
		const step = fc.constantFrom('room', 'direct', 'lost', 'behind', 'takes', 'turn');
		await fc.assert(
			fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
				room += 1;
				const conv = `room:${room}`;
				const v2 = await connect.hello('token-1', { cursors: { [conv]: 0 } });
				const gochat = await connect.join('token-1', room);
				const clients = [v2.client, gochat.client];
				const direct: string[] = [];
				for (const [index, what] of steps.entries()) {
					if (what === 'behind') for (const client of clients) client.unsent = tooMuch;
					else if (what === 'takes') for (const client of clients) client.unsent = 0;
					else if (what === 'turn') await new Promise((resolve) => setTimeout(resolve, 3));
					else if (what === 'direct') {
						direct.push(`d${room}-${index}`);
						await connect.deliver(connect.appendDirect(2, 1, `d${room}-${index}`));
					} else {
						const item = connect.append(room, `m${index}`);
						if (what === 'room') await connect.deliver(item);
					}
				}
				for (const client of clients) client.unsent = 0;
				const inRoom = steps.flatMap((what, index) => (what === 'room' || what === 'lost' ? [`m${index}`] : []));
				const seenByV2 = () => v2.client.of('message').map(({ body }) => body);
				await v2.client.until(() => seenByV2().length >= inRoom.length + direct.length);
				await gochat.client.until((seen) => seen.bodies().length >= inRoom.length + direct.length);
				for (const seen of [seenByV2(), gochat.client.bodies()]) {
					expect(seen.filter((body) => body.startsWith('m'))).toEqual(inRoom);
					expect(seen.filter((body) => body.startsWith('d'))).toEqual(direct);
				}
				v2.channel.left();
				gochat.channel.left();
			}),
			{ numRuns: 150 },
		);
	}, 60_000);

	test('gets short answers, but no long one before it has taken what it was given', async () => {
		const { client, send } = await connect.hello('token-1');
		client.unsent = tooMuch;
		send({ type: 'ping', ref: 'first' });
		send({ type: 'members', conv: 'room:1', ref: 'long' });
		send({ type: 'ping', ref: 'second' });
		await client.until((seen) => seen.of('pong').length === 1);
		await new Promise((resolve) => setTimeout(resolve, 20));
		expect([client.of('members').length, client.of('pong').length]).toEqual([0, 1]);
		client.unsent = 0;
		await client.until((seen) => seen.of('pong').length === 2);
		expect(client.of('members')).toHaveLength(1);
	});

	test('gets what is quiet though what is busy never ends', async () => {
		const { client } = await connect.hello('token-1', { cursors: { 'room:1': 0, 'room:2': 0 } });
		client.unsent = tooMuch;
		for (let index = 0; index < 300; index += 1) await connect.deliver(connect.append(1, 'busy'));
		await connect.deliver(connect.append(2, 'quiet'));
		await connect.deliver(connect.appendDirect(2, 1, 'direct'));
		// Each page that it takes of the busy room is followed by another one.
		connect.beforeReads(async () => {
			for (let index = 0; index < 100; index += 1) await connect.deliver(connect.append(1, 'busy'));
		});
		await new Promise((resolve) => setTimeout(resolve, 10));
		client.unsent = 0;
		await client.until((seen) => seen.of('message').some(({ body }) => body === 'quiet'));
		await client.until((seen) => seen.of('message').some(({ body }) => body === 'direct'));
		connect.beforeReads(async () => {});
	});

	test('is told when the log was replaced meanwhile, and gets what is new there', async () => {
		const { client } = await connect.hello('token-1', { cursors: { 'room:1': 0 } });
		for (let index = 0; index < 9; index += 1) await connect.deliver(connect.append(1, 'm'));
		await client.until((seen) => seen.of('message').length === 9);
		client.unsent = tooMuch;
		await connect.deliver(connect.append(1, 'm'));
		const { client: quick } = await connect.hello('token-2', { cursors: { 'room:1': 10 } });
		connect.truncate(1, 3);
		await quick.until((seen) => seen.of('reset').length > 0);
		client.unsent = 0;
		await client.until((seen) => seen.of('reset').length > 0);
		expect(client.of('reset')).toEqual([{ type: 'reset', conv: 'room:1', head: 3 }]);
		await connect.deliver(connect.append(1, 'another fourth'));
		await client.until((seen) => seen.of('message').some(({ body }) => body === 'another fourth'));
	});

	test('that has left meanwhile is no reader any more', async () => {
		const { client: transport } = connect.connect();
		const user = { id: 1, name: 'ann' };
		const rpc = createEmbeddedRpc();
		const feeds = new Feeds({ buckets: 4, onUser: () => {} });
		const catchUp = new CatchUp({
			rpc,
			feeds,
			counts: createCounts(createMetrics().of('connect-ws')),
			rate: new InboundRate({ limits: loadConfig({ environment: {}, assignments: [] }).limits, refused: () => {} }),
			logger: pino({ level: 'silent' }),
		});
		const limits = { maxUnsentBytes: 1000, slowTimeoutMs: 1000 };
		const channel = new Channel({
			spent: { framesUntil: 0, bytesUntil: 0, resumedUntil: 0, channels: 0 },
			id: 'c',
			transport,
			codec: tschatWebSocket,
			...limits,
			onClosed: () => {},
			onGone: () => {},
		});
		const following = feeds.follow('room:1', 5, channel, user);
		if (following === undefined) throw new Error('it follows nothing yet');
		feeds.unfollow('room:1', channel, user);
		await catchUp.run(channel, user, following, { after: 5, head: 5 });
		expect([...following.feed.readers()]).toEqual([]);
		await rpc.close();
	});

	test('is told by a pong only what it has been written', async () => {
		const { client, send } = await connect.hello('token-1', { cursors: { 'room:1': 0 } });
		await connect.deliver(connect.append(1, 'm'));
		await client.until((seen) => seen.of('message').length === 1);
		client.unsent = tooMuch;
		await connect.deliver(connect.append(1, 'not yet'));
		send({ type: 'ping', ref: 'r', heads: true });
		await client.until((seen) => seen.of('pong').length === 1);
		expect(client.of('pong')[0]?.heads?.['room:1'] ?? 1).toBe(1);
		client.unsent = 0;
		await client.until((seen) => seen.of('message').length === 2);
		// It is a reader again when the log has nothing more for it: until then pongs say nothing of the room.
		const told = () => client.of('pong').at(-1)?.heads?.['room:1'];
		for (let pongs = 2; told() !== 2; pongs += 1) {
			send({ type: 'ping', ref: `s${pongs}`, heads: true });
			await client.until((seen) => seen.of('pong').length === pongs);
			expect(told() ?? 2).toBe(2);
		}
	});
});
