import { afterEach, describe, expect, test } from 'vitest';
import { Admission } from '../../../src/connect/admission.ts';
import { createMemoryShare } from '../../../src/connect/memory-share.ts';
import { closeCodes } from '../../../src/protocol/close-codes.ts';
import { loadConfig } from '../../../src/runtime/config.ts';
import { startConnectServer } from './harness.ts';

type Harness = Awaited<ReturnType<typeof startConnectServer>>;
let connect: Harness;

const start = (limits: NonNullable<Parameters<typeof startConnectServer>[0]>['limits'], mostConnections?: number) =>
	startConnectServer({ ...(limits && { limits }), ...(mostConnections && { mostConnections }) }).then((started) => {
		connect = started;
	});
const send = (body: string) => ({ type: 'send', ref: body, conv: 'room:1', kind: 'text', body });
const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index));

afterEach(() => connect.stop());

describe('frames and bytes', () => {
	test('within the burst nothing waits', async () => {
		await start({ frames_per_second: 1, frames_burst: 30 });
		const { client, send: write } = await connect.hello('token-1');
		for (const body of numbers(25)) write(send(body));
		await client.until((seen) => seen.of('sent').length === 25);
		expect(await connect.refusals()).toEqual({});
	});

	test('beyond it all that was sent is dealt with, in order, at the rate, and the socket is not read meanwhile', async () => {
		await start({ frames_per_second: 100, frames_burst: 10 });
		const { client, send: write } = await connect.hello('token-1');
		const begun = performance.now();
		for (const body of numbers(60)) write(send(body));
		expect(client.read).toBe(false);
		await client.until((seen) => seen.of('sent').length === 60);
		// 60 and the hello, less the burst, at 100 a second.
		expect(performance.now() - begun).toBeGreaterThan(490);
		expect(connect.sent).toEqual(numbers(60));
		expect(client.read).toBe(true);
		expect(Object.keys(await connect.refusals())).toEqual(['frames_per_second']);
	});

	test('another user does not wait', async () => {
		await start({ frames_per_second: 1, frames_burst: 10 });
		const flooder = await connect.hello('token-1');
		const other = await connect.hello('token-2');
		for (const body of numbers(100)) flooder.send(send(body));
		for (const body of numbers(8)) other.send(send(body));
		await other.client.until((seen) => seen.of('sent').length === 8);
		expect(flooder.client.of('sent').length).toBeLessThan(10);
	});

	test('neither a second connection nor a new one gives a user more', async () => {
		await start({ frames_per_second: 1, frames_burst: 10 });
		const one = await connect.hello('token-1');
		for (const body of numbers(20)) one.send(send(body));
		await one.client.until((seen) => seen.of('sent').length >= 9);
		const other = connect.tschat();
		one.channel.left();
		other.send({ type: 'hello', token: 'token-1' });
		other.send(send('more'));
		await other.client.until((seen) => seen.of('resumed').length === 1);
		await new Promise((resolve) => setImmediate(resolve));
		expect(other.client.of('sent')).toEqual([]);
	});

	test('what a closed connection has sent is not kept until its time', async () => {
		await start({ frames_per_second: 1, frames_burst: 2 });
		const { channel, send: write } = await connect.hello('token-1');
		for (const body of numbers(20)) write(send(body));
		await new Promise((resolve) => setImmediate(resolve));
		expect(channel.waiting?.length).toBeGreaterThan(10);
		channel.left();
		await new Promise((resolve) => setImmediate(resolve));
		expect(channel.waiting).toBeUndefined();
	});

	test.each(['room:1', 'dm:1:2'])(
		'what a user has missed of %s comes at a rate, whatever its connections, once that is much',
		async (conv) => {
			await start({ resume_bytes_per_second: 1024, resume_bytes_burst: 10_000 });
			for (let index = 0; index < 40; index += 1) {
				const body = 'x'.repeat(1000);
				if (conv === 'room:1') connect.append(1, body);
				else connect.appendDirect(2, 1, body);
			}
			const one = await connect.hello('token-1', { cursors: { [conv]: 0 } });
			await one.client.until((seen) => seen.of('resumed').length === 1);
			expect(one.client.of('message')).toHaveLength(40);
			const other = await connect.hello('token-1', { cursors: { [conv]: 0 } });
			const another = await connect.hello('token-2', { cursors: { [conv]: 0 } });
			await another.client.until((seen) => seen.of('resumed').length === 1);
			// Nothing is given before what the other connection got is paid for.
			expect([other.client.of('message'), other.client.of('resumed')]).toEqual([[], []]);
			expect(await connect.refusals()).toEqual({ resume_bytes_per_second: 1 });
		},
	);

	test('who has gone is waited for no more, whatever it waits for', async () => {
		await start({});
		const { channel } = await connect.hello('token-1');
		const waits = [channel.wait(600_000), channel.wait(600_000)];
		channel.left();
		await Promise.all([...waits, channel.wait(600_000)]);
		const other = await connect.hello('token-2');
		const woken = other.channel.wait(600_000);
		other.channel.wake();
		await woken;
	});

	test('pages and lists count as several frames', async () => {
		await start({ frames_per_second: 1, frames_burst: 10 });
		const { client, send: write } = await connect.hello('token-1');
		write({ type: 'members', conv: 'room:1' });
		write({ type: 'members', conv: 'room:1' });
		await client.until((seen) => seen.of('members').length === 1);
		await new Promise((resolve) => setImmediate(resolve));
		expect(client.of('members').length).toBe(1);
		expect(await connect.refusals()).toEqual({ frames_per_second: 1 });
	});

	test('a page of history counts by what is sent of it, not by what does not fit into its frame', async () => {
		await start({ frames_per_second: 1, frames_burst: 158 });
		for (let index = 0; index < 150; index += 1) connect.append(1, 'x'.repeat(8000));
		const { client, send: write } = await connect.hello('token-1');
		const page = { type: 'history', conv: 'room:1', limit: 150 };
		write(page);
		write({ type: 'ping' });
		await client.until((seen) => seen.of('messages').length === 1);
		await new Promise((resolve) => setImmediate(resolve));
		const [sent] = client.of('messages');
		expect([sent?.items.length, sent?.items.at(-1)?.seq, sent?.more]).toEqual([64, 150, true]);
		// 512 KiB are 64 frames, the 86 messages that do not fit one each, asking is five, and the hello and the ping are one each.
		expect(client.of('pong').length).toBe(1);
		expect(await connect.refusals()).toEqual({});
		write(page);
		expect(await connect.refusals()).toEqual({ frames_per_second: 1 });
	});

	test('many bytes in few frames wait too', async () => {
		await start({ bytes_per_second: 10_000, bytes_burst: 4000 });
		const { client, send: write } = await connect.hello('token-1');
		const begun = performance.now();
		for (const ref of ['a', 'b', 'c']) write({ ...send(ref), body: ref.repeat(2000) });
		await client.until((seen) => seen.of('sent').length === 3);
		expect(performance.now() - begun).toBeGreaterThan(190);
		expect(Object.keys(await connect.refusals())).toEqual(['bytes_per_second']);
	});

	test('what one read holds is dealt with, however many frames that are', async () => {
		await start({ frames_per_second: 1000, frames_burst: 5000, frames_debt: 100 });
		const { client, send: write } = await connect.hello('token-1');
		for (const _ of numbers(3000)) write({ type: 'ping' });
		write(send('after them'));
		expect(client.read).toBe(false);
		await client.until((seen) => seen.closed !== undefined || seen.of('sent').length === 1);
		expect(client.closed).toBeUndefined();
	});

	test('more than comes in one read after the socket was stopped closes it, with when to come back', async () => {
		await start({ frames_per_second: 1, frames_burst: 10 });
		const { client, send: write } = await connect.hello('token-1');
		for (const ref of numbers(50)) write({ ...send(ref), body: 'x'.repeat(3000) });
		expect(client.closed).toBeUndefined();
		for (const ref of numbers(50)) write({ ...send(ref), body: 'x'.repeat(3000) });
		expect(client.closed).toBe('flooding');
		const [closing] = client.of('closing');
		expect(closing?.code).toBe(closeCodes.flooding.code);
		expect(closing?.delay).toBeGreaterThanOrEqual(30_000);
		expect(await connect.refusals()).toMatchObject({ frames_debt: 1 });
	});

	test('pings beyond the rate are not answered, and a flood of them closes the connection', async () => {
		await start({ frames_per_second: 1, frames_burst: 10, frames_debt: 20 });
		const { client, channel } = await connect.hello('token-1');
		const answered = numbers(30).map(() => connect.server.heard(channel));
		expect(answered.filter(Boolean).length).toBe(9);
		expect(client.closed).toBe('flooding');
	});

	test('few large frames wait, as bytes', async () => {
		await start({ bytes_per_second: 1024, bytes_burst: 1024 });
		const { client, channel, raw } = await connect.hello('token-1').then(({ client, channel }) => ({
			client,
			channel,
			raw: (payload: Buffer) => connect.server.received(channel, payload),
		}));
		const large = Buffer.from(`{"type":"ping","x":[${'{},'.repeat(20_000)}{}]}`);
		raw(large);
		expect(client.read).toBe(true);
		raw(large);
		expect(client.read).toBe(false);
		expect(channel.waiting?.every(Buffer.isBuffer)).toBe(true);
		expect(channel.waitingBytes).toBe(2 * large.length);
	});

	test('pings after a close are not answered, and in the end not read', async () => {
		await start({ frames_per_second: 1, frames_burst: 10, frames_debt: 20 });
		const { client, channel, raw } = connect.tschat();
		raw(Buffer.from('garbage'));
		await client.until((seen) => seen.closed !== undefined);
		expect(client.closed).toBe('protocol-error');
		expect(numbers(30).map(() => connect.server.heard(channel))).not.toContain(true);
		expect(client.read).toBe(false);
	});

	test('a ping is no flood while many bytes wait for their rate, and takes nothing of the frames that wait', async () => {
		await start({
			bytes_per_second: 1024,
			bytes_burst: 1024,
			frames_per_second: 10,
			frames_burst: 10,
			frames_debt: 20,
		});
		const { client, channel, send: write } = await connect.hello('token-1');
		write({ ...send('a'), body: 'x'.repeat(10_000) });
		const before = channel.spent.framesUntil;
		expect(connect.server.heard(channel)).toBe(false);
		expect(client.closed).toBeUndefined();
		expect(channel.spent.framesUntil).toBeGreaterThan(before);
	});

	test('a server that stops deals with what waits for its rate, reads nothing more, and then closes', async () => {
		await start({ frames_per_second: 1, frames_burst: 10 });
		const { client, send: write } = await connect.hello('token-1');
		for (const body of numbers(500)) write(send(body));
		const other = await connect.hello('token-2');
		const stopped = connect.server.stop();
		expect([client.read, other.client.read]).toEqual([false, false]);
		expect(client.closed).toBeUndefined();
		await stopped;
		expect(connect.sent).toEqual(numbers(500));
		expect(client.of('sent').length).toBe(500);
		expect([client.closed, other.client.closed]).toEqual(['going-away', 'going-away']);
	});

	test('a stop does not wait for long for a client that reads nothing', async () => {
		connect = await startConnectServer({ drainMs: 50, slowMs: 10_000 });
		const { client, send: write } = await connect.hello('token-1');
		client.unsent = 3_000_000;
		write(send('for a client that reads nothing'));
		await connect.server.stop();
		expect(client.closed).toBe('going-away');
		expect(connect.sent).toEqual([]);
		client.unsent = 0;
	});

	test('what a client goes on sending after it was closed is not read', async () => {
		await start({ frames_per_second: 1, frames_burst: 10 });
		const { client, channel, send: write } = await connect.hello('token-1');
		channel.close('going-away');
		for (const body of numbers(5)) write(send(body));
		expect(client.read).toBe(true);
		for (const body of numbers(10)) write(send(body));
		expect(client.read).toBe(false);
	});
});

