import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tschatTcp } from '../../../src/connect/codecs/tschat-v2.ts';
import { startConnectServer } from './harness.ts';

let connect: Awaited<ReturnType<typeof startConnectServer>>;
beforeEach(async () => {
	connect = await startConnectServer();
});
afterEach(() => connect.stop());

describe('a connect server', () => {
	test('delivers each message once and in order, whatever the way to it loses, repeats and reorders', async () => {
		const { client } = await connect.join('token-1', 1);
		let next = 0;
		await fc.assert(
			fc.asyncProperty(fc.array(fc.array(fc.nat(9), { maxLength: 12 }), { maxLength: 4 }), async (batches) => {
				const items = Array.from({ length: 10 }, () => connect.append(1, `m${next++}`));
				for (const batch of batches) {
					await connect.deliver(...batch.flatMap((index) => items[index] ?? []));
				}
				await client.until(({ texts }) => texts.some((text) => text.includes(`"m${next - 1}"`)));
				expect(client.bodies()).toEqual(Array.from({ length: next }, (_, index) => `m${index}`));
			}),
			{ numRuns: 40 },
		);
	});

	test('finds a message of which nothing arrived by comparing heads', async () => {
		const { client } = await connect.join('token-1', 1);
		connect.append(1, 'lost on every hop');
		await client.until((seen) => seen.bodies().length === 1);
		expect(client.bodies()).toEqual(['lost on every hop']);
	});

	test.each([
		['a key that grows when it is quoted', { cursors: { ['/'.repeat(20_000)]: 1 } }],
		['a key as long as a packet', { cursors: { ['k'.repeat(32_700)]: 1 } }],
		['a ref as long as a packet', { ref: 'r'.repeat(32_700), cursors: 1 }],
	])('refuses what names %s in one packet, and closes that connection alone', async (_, hostile) => {
		const { client, send } = connect.connect(tschatTcp);
		send({ type: 'hello', token: 'token-1', ...hostile });
		await client.until((seen) => seen.closed !== undefined);
		expect(client.closed).toBe('protocol-error');
		const other = await connect.hello('token-2');
		expect(other.client.of('welcome')).toHaveLength(1);
	});

	test('asks logic for nothing while messages come in order', async () => {
		const { client } = await connect.join('token-1', 1);
		for (let index = 0; index < 20; index += 1) await connect.deliver(connect.append(1, `m${index}`));
		await client.until((seen) => seen.bodies().length === 20);
		expect(connect.reads).toEqual([]);
	});

	test('writes a batch to an idle room at once, and what a busy room gets meanwhile in one piece', async () => {
		const { client } = await connect.join('token-1', 1);
		const before = client.writes;
		await connect.deliver(...Array.from({ length: 50 }, (_, index) => connect.append(1, `a${index}`)));
		expect(client.writes).toBe(before + 1);
		for (let index = 0; index < 50; index += 1) await connect.deliver(connect.append(1, `b${index}`));
		await client.until((seen) => seen.bodies().length === 100);
		expect(client.writes).toBeLessThan(before + 50);
	});

	test('serves a new reader of a room from where the room stands', async () => {
		const { client: first } = await connect.join('token-1', 1);
		await connect.deliver(connect.append(1, 'before'));
		await first.until((seen) => seen.bodies().length === 1);
		const { client: second } = await connect.join('token-2', 1);
		await connect.deliver(connect.append(1, 'after'));
		await second.until((seen) => seen.bodies().length === 1);
		expect(second.bodies()).toEqual(['after']);
		expect(first.bodies()).toEqual(['before', 'after']);
	});

	test("a direct message goes to the receiver's devices and the sender's others, not to the socket that it came from", async () => {
		const sender = await connect.join('token-1', 1);
		const { client: otherDevice } = await connect.join('token-1', 2);
		const { client: receiver } = await connect.join('token-2', 1);
		await connect.deliver(
			connect.appendDirect(1, 2, 'from the socket', sender.channel.nextRef()),
			connect.appendDirect(1, 2, 'over HTTP'),
		);
		await receiver.until((seen) => seen.bodies().length === 2);
		expect(otherDevice.bodies()).toEqual(['from the socket', 'over HTTP']);
		expect(sender.client.bodies()).toEqual(['over HTTP']);
	});

	test("keeps the order of a client's messages, though each waits for its answer", async () => {
		const { send } = connect.connect();
		// The WebSocket protocol of gochat has no sends: the TCP one is covered end to end. Here: frames are dealt with one by one.
		send({ authToken: 'token-1', roomId: 1 });
		send({ authToken: 'token-1', roomId: 2 });
		send({ authToken: 'token-1', roomId: 3 });
		while ((await connect.routes.room(3, 10)).count === 0) await new Promise((resolve) => setImmediate(resolve));
		expect((await connect.routes.room(1, 10)).count).toBe(0);
		expect((await connect.routes.room(2, 10)).count).toBe(0);
	});

	test('closes a socket with a bad token, and one that sends what is no frame', async () => {
		const [bad, garbage] = [connect.connect(), connect.connect()];
		bad.send({ authToken: 'nobody', roomId: 1 });
		garbage.send([]);
		await bad.client.until(({ closed }) => closed !== undefined);
		expect(bad.client.closed).toBe('bad-token');
		expect(garbage.client.closed).toBe('protocol-error');
	});

	test('closes a socket that does not authenticate in time, and none that did', async () => {
		const { client: silent } = connect.connect();
		const { client: proper } = await connect.join('token-1', 1);
		await silent.until(({ closed }) => closed !== undefined);
		expect(silent.closed).toBe('auth-timeout');
		expect(proper.closed).toBeUndefined();
	});

	test('counts no time for which the process itself stood still, neither for who authenticates nor for who was not pinged', async () => {
		const quick = await startConnectServer({ pingMs: 1000, pingTimeoutMs: 2000 });
		const { client: pinged, channel } = await quick.join('token-1', 1);
		const nextPing = () =>
			new Promise<void>((resolve) => {
				pinged.ping = () => {
					quick.server.heard(channel);
					resolve();
				};
			});
		await nextPing();
		const [late, silent] = [quick.connect(), quick.connect()];
		// Stops this thread with all its timers.
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5600);
		const resumedAt = performance.now();
		// Those that are due come before anything that the sockets hold.
		await new Promise((resolve) => setTimeout(resolve));
		late.send({ authToken: 'token-2', roomId: 1 });
		await Promise.race([nextPing(), pinged.until(({ closed }) => closed !== undefined)]);
		await silent.client.until(({ closed }) => closed !== undefined);
		expect([pinged.closed, late.client.closed, silent.client.closed]).toEqual([undefined, undefined, 'auth-timeout']);
		expect(performance.now() - resumedAt).toBeGreaterThanOrEqual(600);
		expect(late.channel.identity?.user.name).toBe('bob');
		await quick.stop();
	});

	test('closes a socket that answers no pings', async () => {
		const quick = await startConnectServer({ pingMs: 1000 });
		const { client } = await quick.join('token-1', 1);
		await client.until(({ closed }) => closed !== undefined);
		expect(client.closed).toBe('ping-timeout');
		await quick.stop();
	});

	test('sheds member lists for a reader that is behind', async () => {
		const { client } = await connect.join('token-1', 1);
		client.unsent = 600_000;
		const before = client.writes;
		await connect.deliver({ type: 'room', roomId: 1, at: 1, count: 1, members: { '1': 'ann' } });
		expect(client.writes).toBe(before);
		await connect.deliver(connect.append(1, 'still fits'));
		expect(client.bodies()).toEqual(['still fits']);
	});

	test('gives a reader with too much unsent nothing more until it has taken it, then everything from the log', async () => {
		const { client } = await connect.join('token-1', 1);
		const { client: quick } = await connect.join('token-2', 1);
		await connect.deliver(connect.append(1, 'm0'));
		await client.until((seen) => seen.bodies().length === 1);
		client.unsent = 1_048_577;
		for (let index = 1; index < 30; index += 1) await connect.deliver(connect.append(1, `m${index}`));
		await quick.until((seen) => seen.bodies().length === 30);
		expect(client.bodies()).toEqual(['m0']);
		client.unsent = 0;
		await client.until((seen) => seen.bodies().length === 30);
		await connect.deliver(connect.append(1, 'm30'));
		await client.until((seen) => seen.bodies().length === 31);
		expect(client.bodies()).toEqual(Array.from({ length: 31 }, (_, index) => `m${index}`));
	});

	test('closes a reader that is behind and takes nothing at all', async () => {
		const { client } = await connect.join('token-1', 1);
		client.unsent = 1_048_577;
		await connect.deliver(connect.append(1, 'too much'));
		await client.until(({ closed }) => closed !== undefined);
		expect(client.closed).toBe('too-slow');
	});

	test('revocation closes the sockets of the session, and one that is being authenticated meanwhile', async () => {
		const { client } = await connect.join('token-1', 1);
		const { client: other } = await connect.join('token-2', 1);
		const late = connect.connect();
		late.send({ authToken: 'token-1', roomId: 1 });
		expect(await connect.server.handlers['connect.closeSessions']({ ids: ['session of token-1'] })).toEqual({
			closed: 1,
		});
		await late.client.until(({ closed }) => closed !== undefined);
		expect([client.closed, late.client.closed, other.closed]).toEqual(['revoked', 'revoked', undefined]);
	});

	test('gives a room at most one member list an interval, the newest', async () => {
		const { client } = await connect.join('token-1', 1);
		const before = client.texts.length;
		const room = (at: number) => ({ type: 'room', roomId: 1, at, count: at, members: { '1': 'ann' } }) as const;
		await connect.deliver(room(1), room(2), room(4), room(3));
		await client.until(({ texts }) => texts.length === before + 2);
		expect(client.texts.slice(before).map((text) => JSON.parse(text).count)).toEqual([1, 4]);
	});
});
