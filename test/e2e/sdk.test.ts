import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { connect, findUser, type Message, memoryStore, signIn } from '../../src/client/index.ts';
import { v2Subprotocol } from '../../src/protocol/v2/subprotocol.ts';
import { type Embedded, startEmbedded } from '../support/cluster.ts';
import { type FrameProxy, startFrameProxy } from '../support/frame-proxy.ts';
import { restClient } from '../support/rest-client.ts';
import { newUser, sdkClient, type Witness } from '../support/sdk-client.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

let server: Embedded;
let proxy: FrameProxy;
beforeAll(async () => {
	server = await startEmbedded({ 'connect.heartbeat_ms': 400, 'connect.resume_messages': 50 });
	proxy = await startFrameProxy(server.wsUrl, v2Subprotocol);
});
afterAll(async () => {
	await proxy.close();
	await server.stop();
});

let rooms = 700;
const newRoom = () => {
	rooms += 1;
	return { id: rooms, key: `room:${rooms}` as const };
};
const numbered = (count: number, name = 'message') =>
	Array.from({ length: count }, (_, index) => `${name} ${index + 1}`);
const own = async (name: string, options: object = {}) => {
	const session = await newUser(server.apiUrl, name);
	return { session, ...sdkClient({ url: server.wsUrl, ...session, ...options }) };
};
const close = (...clients: Witness[]) => Promise.all(clients.map(({ chat }) => chat.close()));
const online = (client: Witness) => client.until(() => client.chat.state === 'online', 'online');
const offline = (client: Witness) => client.until(() => client.chat.state === 'offline', 'offline');
const take = async (messages: AsyncIterable<Message>, count: number): Promise<number[]> => {
	const seqs: number[] = [];
	for await (const { seq } of messages) if (seqs.push(seq) === count) break;
	return seqs;
};

