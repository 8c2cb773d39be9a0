import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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

	test('gets no answer before it has taken what it was given, and then all of them', async () => {
		const { client, send } = await connect.hello('token-1');
		client.unsent = tooMuch;
		send({ type: 'ping', ref: 'first' });
		send({ type: 'ping', ref: 'second' });
		send({ type: 'ping', ref: 'third' });
		await client.until((seen) => seen.of('pong').length === 1);
		expect(client.of('pong').map(({ ref }) => ref)).toEqual(['first']);
		client.unsent = 0;
		await client.until((seen) => seen.of('pong').length === 3);
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
		send({ type: 'ping', ref: 's', heads: true });
		await client.until((seen) => seen.of('pong').length === 2);
		expect(client.of('pong')[1]?.heads).toEqual({ 'room:1': 2 });
	});
});
