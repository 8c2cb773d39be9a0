import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { directKey, type RoomKey } from '../../src/protocol/logs.ts';
import { type Cluster, startCluster } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';
import { joined, post, tcpClient, tokenOf, webSocketClient } from '../support/gochat-client.ts';
import { restClient } from '../support/rest-client.ts';
import { type TschatClient, tschatTcpClient, tschatWebSocketClient } from '../support/tschat-client.ts';

let cluster: Cluster;
beforeAll(async () => {
	cluster = await startCluster({ connectWs: 2, connectTcp: 1, logic: 2, task: 2 });
});
afterAll(() => cluster.stop());

let rooms = 100;
const newRoom = () => {
	rooms += 1;
	return { roomId: rooms, conv: `room:${rooms}` as const };
};
const ws = async (name: string, server = 0, hello: object = {}) =>
	tschatWebSocketClient(cluster.wsUrls[server] ?? '', { token: await tokenOf(cluster.apiUrl, name), ...hello });
const tcp = async (name: string, hello: object = {}) =>
	tschatTcpClient(cluster.tcpPorts[0]?.[0] ?? 0, { token: await tokenOf(cluster.apiUrl, name), ...hello });
const idOf = (client: TschatClient) => client.of('welcome')[0]?.user.id ?? '';
const say = (client: TschatClient, conv: string, body: string, ref = body) =>
	client.ask({ type: 'send', ref, conv: conv as 'room:1', kind: 'text', body }, 'sent');
const direct = (one: TschatClient, other: TschatClient) => directKey(Number(idOf(one)), Number(idOf(other)));