describe('rooms', () => {
	test('a connection follows as many as its welcome says', async () => {
		await start({ rooms_per_connection: 2 });
		const { client, send: write } = await connect.hello('token-1');
		expect(client.of('welcome')[0]?.limits.rooms).toBe(2);
		for (const room of [1, 2, 3, 2]) write({ type: 'join', ref: `${room}`, conv: `room:${room}` });
		await client.until((seen) => seen.of('joined').length === 3);
		expect(client.of('error').map(({ code, ref }) => [code, ref])).toEqual([['limit-reached', '3']]);
		const tooMany = await connect.hello('token-2', { cursors: { 'room:1': 0, 'room:2': 0, 'room:3': 0 } });
		expect(tooMany.client.of('error')[0]?.code).toBe('limit-reached');
		expect([...tooMany.channel.feeds.keys()].filter((key) => key.startsWith('room:'))).toEqual(['room:1', 'room:2']);
		expect(await connect.refusals()).toEqual({ rooms_per_connection: 2 });
	});
});

describe('connections', () => {
	test('one more than a user may have closes the oldest, which may come back later', async () => {
		await start({ connections_per_user: 2 });
		const first = await connect.hello('token-1');
		await first.client.until((seen) => seen.of('resumed').length === 1);
		const second = await connect.hello('token-1');
		await second.client.until((seen) => seen.of('resumed').length === 1);
		await connect.hello('token-2');
		expect(first.client.closed).toBeUndefined();
		const third = await connect.hello('token-1');
		expect(first.client.closed).toBe('too-many-connections');
		const [closing] = first.client.of('closing');
		expect(closing?.code).toBe(closeCodes['too-many-connections'].code);
		expect(closing?.delay).toBeGreaterThanOrEqual(60_000);
		expect([second.client.closed, third.client.closed]).toEqual([undefined, undefined]);
		expect(await connect.refusals()).toEqual({ connections_per_user: 1 });
	});

	test('an address may have so many, and gets the places of those that close', async () => {
		await start({ connections_per_address: 2, connections_per_address_second: 1000 });
		const { admission } = connect.server;
		const first = connect.tschat('192.0.2.1');
		connect.tschat('192.0.2.1');
		expect(admission.refusal('192.0.2.1')).toMatchObject({ limit: 'connections_per_address', status: 429 });
		expect(admission.refusal('192.0.2.2')).toBeUndefined();
		expect(admission.refusal(undefined)).toBeUndefined();
		first.channel.left();
		expect(admission.refusal('192.0.2.1')).toBeUndefined();
	});

	test('an address may have so many that have not authenticated', async () => {
		await start({ connections_unauthenticated_per_address: 1 });
		const { admission } = connect.server;
		const { client, send: write } = connect.tschat('192.0.2.1');
		expect(admission.refusal('192.0.2.1')).toMatchObject({
			limit: 'connections_unauthenticated_per_address',
			status: 429,
		});
		write({ type: 'hello', token: 'token-1' });
		await client.until((seen) => seen.of('welcome').length === 1);
		expect(admission.refusal('192.0.2.1')).toBeUndefined();
	});

	test('all together may have so many that have not authenticated', async () => {
		await start({ connections_unauthenticated: 2 });
		const { admission } = connect.server;
		const first = connect.tschat();
		connect.tschat('192.0.2.1');
		expect(admission.refusal(undefined)).toMatchObject({ limit: 'connections_unauthenticated', status: 503 });
		first.channel.left();
		expect(admission.refusal(undefined)).toBeUndefined();
	});

	test('an address that connects faster than it may is refused, then cut, and others are not', async () => {
		await start({ connections_per_address: 5, connections_per_address_second: 1 });
		const { admission } = connect.server;
		const answers = numbers(110).map(() => {
			const knocked = admission.knock('192.0.2.1');
			return knocked ? (admission.refusal('192.0.2.1')?.limit ?? 'taken') : 'cut';
		});
		expect(answers.filter((answer) => answer === 'taken').length).toBe(5);
		expect(answers.slice(5, 100)).toEqual(Array(95).fill('connections_per_address_second'));
		expect(answers.slice(-4)).toEqual(Array(4).fill('cut'));
		expect(admission.refusal('192.0.2.1')?.retryAfterSeconds).toBeGreaterThan(90);
		expect(admission.knock('192.0.2.2')).toBe(true);
		// The last look at it is one too.
		expect(await connect.refusals()).toEqual({ connections_per_address_second: 106 });
	});

	test('a process takes so many and no more', async () => {
		await start({}, 2);
		const { admission } = connect.server;
		const first = connect.tschat();
		connect.connect();
		expect(admission.refusal(undefined)).toMatchObject({ limit: 'connections_total', status: 503 });
		expect(admission.refusal(undefined)?.retryAfterSeconds).toBeGreaterThan(0);
		first.channel.left();
		expect(admission.refusal(undefined)).toBeUndefined();
		expect(await connect.refusals()).toEqual({ connections_total: 2 });
	});

	test('none is taken while the memory is nearly used up', () => {
		const { limits } = loadConfig({ environment: {}, assignments: [] });
		const refused: string[] = [];
		let used = 0.84;
		const admission = new Admission({
			limits,
			mostConnections: 1000,
			memoryShare: () => used,
			refused: (limit) => refused.push(limit),
		});
		expect(admission.refusal(undefined)).toBeUndefined();
		used = 0.86;
		expect(admission.refusal(undefined)).toMatchObject({ limit: 'connections_memory_percent', status: 503 });
		expect(refused).toEqual(['connections_memory_percent']);
	});

	test('what is used counts without its garbage, which an idle process does not collect', () => {
		let [used, collected] = [0.9, 0];
		const collect = () => {
			collected += 1;
			used = 0.1;
		};
		expect(createMemoryShare({ high: 0.85, measure: () => used, collect })()).toBe(0.1);
		expect(createMemoryShare({ high: 0.85, measure: () => 0.5, collect })()).toBe(0.5);
		expect(collected).toBe(1);
		// Of this process, with V8's own collection.
		expect(createMemoryShare({ high: 0 })()).toBeGreaterThan(0);
	});
});
