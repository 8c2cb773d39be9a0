import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, type Embedded, startCluster, startEmbedded } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';
import { joined, webSocketClient } from '../support/gochat-client.ts';
import { type Ask, restClient, type SignedIn } from '../support/rest-client.ts';

const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

describe('a user’s way through REST v2', () => {
	let chat: Embedded;
	let ann: SignedIn;
	let bob: SignedIn;
	let asAnn: Ask;
	let asBob: Ask;
	const password = 'correct horse';
	const next = 'battery staple';

	beforeAll(async () => {
		chat = await startEmbedded();
		ann = await signIn('/v2/users', { name: 'ann', password, device: 'laptop' });
		bob = await signIn('/v2/users', { name: 'bob', password });
		asAnn = restClient(chat.apiUrl, ann.token);
		asBob = restClient(chat.apiUrl, bob.token);
	});
	afterAll(() => chat.stop());

	const signIn = async (path: string, body: object): Promise<SignedIn> => {
		const answer = await restClient(chat.apiUrl)('POST', path, body);
		expect(answer.status).toBe(201);
		return answer.body as SignedIn;
	};
	const login = (device: string) => signIn('/v2/sessions', { name: 'ann', password, device });
	const direct = () => `dm:${ann.user.id}:${bob.user.id}`;
	const at = (path: string) => `/v2/conversations/${direct()}/${path}`;
	const refused = (status: number, key: string) => ({ status, body: { error: expect.objectContaining({ key }) } });

	test('registering gives a session; the name is taken for others, in any case', async () => {
		expect(await asAnn('GET', '/v2/me')).toEqual({ status: 200, body: { ...ann.user, admin: false } });
		const again = await restClient(chat.apiUrl)('POST', '/v2/users', { name: 'ANN', password });
		expect(again).toEqual(refused(409, 'name-taken'));
	});

	test('a user is found by name', async () => {
		expect(await asAnn('GET', '/v2/users?name=BOB')).toEqual({ status: 200, body: bob.user });
		expect(await asAnn('GET', '/v2/users?name=nobody')).toEqual(refused(404, 'user-unknown'));
	});

	test('a message that is sent twice under one ref is one message', async () => {
		const first = await asAnn('POST', at('messages'), { ref: 'r1', body: 'hello bob' });
		expect(first).toEqual({
			status: 201,
			body: { ref: 'r1', conv: direct(), seq: 1, id: expect.stringMatching(/^\d+$/), at: time },
		});
		expect(await asAnn('POST', at('messages'), { ref: 'r1', body: 'hello bob' })).toEqual(first);
		expect(await asAnn('POST', at('messages'), { body: 'are you there?' })).toMatchObject({ status: 201 });
		const page = await asBob('GET', at('messages'));
		expect(page).toMatchObject({
			status: 200,
			body: {
				items: [
					{ seq: 1, from: ann.user, kind: 'text', body: 'hello bob' },
					{ seq: 2, from: ann.user, body: 'are you there?' },
				],
				more: false,
			},
		});
	});

	test('what is unread is counted until it is read, and the sender learns it', async () => {
		const inbox = async (ask: Ask) => (await ask('GET', '/v2/conversations')).body;
		const line = { conv: direct(), head: 2, last: expect.objectContaining({ seq: 2, body: 'are you there?' }) };
		expect(await inbox(asBob)).toMatchObject({ items: [{ ...line, read: 0, unread: 2, peer: ann.user }], next: null });
		expect(await asBob('PUT', at('read'), { seq: 2 })).toEqual({ status: 204, body: null });
		expect(await asBob('PUT', at('read'), { seq: 1 })).toEqual({ status: 204, body: null });
		expect(await inbox(asBob)).toMatchObject({ items: [{ ...line, read: 2, unread: 0 }] });
		expect(await inbox(asAnn)).toMatchObject({ items: [{ ...line, peer: { ...bob.user, read: 2 } }] });
	});

	test('the inbox comes in pages, the newest activity first', async () => {
		const self = `dm:${ann.user.id}:${ann.user.id}`;
		await asAnn('POST', `/v2/conversations/${self}/messages`, { body: 'note to self' });
		const first = await asAnn('GET', '/v2/conversations?limit=1');
		expect(first.body).toMatchObject({ items: [{ conv: self }], next: expect.any(String) });
		const { next: place } = first.body as { next: string };
		const second = await asAnn('GET', `/v2/conversations?limit=1&after=${encodeURIComponent(place)}`);
		expect(second.body).toMatchObject({ items: [{ conv: direct() }], next: null });
		expect(await asAnn('GET', '/v2/conversations?after=nowhere')).toEqual(refused(400, 'bad-request'));
	});

	test('a direct conversation of others is not there', async () => {
		const carol = await signIn('/v2/users', { name: 'carol', password });
		const asCarol = restClient(chat.apiUrl, carol.token);
		for (const [method, path, body] of [
			['GET', 'messages', undefined],
			['GET', 'members', undefined],
			['POST', 'messages', { body: 'let me in' }],
			['PUT', 'read', { seq: 1 }],
		] as const) {
			expect(await asCarol(method, at(path), body)).toEqual(refused(404, 'not-found'));
		}
	});

	test('a room is opened by its name, made the first time, and joined by its number', async () => {
		const opened = await asAnn('POST', '/v2/rooms', { name: 'General Talk' });
		expect(opened).toEqual({
			status: 200,
			body: { conv: expect.stringMatching(/^room:1\d{12}$/), name: 'General Talk' },
		});
		expect(await asBob('POST', '/v2/rooms', { name: 'general talk' })).toEqual(opened);
		const { conv } = opened.body as { conv: string };
		const joinedBy = await asBob('PUT', `/v2/conversations/${conv}/membership`);
		expect(joinedBy).toEqual({ status: 200, body: { head: 0, read: 0, name: 'General Talk' } });
		expect((await asBob('GET', '/v2/conversations')).body).toMatchObject({
			items: [{ conv, name: 'General Talk' }, {}],
		});
		expect(await asBob('DELETE', `/v2/conversations/${conv}/membership`)).toEqual({ status: 204, body: null });
		for (const name of ['7', ' ', 'a/b']) {
			expect(await asAnn('POST', '/v2/rooms', { name })).toEqual(refused(400, 'bad-request'));
		}
	});

	test('members are those who are connected now', async () => {
		const socket = await webSocketClient(chat.wsUrl, bob.token, 5);
		await joined(socket, 'bob');
		const room = await asAnn('GET', '/v2/conversations/room:5/members');
		expect(room).toEqual({ status: 200, body: { items: [bob.user], count: 1 } });
		expect(await asAnn('GET', at('members'))).toEqual({ status: 200, body: { items: [bob.user], count: 1 } });
		socket.close();
	});

	test('sessions are listed, and one that is ended has no token and no socket any more', async () => {
		const phone = await login('phone');
		await login('tablet');
		const socket = await webSocketClient(chat.wsUrl, phone.token, 6);
		await joined(socket, 'ann');
		const { body } = await asAnn('GET', '/v2/sessions');
		const { items } = body as { items: { id: string; device: string; current: boolean }[] };
		expect(items.map(({ device, current }) => [device, current])).toEqual([
			['tablet', false],
			['phone', false],
			['laptop', true],
		]);
		expect(items[0]).toMatchObject({ createdAt: time, expiresAt: time });

		const id = items[1]?.id;
		expect(await asBob('DELETE', `/v2/sessions/${id}`)).toEqual(refused(404, 'not-found'));
		expect(await asAnn('DELETE', `/v2/sessions/${id}`)).toEqual({ status: 204, body: null });
		expect(await socket.closed).toBe(4501);
		expect(await restClient(chat.apiUrl, phone.token)('GET', '/v2/me')).toEqual(refused(401, 'unauthorized'));
		expect(await asAnn('DELETE', `/v2/sessions/${id}`)).toEqual(refused(404, 'not-found'));
	});

	test('a new password ends all other sessions', async () => {
		const other = restClient(chat.apiUrl, (await login('desk')).token);
		const wrong = await asAnn('PUT', '/v2/password', { current: 'wrong', next });
		expect(wrong).toEqual(refused(401, 'wrong-credentials'));
		expect((await other('GET', '/v2/me')).status).toBe(200);
		expect(await asAnn('PUT', '/v2/password', { current: password, next })).toEqual({ status: 204, body: null });
		expect(await other('GET', '/v2/me')).toEqual(refused(401, 'unauthorized'));
		expect((await asAnn('GET', '/v2/me')).status).toBe(200);
		const old = await restClient(chat.apiUrl)('POST', '/v2/sessions', { name: 'ann', password });
		expect(old).toEqual(refused(401, 'wrong-credentials'));
	});

	test('all others are ended at once, then the own one', async () => {
		const other = await signIn('/v2/sessions', { name: 'ann', password: next });
		expect(await asAnn('DELETE', '/v2/sessions')).toEqual({ status: 204, body: null });
		expect(await restClient(chat.apiUrl, other.token)('GET', '/v2/me')).toEqual(refused(401, 'unauthorized'));
		expect(await asAnn('DELETE', '/v2/sessions/current')).toEqual({ status: 204, body: null });
		expect(await asAnn('GET', '/v2/me')).toEqual(refused(401, 'unauthorized'));
	});

	test('the endpoints are both gateways of the process', async () => {
		const { status, body } = await restClient(chat.apiUrl)('GET', '/v2/endpoints');
		const { items } = body as { items: { protocol: string; url: string }[] };
		expect(status).toBe(200);
		expect(items.map(({ protocol, url }) => `${protocol} ${url}`).sort()).toEqual([
			`tcp tcp://127.0.0.1:${chat.tcpPorts[0]}`,
			`ws ${chat.wsUrl}`,
		]);
	});
});

