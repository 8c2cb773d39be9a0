import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Message, me, memoryStore, openRoom, signIn } from '../../src/client/index.ts';
import { v2Subprotocol } from '../../src/protocol/v2/subprotocol.ts';
import { type Embedded, startEmbedded } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';
import { type FrameProxy, startFrameProxy } from '../support/frame-proxy.ts';
import { newUser, sdkClient, type Witness } from '../support/sdk-client.ts';

let server: Embedded;
let proxy: FrameProxy;
beforeAll(async () => {
	server = await startEmbedded();
	proxy = await startFrameProxy(server.wsUrl, v2Subprotocol);
});
afterAll(async () => {
	await proxy.close();
	await server.stop();
});

const own = async (name: string) => {
	const session = await newUser(server.apiUrl, name);
	return { session, ...sdkClient({ url: server.wsUrl, ...session }) };
};
const close = (...clients: Witness[]) => Promise.all(clients.map(({ chat }) => chat.close()));
const online = (client: Witness) => client.until(() => client.chat.state === 'online', 'online');
const offline = (client: Witness) => client.until(() => client.chat.state === 'offline', 'offline');
const all = async (messages: AsyncIterable<Message>): Promise<number[]> => {
	const seqs: number[] = [];
	for await (const { seq } of messages) seqs.push(seq);
	return seqs;
};

describe('two clients', () => {
	test('meet in a room that they know by its name, and learn who is connected', async () => {
		const [ann, bob] = [await own('ann'), await own('bob')];
		const api = server.apiUrl;
		const { id, conv, name } = await openRoom({ api, token: ann.session.token, name: 'SDK talk' });
		expect([conv, name]).toEqual([`room:${id}`, 'SDK talk']);
		expect(await openRoom({ api, token: bob.session.token, name: 'sdk TALK' })).toEqual({ id, conv, name });
		for (const { chat } of [ann, bob]) expect(await chat.conversation(conv).join()).toMatchObject({ name });
		await bob.chat.room(id).send('found you');
		await ann.until(() => ann.bodies(conv).includes('found you'), 'the message');
		expect((await ann.chat.conversations()).items).toMatchObject([{ conv, name }]);
		const nameless = openRoom({ api, token: ann.session.token, name: '7' });
		await expect(nameless).rejects.toMatchObject({ code: 'bad-request', message: expect.stringMatching(/^name: /) });

		const users = [ann, bob].map(({ session }) => session.user.id);
		// More than a server takes in one question.
		const others = Array.from({ length: 400 }, (_, index) => String(1_000_000 + index));
		const asked = [...users.slice(0, 1), ...others, ...users.slice(1)];
		await eventually(async () => expect(await ann.chat.online(asked)).toEqual(users));
		await close(bob);
		await eventually(async () => expect(await ann.chat.online(asked)).toEqual(users.slice(0, 1)));
		expect(await ann.chat.online([])).toEqual([]);
		await close(ann);
	});

	test('are told who they are', async () => {
		const { token, user } = await newUser(server.apiUrl, 'ann');
		expect(await me({ api: server.apiUrl, token })).toEqual({ ...user, admin: false });
		const admin = await signIn({ api: server.apiUrl, name: 'admin', password: '111111' });
		expect(await me({ api: server.apiUrl, token: admin.token })).toEqual({ ...admin.user, admin: true });
		await expect(me({ api: server.apiUrl, token: 'none' })).rejects.toMatchObject({ code: 'unauthorized' });
	});

	test('of one user hear which rooms the other joins and leaves; each follows what it wants, also when it is back', async () => {
		const desk = await own('ann');
		const { user } = desk.session;
		const session = await signIn({ api: server.apiUrl, name: user.name, password: '111111' });
		const phone = sdkClient({ url: proxy.url, ...session });
		await Promise.all([desk, phone].map(online));
		const [id, key] = [700, 'room:700'] as const;
		await desk.chat.room(id).join();
		await phone.until(() => phone.events.membership.length === 1, 'that the room was joined');
		const room = phone.chat.room(id);
		await room.join();
		const live = all(room.messages());
		await room.unfollow();
		expect([room.position, await live]).toEqual([undefined, []]);
		proxy.sever();
		await offline(phone);
		proxy.heal();
		phone.chat.retryNow();
		await online(phone);

		await desk.chat.room(id).send('not to the phone');
		expect(await room.receipts()).toEqual([{ user: user.id, delivered: 1, read: 1 }]);
		expect((await phone.chat.conversations()).items).toMatchObject([{ conv: key, head: 1, read: 1 }]);
		await desk.chat.room(id).leave();
		await phone.until(() => phone.events.membership.length === 2, 'that the room was left');
		for (const { events } of [desk, phone])
			expect(events.membership).toEqual([true, false].map((joined) => ({ conv: key, joined })));
		expect([await room.receipts(), phone.bodies(key)]).toEqual([[], []]);
		await close(desk, phone);
	});
});

test('a client that has followed more rooms than the limit is now goes on in the first, and is told of the others', async () => {
	const small = await startEmbedded({ 'limits.rooms_per_connection': 2 });
	try {
		const session = await newUser(small.apiUrl, 'ann');
		const store = memoryStore();
		const cursors = { 'room:1': 0, 'room:2': 0, 'room:3': 0 } as const;
		await store.save({ version: 1, user: session.user, inbox: 0, cursors, unsent: [], reads: {} });
		const ann = sdkClient({ url: small.wsUrl, ...session, store });
		await online(ann);
		await ann.until(() => ann.events.error.length > 0, 'the error');
		expect(ann.events.error).toMatchObject([{ code: 'limit-reached', message: expect.stringContaining('the last 1') }]);
		expect([1, 2, 3].map((id) => ann.chat.room(id).position)).toEqual([0, 0, undefined]);
		await ann.chat.room(2).send('still here');
		await ann.until(() => ann.bodies('room:2').length > 0, 'the message');
		await expect(ann.chat.room(3).join()).rejects.toMatchObject({ code: 'limit-reached' });
		await ann.chat.room(1).leave();
		await ann.chat.room(3).join();
		await close(ann);
		expect((await store.load())?.cursors).toEqual({ 'room:2': 1, 'room:3': 0 });
	} finally {
		await small.stop();
	}
});