describe('protocol v2 on a cluster', () => {
	test('clients of both protocols, over WebSocket and TCP, share a room', async () => {
		const { roomId, conv } = newRoom();
		const [ann, bob] = [await ws('v2ann', 0), await tcp('v2bob')];
		for (const client of [ann, bob]) await client.ask({ type: 'join', conv }, 'joined');
		const carolToken = await tokenOf(cluster.apiUrl, 'v1carol');
		const carol = await webSocketClient(cluster.wsUrls[1] ?? '', carolToken, roomId);
		await joined(carol, 'v1carol');
		const dave = await tcpClient(cluster.tcpPorts[0]?.[1] ?? 0, await tokenOf(cluster.apiUrl, 'v1dave'), roomId);
		await joined(dave, 'v1dave');

		await say(ann, conv, 'from ann');
		await say(bob, conv, 'from bob');
		await post(cluster.apiUrl, '/push/pushRoom', { authToken: carolToken, msg: 'from carol', roomId });
		dave.send({ op: 3, msg: 'from dave', roomId });

		await ann.message('from dave');
		const order = ann.of('message').map(({ body }) => body);
		expect([...order].sort()).toEqual(['from ann', 'from bob', 'from carol', 'from dave']);
		expect(ann.of('message').map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
		await bob.message('from dave');
		expect(bob.of('message').map(({ body }) => body)).toEqual(order);
		for (const { received } of [carol, dave]) {
			await received.message('from dave');
			expect(received.messages()).toEqual(order);
		}
		expect(ann.of('message').map(({ ref }) => ref)).toEqual(
			order.map((body) => (body === 'from ann' ? body : undefined)),
		);
		for (const client of [ann, bob, carol, dave]) client.close();
	});

	test('a room is found by its name from every server; who is connected is told by any, until it leaves', async () => {
		const [ann, bob] = [await ws('v2named-ann', 0), await tcp('v2named-bob')];
		const open = async (client: string, name: string) => {
			const token = await tokenOf(cluster.apiUrl, client);
			return (await restClient(cluster.apiUrl, token)('POST', '/v2/rooms', { name })).body as { conv: RoomKey };
		};
		const opened = await Promise.all([open('v2named-ann', 'Meeting 会议室'), open('v2named-bob', 'MEETING 会议室')]);
		expect(opened[0]).toEqual(opened[1]);
		const { conv } = opened[0];
		const told = [];
		for (const client of [ann, bob]) told.push((await client.ask({ type: 'join', conv }, 'joined')).name);
		expect(told[0]).toMatch(/^meeting 会议室$/i);
		expect(told[1]).toBe(told[0]);
		await say(bob, conv, 'found you');
		expect(await ann.message('found you')).toMatchObject({ conv, seq: 1 });
		const { items } = await bob.ask({ type: 'conversations' }, 'conversations');
		expect(items).toMatchObject([{ conv, name: told[0], head: 1 }]);

		const users = [idOf(bob), idOf(ann), '999999'];
		const online = async () => (await ann.ask({ type: 'online', users }, 'online')).users.toSorted();
		await eventually(async () => expect(await online()).toEqual(users.slice(0, 2).toSorted()));
		bob.close();
		await eventually(async () => expect(await online()).toEqual([idOf(ann)]));
		ann.close();
	});

	test('the same ref is the same message, from any device', async () => {
		const { conv } = newRoom();
		const [one, other] = [await ws('v2twice', 0), await ws('v2twice', 1)];
		const first = await say(one, conv, 'once', 'the ref');
		expect(await say(other, conv, 'once', 'the ref')).toEqual(first);
		const { items } = await one.ask({ type: 'history', conv }, 'messages');
		expect(items.map(({ body, ref }) => [body, ref])).toEqual([['once', 'the ref']]);
	});

	test('a direct message reaches all devices of both, and nobody else', async () => {
		const [ann, annTcp, bob, bobTcp, eve] = await Promise.all([
			ws('v2dm-ann', 0),
			tcp('v2dm-ann'),
			ws('v2dm-bob', 1),
			tcp('v2dm-bob'),
			ws('v2dm-eve', 0),
		]);
		const conv = direct(ann, bob);
		const sent = await say(ann, conv, 'hello bob');
		for (const client of [ann, annTcp, bob, bobTcp]) {
			const message = await client.message('hello bob');
			expect(message).toMatchObject({ conv, seq: sent.seq, id: sent.id, inbox: 1 });
			expect(message.ref).toBe(client === ann || client === annTcp ? 'hello bob' : undefined);
		}
		const foreign = eve.ask({ type: 'history', conv }, 'messages');
		await expect(foreign).rejects.toThrow(/"code":"not-found"/);
		const message = (conversation: string) =>
			eve.ask({ type: 'history', conv: conversation as typeof conv }, 'messages');
		const refusal = async (conversation: string) =>
			String(await message(conversation).catch((error: Error) => error.message)).replace(/"ref":"[^"]*"/, '');
		expect(await refusal(conv)).toBe(await refusal('dm:1:999999'));
		await expect(say(eve, conv, 'let me in')).rejects.toThrow(/not-found/);
		await expect(say(eve, `dm:${idOf(eve)}:999999`, 'to nobody')).rejects.toThrow(/not-found/);
		expect(eve.of('message')).toEqual([]);
	});

	test('two devices, one read: the cursor moves on both, and never back', async () => {
		const { conv } = newRoom();
		const [desk, phone, other] = [await ws('v2reader', 0), await ws('v2reader', 1), await ws('v2writer', 0)];
		for (const client of [desk, phone, other]) await client.ask({ type: 'join', conv }, 'joined');
		for (const body of ['a', 'b', 'c']) await say(other, conv, body);
		await desk.message('c');
		const line = async () => (await phone.ask({ type: 'conversations' }, 'conversations')).items[0];
		expect(await line()).toMatchObject({ conv, head: 3, read: 0, unread: 3, last: { body: 'c' } });
		desk.send({ type: 'read', conv, seq: 2 });
		await phone.frame('receipt', ({ user, read }) => user === idOf(phone) && read === 2);
		await other.frame('receipt', ({ user, read }) => user === idOf(phone) && read === 2);
		phone.send({ type: 'read', conv, seq: 1 });
		phone.send({ type: 'read', conv, seq: 3 });
		await desk.frame('receipt', ({ user, read }) => user === idOf(desk) && read === 3);
		expect(await line()).toMatchObject({ read: 3, unread: 0 });
		const reads = desk.of('receipt').flatMap(({ user, read }) => (user === idOf(desk) ? [read] : []));
		expect(reads).toEqual([...reads].sort((a, b) => a - b));
		desk.send({ type: 'read', conv, seq: 1_000_000 });
		await say(other, conv, 'd');
		await phone.message('d');
		expect(await line()).toMatchObject({ head: 4, read: 3, unread: 1 });
	});

	test('the sender of a direct message learns that it was delivered and read', async () => {
		const [ann, bob] = [await ws('v2r-ann', 0), await ws('v2r-bob', 1)];
		const conv = direct(ann, bob);
		await say(ann, conv, 'did you read?');
		await bob.message('did you read?');
		bob.send({ type: 'ack', conv, seq: 1 });
		await ann.frame('receipt', ({ user, delivered, read }) => user === idOf(bob) && delivered === 1 && read === 0);
		bob.send({ type: 'read', conv, seq: 1 });
		await ann.frame('receipt', ({ user, read }) => user === idOf(bob) && read === 1);
		const { items } = await ann.ask({ type: 'conversations' }, 'conversations');
		expect(items[0]).toMatchObject({ conv, unread: 0, peer: { name: 'v2r-bob', delivered: 1, read: 1 } });
	});

	test('a room that one device or a request joins or leaves is told to the other devices, once', async () => {
		const { conv } = newRoom();
		const [desk, phone, other] = [await ws('v2m-ann', 0), await tcp('v2m-ann'), await ws('v2m-bob', 1)];
		const asAnn = restClient(cluster.apiUrl, await tokenOf(cluster.apiUrl, 'v2m-ann'));
		const told = (client: TschatClient) => client.of('membership').map((frame) => [frame.conv, frame.joined]);
		const untilTold = async (times: number) => {
			for (const client of [desk, phone]) await client.until(() => told(client)[times - 1], 'the membership');
		};
		await desk.ask({ type: 'join', conv }, 'joined');
		await untilTold(1);
		await phone.ask({ type: 'join', conv }, 'joined');
		await desk.ask({ type: 'leave', conv, here: true }, 'left');
		await say(other, conv, 'only to the phone');
		await phone.message('only to the phone');
		expect((await desk.ask({ type: 'conversations' }, 'conversations')).items).toMatchObject([{ conv, unread: 1 }]);
		await phone.ask({ type: 'leave', conv }, 'left');
		await untilTold(2);
		await asAnn('PUT', `/v2/conversations/${conv}/membership`);
		await untilTold(3);
		await asAnn('DELETE', `/v2/conversations/${conv}/membership`);
		await untilTold(4);
		for (const client of [desk, phone])
			expect(told(client)).toEqual([true, false, true, false].map((joined) => [conv, joined]));
		expect([told(other), desk.of('message')]).toEqual([[], []]);
	});

	test('how far everybody has got is told to whoever comes back, as it was told live', async () => {
		const { conv } = newRoom();
		const [ann, bob] = [await ws('v2g-ann', 0), await ws('v2g-bob', 1)];
		for (const client of [ann, bob]) await client.ask({ type: 'join', conv }, 'joined');
		for (const body of ['a', 'b']) await say(ann, conv, body);
		bob.send({ type: 'ack', conv, seq: 2 });
		bob.send({ type: 'read', conv, seq: 1 });
		const live = await ann.frame(
			'receipt',
			({ user, read, delivered }) => user === idOf(bob) && read + delivered === 3,
		);
		ann.close();
		await ann.untilClosed();
		const back = await ws('v2g-ann', 1, { cursors: { [conv]: 2 } });
		const { items } = await back.ask({ type: 'receipts', conv }, 'receipts');
		const sorted = items?.toSorted((one, other) => Number(one.user) - Number(other.user));
		const expected = [
			{ user: idOf(back), delivered: 2, read: 2 },
			{ user: idOf(bob), delivered: live.delivered, read: live.read },
		];
		expect(sorted).toEqual(expected);
		const asBob = restClient(cluster.apiUrl, await tokenOf(cluster.apiUrl, 'v2g-bob'));
		expect(await asBob('GET', `/v2/conversations/${conv}/receipts`)).toEqual({ status: 200, body: { items } });
		const dm = direct(back, bob);
		expect((await back.ask({ type: 'receipts', conv: dm }, 'receipts')).items).toEqual([]);
		await expect(
			back.ask({ type: 'receipts', conv: `dm:${idOf(bob)}:999999` as typeof dm }, 'receipts'),
		).rejects.toThrow(/"code":"not-found"/);
	});

	test('members come and go as changes, and typing reaches the others once a second', async () => {
		const { conv } = newRoom();
		const [ann, bob] = [await ws('v2p-ann', 0), await ws('v2p-bob', 1)];
		await ann.ask({ type: 'join', conv }, 'joined');
		await bob.ask({ type: 'join', conv }, 'joined');
		await ann.frame('presence', ({ joined: came, count }) => came[0]?.name === 'v2p-bob' && count === 2);
		expect((await bob.ask({ type: 'members', conv }, 'members')).items?.map(({ name }) => name).sort()).toEqual([
			'v2p-ann',
			'v2p-bob',
		]);
		for (let index = 0; index < 5; index += 1) bob.send({ type: 'typing', conv });
		await ann.frame('typing', ({ user }) => user.name === 'v2p-bob');
		await bob.ask({ type: 'leave', conv }, 'left');
		await ann.frame('presence', ({ left, count }) => left[0]?.name === 'v2p-bob' && count === 1);
		expect(ann.of('typing')).toHaveLength(1);
		expect(bob.of('typing')).toHaveLength(0);
	});

	test('what came while a client was away follows when it is back, on another server', async () => {
		const { conv } = newRoom();
		const [reader, writer] = [await ws('v2away', 0), await ws('v2stays', 1)];
		await reader.ask({ type: 'join', conv }, 'joined');
		const dm = direct(reader, writer);
		await say(writer, conv, 'room 1');
		await say(writer, dm, 'direct 1');
		const last = await reader.message('direct 1');
		await reader.message('room 1');
		reader.close();
		await reader.untilClosed();
		for (const number of [2, 3]) {
			await say(writer, conv, `room ${number}`);
			await say(writer, dm, `direct ${number}`);
		}
		const back = await ws('v2away', 1, { cursors: { [conv]: 1 }, inbox: last.inbox });
		expect(back.of('message').flatMap(({ body }) => (body.startsWith('room') ? [body] : []))).toEqual([
			'room 2',
			'room 3',
		]);
		expect(back.of('message').flatMap(({ body }) => (body.startsWith('direct') ? [body] : []))).toEqual([
			'direct 2',
			'direct 3',
		]);
		const byConversation = await tcp('v2away', { cursors: { [dm]: 1 } });
		expect(byConversation.of('message').map(({ body }) => body)).toEqual(['direct 2', 'direct 3']);
		expect(byConversation.of('welcome')[0]?.conversations).toEqual([{ conv: dm, head: 3, read: 0 }]);
		await say(writer, dm, 'direct 4');
		await byConversation.message('direct 4');
		expect(byConversation.of('message').map(({ seq }) => seq)).toEqual([2, 3, 4]);
	});

	test('a revoked session is told so and closed, on every server', async () => {
		const token = await tokenOf(cluster.apiUrl, 'v2revoked');
		const clients = await Promise.all(cluster.wsUrls.map((url) => tschatWebSocketClient(url, { token })));
		await post(cluster.apiUrl, '/user/logout', { authToken: token });
		for (const client of clients) {
			expect(await client.untilClosed(1000)).toBe(4501);
			expect(client.of('revoked')).toHaveLength(1);
			expect(client.of('closing')[0]).toMatchObject({ code: 4501 });
		}
	});

	test('a page that does not fit into a packet is shorter over TCP, and says that there is more', async () => {
		const { conv } = newRoom();
		const client = await tcp('v2long');
		for (let index = 0; index < 8; index += 1) await say(client, conv, `${index}${'x'.repeat(7000)}`, `long ${index}`);
		const { items, more } = await client.ask({ type: 'history', conv, limit: 8 }, 'messages');
		expect(more).toBe(true);
		expect(items.at(-1)?.body[0]).toBe('7');
		expect(items.length).toBeLessThan(8);
	});

	test('long messages: pages are cut, not connections, and what was held up reaches readers of both protocols', async () => {
		const { roomId, conv } = newRoom();
		const [ann, bob] = [await ws('v2big-ann'), await ws('v2big-bob', 1)];
		for (const client of [ann, bob]) await client.ask({ type: 'join', conv }, 'joined');
		const carol = await webSocketClient(cluster.wsUrls[0] ?? '', await tokenOf(cluster.apiUrl, 'v1big-carol'), roomId);
		await joined(carol, 'v1big-carol');
		const tasks = cluster.nodes('task');
		for (const { process } of tasks) process.signal('SIGSTOP');
		const bodies = Array.from({ length: 300 }, (_, index) => `${index} ${'x'.repeat(8000)}`);
		for (const [index, body] of bodies.entries())
			ann.send({ type: 'send', ref: `big ${index}`, conv, kind: 'text', body });
		await ann.frame('sent', ({ ref }) => ref === 'big 299', 20_000);
		for (const { process } of tasks) process.signal('SIGCONT');
		for (const client of [ann, bob]) {
			await client.message(bodies[299] ?? '', 20_000);
			expect(client.of('message').map(({ body }) => body)).toEqual(bodies);
			expect(client.closeCode).toBeUndefined();
		}
		await carol.received.message(bodies[299] ?? '', 20_000);
		expect(carol.received.messages()).toEqual(bodies);
		const page = await bob.ask({ type: 'history', conv, after: 0, limit: 200 }, 'messages');
		expect(page.items.map(({ seq }) => seq)).toEqual(page.items.map((_, index) => index + 1));
		expect([page.items.length < 200, page.items.length > 20, page.more]).toEqual([true, true, true]);
		for (const client of [ann, bob, carol]) client.close();
	}, 60_000);

	test('a server that stops tells its clients to come back, each at its own time', async () => {
		const node = cluster.nodes('connect-ws')[1];
		const clients = await Promise.all(Array.from({ length: 20 }, () => ws('v2drained', 1)));
		const stopped = node?.process.stop();
		const delays = await Promise.all(
			clients.map(async (client) => {
				expect(await client.untilClosed()).toBe(4000);
				return client.of('closing')[0]?.delay;
			}),
		);
		expect(delays.every((delay) => delay !== undefined && delay <= 100)).toBe(true);
		expect(new Set(delays).size).toBeGreaterThan(1);
		await stopped;
		await node?.start();
	});
});