describe('the endpoints of a cluster', () => {
	let cluster: Cluster;
	beforeAll(async () => {
		// A lease that outlives the test: that the server is missing is not discovery's merit.
		const settings = { 'etcd.lease_seconds': 60 };
		cluster = await startCluster({ connectWs: 2, connectTcp: 1, logic: 1, task: 1, settings });
	});
	afterAll(() => cluster.stop());

	const urls = async () => {
		const { body } = await restClient(cluster.apiUrl)('GET', '/v2/endpoints');
		return (body as { items: { url: string }[] }).items.map(({ url }) => url);
	};
	const tcpUrl = () => `tcp://127.0.0.1:${cluster.tcpPorts[0]?.[0]}`;

	test('begin with the server that has the fewest connections', async () => {
		const [first = '', second = ''] = cluster.wsUrls;
		const token = (
			(await restClient(cluster.apiUrl)('POST', '/v2/users', { name: 'ann', password: '111111' })).body as SignedIn
		).token;
		const sockets = [
			await webSocketClient(first, token, 5),
			await webSocketClient(first, token, 5),
			await webSocketClient(second, token, 5),
		];
		await eventually(async () => expect(await urls()).toEqual([tcpUrl(), second, first]), 3000);
		for (const socket of sockets) socket.close();
	});

	test('miss a server that was killed within 1.5 s, although its lease lives on', async () => {
		const [killed = '', alive = ''] = cluster.wsUrls;
		expect(await urls()).toContain(killed);
		await cluster.nodes('connect-ws')[0]?.kill();
		await eventually(async () => expect((await urls()).sort()).toEqual([tcpUrl(), alive].sort()), 1500);
	});
});