describe('two clients', () => {
	test('see the messages of a room in one order, and what else happens there', async () => {
		const [ann, bob] = [await own('ann'), await own('bob')];
		const { id, key } = newRoom();
		const joined = { name: null, head: 0, read: 0, members: [ann.session.user], count: 1 };
		expect(await ann.chat.room(id).join()).toEqual(joined);
		// Who came a moment before may not be in the list yet: presence tells what changes from there.
		const { members } = await bob.chat.room(id).join();
		expect(members).toContainEqual(bob.session.user);
		const knownToBob = () => [...(members ?? []), ...bob.events.presence.flatMap(({ joined }) => joined)];
		await bob.until(() => knownToBob().some((user) => user.id === ann.session.user.id), 'ann');
		await ann.until(
			() => ann.events.presence.some(({ joined }) => joined.some((user) => user.id === bob.session.user.id)),
			'bob',
		);

		const sent = await Promise.all([
			...numbered(20, 'ann').map((body) => ann.chat.room(id).send(body)),
			...numbered(20, 'bob').map((body) => bob.chat.room(id).send(body)),
		]);
		expect(new Set(sent.map(({ seq }) => seq)).size).toBe(40);
		for (const client of [ann, bob]) await client.until(() => client.bodies(key).length === 40, 'all messages');
		expect(ann.events.message.map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
		expect(bob.bodies(key)).toEqual(ann.bodies(key));
		for (const name of ['ann', 'bob']) {
			expect(ann.bodies(key).filter((body) => body.startsWith(name))).toEqual(numbered(20, name));
		}

		bob.chat.room(id).typing();
		await ann.until(() => ann.events.typing.some(({ user }) => user.id === bob.session.user.id), 'typing');
		const lastOfAnn = Math.max(...sent.slice(0, 20).map(({ seq }) => seq));
		const bobHasRead = () =>
			ann.events.receipt.some(({ user, read }) => user === bob.session.user.id && read >= lastOfAnn);
		bob.chat.room(id).read();
		await ann.until(bobHasRead, 'that bob has read');
		expect(await bob.chat.conversations()).toMatchObject({ items: [{ conv: key, head: 40, read: 40, unread: 0 }] });

		await bob.chat.room(id).leave();
		await ann.until(
			() => ann.events.presence.some(({ left }) => left.some((user) => user.id === bob.session.user.id)),
			'that bob left',
		);
		await ann.chat.room(id).send('alone');
		await ann.until(() => ann.bodies(key).length === 41, 'the last message');
		expect(bob.bodies(key).length).toBe(40);
		await close(ann, bob);
	});

	test('write to each other, on all their devices', async () => {
		const [ann, bob] = [await own('ann'), await own('bob')];
		const { name } = bob.session.user;
		const second = sdkClient({
			api: server.apiUrl,
			...(await signIn({ api: server.apiUrl, name, password: '111111', device: 'phone' })),
		});
		await Promise.all([ann, bob, second].map(online));
		const found = await findUser({ api: server.apiUrl, token: ann.session.token, name: name.toUpperCase() });
		const direct = ann.chat.direct(found.id);
		const { ref, seq } = await direct.send('hello bob');
		expect(seq).toBe(1);
		for (const { chat, ...client } of [ann, bob, second]) {
			await client.until(() => client.bodies(direct.key).includes('hello bob'), 'the message');
			expect(chat.conversation(direct.key).position).toBe(1);
		}
		expect(ann.events.message[0]?.ref).toBe(ref);
		expect(bob.events.message[0]).not.toHaveProperty('ref');
		await ann.until(() => ann.events.receipt.some(({ delivered }) => delivered === 1), 'that it was delivered');
		bob.chat.conversation(direct.key).read();
		const hasRead = ({ user, read }: { user: string; read: number }) => user === bob.session.user.id && read === 1;
		await ann.until(() => ann.events.receipt.some(hasRead), 'that it was read');
		await second.until(() => second.events.receipt.some(hasRead), 'that it was read on the other device');
		await close(ann, bob, second);
	});

	test('get each message once and in order, whatever happens to frames on the way', async () => {
		const hasty = { url: proxy.url, timeoutMs: 500 };
		const [ann, bob] = [await own('ann', hasty), await own('bob', hasty)];
		const { id, key } = newRoom();
		await Promise.all([ann.chat.room(id).join(), bob.chat.room(id).join()]);
		const direct = ann.chat.direct(bob.session.user.id);
		const fates = ['drop', 'repeat', 'swap', 'delay', 'pass', 'pass', 'cut', 'pass', 'drop', 'pass', 'pass'] as const;
		proxy.disturb(
			Array.from({ length: 250 }, (_, index) => fates[(index * 7 + (index >> 4)) % fates.length] ?? 'pass'),
		);
		const all = numbered(25);
		await Promise.all([
			...all.map((body) => ann.chat.room(id).send(`ann ${body}`)),
			...all.map((body) => bob.chat.room(id).send(`bob ${body}`)),
			...all.map((body) => direct.send(body)),
		]);
		proxy.heal();
		for (const client of [ann, bob]) {
			await client.until(() => client.bodies(key).length >= 50 && client.bodies(direct.key).length >= 25, 'all');
			expect(client.bodies(direct.key)).toEqual(all);
			for (const name of ['ann', 'bob']) {
				const said = client.bodies(key).filter((body) => body.startsWith(name));
				expect(said).toEqual(all.map((body) => `${name} ${body}`));
			}
		}
		expect(bob.bodies(key)).toEqual(ann.bodies(key));
		expect(proxy.disturbed).toBeGreaterThan(20);
		expect([...ann.events.reset, ...bob.events.reset]).toEqual([]);
		await close(ann, bob);
	}, 60_000);
});

describe('a client that loses its connection', () => {
	test('sends what was said meanwhile, in order and once, and is told what it missed', async () => {
		const [ann, bob] = [await own('ann', { url: proxy.url }), await own('bob')];
		const [one, other] = [newRoom(), newRoom()];
		for (const { chat } of [ann, bob]) await Promise.all([chat.room(one.id).join(), chat.room(other.id).join()]);
		const live = take(ann.chat.room(one.id).messages(), 40);
		proxy.sever();
		await offline(ann);
		const missed = numbered(20, 'missed');
		const direct = bob.chat.direct(ann.session.user.id);
		for (const body of missed) await Promise.all([bob.chat.room(one.id).send(body), direct.send(body)]);
		const queued = numbered(20, 'queued');
		const sent = Promise.all(queued.flatMap((body) => [one, other].map(({ id }) => ann.chat.room(id).send(body))));
		expect(ann.events.sent).toEqual([]);
		proxy.heal();
		ann.chat.retryNow();
		await sent;
		await ann.until(() => ann.bodies(one.key).length === 40 && ann.bodies(direct.key).length === 20, 'all');
		expect(ann.bodies(one.key)).toEqual([...missed, ...queued]);
		expect(ann.bodies(direct.key)).toEqual(missed);
		await bob.until(() => bob.bodies(other.key).length === 20, 'what ann sent');
		expect(bob.bodies(other.key)).toEqual(queued);
		expect(await live).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
		// It may have tried more than once.
		const states = ann.events.state.join(' ').replace(/(offline connecting )+/, 'lost ');
		expect(states).toBe('resuming online lost resuming online');
		await close(ann, bob);
	});

	test('pages what is too much to be resumed', async () => {
		const [ann, bob] = [await own('ann', { url: proxy.url }), await own('bob')];
		const { id, key } = newRoom();
		await Promise.all([ann.chat.room(id).join(), bob.chat.room(id).join()]);
		const direct = bob.chat.direct(ann.session.user.id);
		await direct.send('message 0');
		await ann.until(() => ann.bodies(direct.key).length === 1, 'the first message');
		proxy.sever();
		await offline(ann);
		const missed = numbered(220);
		await Promise.all(missed.flatMap((body) => [bob.chat.room(id).send(body), direct.send(body)]));
		proxy.heal();
		ann.chat.retryNow();
		await ann.until(() => ann.bodies(key).length === 220 && ann.bodies(direct.key).length === 221, 'all');
		expect(ann.bodies(key)).toEqual(missed);
		expect(ann.bodies(direct.key)).toEqual(['message 0', ...missed]);
		expect(ann.events.reset).toEqual([{ conv: 'inbox', from: 2, to: 221 }]);
		await close(ann, bob);
	});

	test('skips what is more than it wants, and says so; its iterators skip nothing', async () => {
		const [ann, bob] = [await own('ann', { url: proxy.url, maxGap: 100 }), await own('bob')];
		const { id, key } = newRoom();
		await Promise.all([ann.chat.room(id).join(), bob.chat.room(id).join()]);
		const read = take(ann.chat.room(id).messages({ after: 0 }), 121);
		proxy.sever();
		await offline(ann);
		await Promise.all(numbered(120).map((body) => bob.chat.room(id).send(body)));
		proxy.heal();
		ann.chat.retryNow();
		await ann.until(() => ann.events.reset.length > 0, 'the reset');
		expect(ann.events.reset).toEqual([{ conv: key, from: 1, to: 120 }]);
		await bob.chat.room(id).send('afterwards');
		await ann.until(() => ann.bodies(key).length === 1, 'the next message');
		expect(ann.bodies(key)).toEqual(['afterwards']);
		expect(await read).toEqual(Array.from({ length: 121 }, (_, index) => index + 1));
		await close(ann, bob);
	});

	test('tells again what it had read', async () => {
		const [ann, bob] = [await own('ann', { url: proxy.url }), await own('bob')];
		const { id, key } = newRoom();
		await Promise.all([ann.chat.room(id).join(), bob.chat.room(id).join()]);
		await bob.chat.room(id).send('to be read');
		await ann.until(() => ann.bodies(key).length === 1, 'the message');
		proxy.sever();
		await offline(ann);
		ann.chat.room(id).read();
		proxy.heal();
		ann.chat.retryNow();
		const hasRead = ({ user, read }: { user: string; read: number }) => user === ann.session.user.id && read === 1;
		await bob.until(() => bob.events.receipt.some(hasRead), 'the receipt');
		await close(ann, bob);
	});

	test('gives up one that has fallen silent, and goes on with another', async () => {
		const silent = await startTcpProxy(Number(new URL(server.wsUrl).port));
		const [ann, bob] = [await own('ann', { url: `ws://127.0.0.1:${silent.port}/ws` }), await own('bob')];
		const { id, key } = newRoom();
		await Promise.all([ann.chat.room(id).join(), bob.chat.room(id).join()]);
		await online(ann);
		silent.freeze();
		await bob.chat.room(id).send('into the void');
		await ann.until(() => ann.bodies(key).length === 1, 'the message');
		expect(ann.events.error).toMatchObject([{ message: expect.stringContaining('fell silent') }]);
		await close(ann, bob);
		await silent.close();
	});

	test('says what was refused that nobody waits for', async () => {
		const ann = await own('ann');
		await ann.chat.ready;
		ann.chat.room(newRoom().id).read(1);
		await ann.until(() => ann.events.error.some(({ code }) => code === 'not-found'), 'the error');
		await close(ann);
	});

	test('takes the next server when one is gone', async () => {
		const ann = await own('ann', { url: undefined, urls: ['ws://127.0.0.1:9/ws', server.wsUrl] });
		await ann.chat.ready;
		await close(ann);
	});
});

describe('a client that goes on where another stopped', () => {
	test('sends what was unsent under the same refs, follows the same rooms, and gets what came meanwhile', async () => {
		const store = memoryStore();
		const [ann, bob] = [await own('ann', { url: proxy.url, store }), await own('bob')];
		const { id, key } = newRoom();
		await Promise.all([ann.chat.room(id).join(), bob.chat.room(id).join()]);
		await bob.chat.room(id).send('seen');
		await ann.until(() => ann.bodies(key).length === 1, 'the first message');
		proxy.sever();
		await offline(ann);
		const unsent = numbered(5, 'unsent');
		const results = unsent.map((body, index) => ann.chat.room(id).send(body, { ref: `${key}-${index}` }));
		await ann.chat.close();
		for (const result of results) await expect(result).rejects.toMatchObject({ code: 'closed' });
		proxy.heal();
		const direct = bob.chat.direct(ann.session.user.id);
		await Promise.all([bob.chat.room(id).send('missed'), direct.send('missed too')]);

		const next = sdkClient({ url: proxy.url, token: ann.session.token, store });
		const refs = unsent.map((_, index) => `${key}-${index}`);
		await next.until(() => next.events.sent.length === 5 && next.bodies(key).length === 6, 'all');
		expect(next.events.sent.map(({ ref }) => ref)).toEqual(refs);
		expect(next.bodies(key)).toEqual(['missed', ...unsent]);
		await next.until(() => next.bodies(direct.key).length === 1, 'the direct message');
		await close(next);
		expect(await store.load()).toMatchObject({ cursors: { [key]: 7, [direct.key]: 1 }, inbox: 1, unsent: [] });
		await close(bob);
	});

	test('is refused when the store is that of another user', async () => {
		const store = memoryStore();
		const ann = await own('ann', { store });
		await ann.chat.ready;
		await close(ann);
		const { token } = await newUser(server.apiUrl, 'bob');
		const bob = sdkClient({ url: server.wsUrl, token, store });
		await expect(bob.chat.ready).rejects.toMatchObject({ code: 'wrong-user' });
		expect(await store.load()).toMatchObject({ user: ann.session.user });
	});
});

describe('a client that is told to stop', () => {
	test('does so when its session ends', async () => {
		const ann = await own('ann');
		await ann.chat.ready;
		const messages = ann.chat.room(1).messages()[Symbol.asyncIterator]().next();
		const refused = expect(messages).rejects.toMatchObject({ code: 'stopped' });
		await restClient(server.apiUrl, ann.session.token)('DELETE', '/v2/sessions/current');
		await ann.until(() => ann.events.closed.length > 0, 'the end');
		await refused;
		expect(ann.events.closed).toMatchObject([{ code: 'stopped' }]);
		await expect(ann.chat.room(1).send('too late')).rejects.toMatchObject({ code: 'stopped' });
		await expect(ann.chat.room(1).history()).rejects.toMatchObject({ code: 'stopped' });
	});

	test('does so when its token is not valid', async () => {
		const chat = connect({ url: server.wsUrl, token: 'nobody', WebSocket });
		await expect(chat.ready).rejects.toMatchObject({ code: 'unauthorized' });
		expect(chat.state).toBe('closed');
	});
});

describe('a conversation', () => {
	test('is read from anywhere in the past into the present', async () => {
		const ann = await own('ann');
		const { id } = newRoom();
		const room = ann.chat.room(id);
		await room.join();
		await Promise.all(numbered(230).map((body) => room.send(body)));
		const all = take(room.messages({ after: 10 }), 225);
		await Promise.all(numbered(5, 'live').map((body) => room.send(body)));
		expect(await all).toEqual(Array.from({ length: 225 }, (_, index) => index + 11));
		const { items, more } = await room.history({ before: 100, limit: 3 });
		expect([items.map(({ seq }) => seq), more]).toEqual([[97, 98, 99], true]);
		expect(await room.members()).toEqual({ items: [ann.session.user], count: 1 });
		await close(ann);
	});

	test('goes on after a message that is refused for good', async () => {
		const ann = await own('ann');
		const { id, key } = newRoom();
		const room = ann.chat.room(id);
		await room.join();
		const [empty, huge, good] = [room.send(''), room.send('x'.repeat(100_000)), room.send('good')];
		await expect(empty).rejects.toMatchObject({ code: 'bad-request', retryable: false });
		await expect(huge).rejects.toMatchObject({ code: 'too-large' });
		await good;
		await ann.until(() => ann.bodies(key).length === 1, 'the message');
		expect(ann.events.failed.map(({ body }) => body.length)).toEqual([0, 100_000]);
		expect(ann.events.state).not.toContain('offline');
		await close(ann);
	});
});
