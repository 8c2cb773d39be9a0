import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSqlStore } from '../../src/adapters/sql/open-sql-store.ts';
import { hashToken } from '../../src/logic/token.ts';
import type { ChatStore } from '../../src/ports/chat-store.ts';
import { directKey } from '../../src/protocol/logs.ts';
import { type Cluster, startCluster } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';
import { tcpClient, webSocketClient } from '../support/gochat-client.ts';
import { startProcess } from '../support/processes.ts';
import { type Ask, restClient, type SignedIn } from '../support/rest-client.ts';
import { sdkClient } from '../support/sdk-client.ts';
import { tschatTcpClient, tschatWebSocketClient } from '../support/tschat-client.ts';

let cluster: Cluster;
let store: ChatStore;
let admin: Ask;
beforeAll(async () => {
	cluster = await startCluster({ connectTcp: 2, settings: { 'log.level': 'info' } });
	store = await openSqlStore({ url: cluster.storeUrl, poolSize: 1, durability: 'process' });
	const { token } = await register('root');
	await store.setAdmin('root', true);
	admin = restClient(cluster.apiUrl, token);
});
afterAll(async () => {
	await store.close();
	await cluster.stop();
});

const password = 'correct horse';
const signIn = async (path: string, name: string): Promise<SignedIn> => {
	const answer = await restClient(cluster.apiUrl)('POST', path, { name, password });
	expect(answer.status).toBe(201);
	return answer.body as SignedIn;
};
const register = (name: string) => signIn('/v2/users', name);
const login = (name: string) => signIn('/v2/sessions', name);
const idOf = async ({ token }: SignedIn) => (await store.sessionByTokenHash(hashToken(token)))?.id ?? '';
const refused = (status: number, key: string, more = {}) => {
	return { status, body: { error: expect.objectContaining({ key, retryable: false, ...more }) } };
};

/** The command line, on the store of the cluster. */
const tschat = async (...args: string[]): Promise<string> => {
	const run = startProcess('node', ['dist/main.js', ...args, '--set', `store.url=${cluster.storeUrl}`]);
	await run.exited;
	return run.output();
};

interface Sockets {
	/** Resolves with the close codes when all are closed: 4501 of WebSockets, 0 of TCP. */
	readonly closed: Promise<number[]>;
	open(): number;
	close(): void;
}

/** Sockets of a session over both protocols, to every connect server. */
const openSockets = async ({ token, user }: SignedIn): Promise<Sockets> => {
	const ports = cluster.tcpPorts.map(([port]) => port);
	const v2 = await Promise.all([
		...cluster.wsUrls.map((url) => tschatWebSocketClient(url, { token })),
		...ports.map((port) => tschatTcpClient(port, { token })),
	]);
	const v1 = await Promise.all([
		...cluster.wsUrls.map((url) => webSocketClient(url, token, 1)),
		...ports.map((port) => tcpClient(port, token, 1)),
	]);
	const here = ({ op, roomUserInfo }: { op: number; roomUserInfo?: Record<string, string> }) =>
		op === 5 && Object.values(roomUserInfo ?? {}).includes(user.name);
	for (const { received } of v1) await received.frame(here);
	return {
		closed: Promise.all([...v2.map((client) => client.untilClosed(25_000)), ...v1.map(({ closed }) => closed)]),
		open: () =>
			v2.filter(({ closeCode }) => closeCode === undefined).length +
			v1.filter(({ received }) => !received.closed).length,
		close: () => {
			for (const client of [...v2, ...v1]) client.close();
		},
	};
};
const allRevoked = [4501, 4501, 0, 0, 4501, 4501, 0, 0];

/** Who ends, how, and which of the user's two sessions end by it. */
const ways: [string, (ask: Ask, own: SignedIn, other: SignedIn) => Promise<unknown>, 'own' | 'other' | 'both'][] = [
	['logout', (ask) => ask('DELETE', '/v2/sessions/current'), 'own'],
	['ending one session', async (ask, _own, other) => ask('DELETE', `/v2/sessions/${await idOf(other)}`), 'other'],
	['ending all others', (ask) => ask('DELETE', '/v2/sessions'), 'other'],
	['changing the password', (ask) => ask('PUT', '/v2/password', { current: password, next: 'battery' }), 'other'],
	['a ban', (_ask, { user }) => admin('PUT', `/v2/users/${user.id}/ban`, { seconds: 600 }), 'both'],
	['an administrator who ends them', (_ask, { user }) => admin('DELETE', `/v2/users/${user.id}/sessions`), 'both'],
	['a ban at the command line', (_ask, { user }) => tschat('ban', user.name, '--for', '7d'), 'both'],
	[
		'a process that dies before it has told anybody',
		(_ask, { user }) => store.endSessionsOfUser(Number(user.id), 'all', Date.now()),
		'both',
	],
];

describe('a session that is ended', () => {
	test.each(ways)(
		'by %s: its sockets close everywhere within a second, its token is refused at once, others stay',
		async (name, end, which) => {
			const userName = `w${ways.findIndex(([way]) => way === name)}`;
			const own = await register(userName);
			const other = await login(userName);
			const neighbour = await register(`${userName}-n`);
			const [ownSockets, otherSockets, neighbours] = await Promise.all([own, other, neighbour].map(openSockets));
			if (!ownSockets || !otherSockets || !neighbours) throw new Error('three');
			const ended = which === 'both' ? [own, other] : [which === 'own' ? own : other];
			await end(restClient(cluster.apiUrl, own.token), own, other);
			const answeredAt = performance.now();
			// Several, so that every logic process is asked.
			const asked = ended.flatMap(({ token }) =>
				[1, 2, 3, 4].map(() => restClient(cluster.apiUrl, token)('GET', '/v2/me')),
			);
			for (const answer of await Promise.all(asked)) expect(answer).toEqual(refused(401, 'unauthorized'));
			if (which !== 'other') expect(await ownSockets.closed).toEqual(allRevoked);
			if (which !== 'own') expect(await otherSockets.closed).toEqual(allRevoked);
			expect(performance.now() - answeredAt).toBeLessThan(1000);
			expect(neighbours.open()).toBe(8);
			if (which === 'other') expect(ownSockets.open()).toBe(8);
			if (which === 'own') expect(otherSockets.open()).toBe(8);
			for (const { close } of [ownSockets, otherSockets, neighbours]) close();
		},
	);

	test('while a connect server was stopped: its sockets close within a second of when it goes on', async () => {
		const session = await register('stopped');
		const sockets = await openSockets(session);
		const nodes = [...cluster.nodes('connect-ws'), ...cluster.nodes('connect-tcp')];
		const [stopped] = nodes;
		stopped?.process.signal('SIGSTOP');
		await restClient(cluster.apiUrl, session.token)('DELETE', '/v2/sessions/current');
		// Two sockets of the one that is stopped are left.
		await eventually(() => expect(sockets.open()).toBe(2));
		// Its lease ends, so nobody tells it any more; and logic forgets what ended so long ago.
		await eventually(async () => expect(await store.sessionsEndedSince(Date.now() - 10_000, 9)).toEqual([]), 15_000);
		stopped?.process.signal('SIGCONT');
		const start = performance.now();
		expect(await sockets.closed).toEqual(allRevoked);
		expect(performance.now() - start).toBeLessThan(1000);
	});

	test('while a logic process hangs, by one that told nobody: its sockets close within a second', async () => {
		const session = await register('hung-logic');
		const sockets = await openSockets(session);
		const hung = cluster.nodes('logic')[0]?.process;
		hung?.signal('SIGSTOP');
		try {
			await store.endSessionsOfUser(Number(session.user.id), 'all', Date.now());
			const start = performance.now();
			expect(await sockets.closed).toEqual(allRevoked);
			expect(performance.now() - start).toBeLessThan(1000);
		} finally {
			hung?.signal('SIGCONT');
		}
	});

	test('by its age: its sockets close, and those of one that is in use stay, since its expiry moves', async () => {
		const [old, used] = [await register('old'), await register('used')];
		const [oldSockets, usedSockets] = [await openSockets(old), await openSockets(used)];
		const [oldId, usedId] = [await idOf(old), await idOf(used)];
		await store.touchSessions([usedId], { at: Date.now() - 7_200_000, idleMs: 7_220_000, absoluteMs: 1e12 });
		await store.touchSessions([oldId], { at: Date.now() - 1, idleMs: 0, absoluteMs: 1e12 });
		expect(await restClient(cluster.apiUrl, old.token)('GET', '/v2/me')).toEqual(refused(401, 'unauthorized'));
		expect(await oldSockets.closed).toEqual(allRevoked);
		const moved = async () => (await store.sessionsById([usedId]))[0]?.expiresAt ?? 0;
		await eventually(async () => expect(await moved()).toBeGreaterThan(Date.now() + 86_400_000), 20_000);
		expect(usedSockets.open()).toBe(8);
		usedSockets.close();
	});

	test('while its client is away: coming back is refused, over both protocols, and the SDK stops', async () => {
		const session = await register('away');
		const { chat, events, until } = sdkClient({ api: cluster.apiUrl, ...session });
		await until(() => chat.state === 'online', 'online');
		const away = await tschatWebSocketClient(cluster.wsUrls[0] ?? '', { token: session.token });
		const { conv } = await away.ask({ type: 'join', conv: 'room:1' }, 'joined');
		away.close();
		await store.endSessionsOfUser(Number(session.user.id), 'all', Date.now());
		for (const [socket, code] of [
			[await tschatWebSocketClient(cluster.wsUrls[1] ?? ''), 4500],
			[await tschatTcpClient(cluster.tcpPorts[0]?.[0] ?? 0), 0],
		] as const) {
			socket.send({ type: 'hello', token: session.token, cursors: { [conv]: 0 } });
			expect(await socket.untilClosed(1000)).toBe(code);
			expect(socket.of('error')).toMatchObject([{ code: 'unauthorized', retryable: false }]);
			expect(socket.of('closing')).toMatchObject([{ code: 4500 }]);
			expect(socket.of('message')).toEqual([]);
		}
		expect(await (await webSocketClient(cluster.wsUrls[0] ?? '', session.token, 1)).closed).toBe(4500);
		await until(() => events.closed.length > 0, 'the end', 1500);
		expect(chat.state).toBe('closed');
		const later = sdkClient({ api: cluster.apiUrl, ...session });
		await later.until(() => later.events.closed.length > 0, 'the end');
		expect(later.events.state).not.toContain('online');
	});
});

describe('a user who is banned', () => {
	test('cannot sign in, and is told until when; it is logged who did it', async () => {
		const { user } = await register('banned');
		const until = new Date(Date.now() + 3_600_000).toISOString();
		const body = { until, reason: 'spam' };
		expect(await admin('PUT', `/v2/users/${user.id}/ban`, body)).toEqual({ status: 204, body: null });
		const again = await restClient(cluster.apiUrl)('POST', '/v2/sessions', { name: 'banned', password });
		expect(again).toEqual(refused(403, 'banned', { until }));
		const { body: listed } = await admin('GET', `/v2/sanctions?user=${user.id}`);
		expect(listed).toMatchObject({ items: [{ kind: 'ban', user, reason: 'spam', by: { name: 'root' }, until }] });
		const logs = () =>
			cluster
				.nodes('logic')
				.map(({ process }) => process.output())
				.join('');
		await eventually(() => expect(logs()).toMatch(/"by":"root","user":"banned".*"msg":"user banned"/));
		expect(await tschat('unban', 'Banned', '--set', 'log.level=silent')).toMatch(
			/^Banned is no longer banned in \w+:.*\n$/,
		);
		await login('banned');
		expect(await admin('DELETE', `/v2/users/${user.id}/ban`)).toEqual(refused(404, 'not-found'));
	});

	test('is banned by administrators only, and is none', async () => {
		const { user, token } = await register('nobody');
		const asUser = restClient(cluster.apiUrl, token);
		for (const [method, path] of [
			['PUT', `/v2/users/${user.id}/ban`],
			['DELETE', `/v2/users/${user.id}/mute`],
			['DELETE', `/v2/users/${user.id}/sessions`],
			['GET', '/v2/sanctions'],
		] as const) {
			expect(await asUser(method, path, method === 'PUT' ? {} : undefined)).toEqual(refused(403, 'forbidden'));
		}
		const { id } = (await admin('GET', '/v2/me')).body as { id: string };
		expect(await admin('PUT', `/v2/users/${id}/ban`, {})).toEqual(refused(403, 'forbidden'));
		expect(await tschat('ban', 'root', '--set', 'log.level=silent')).toMatch(/root is an administrator/);
		expect(await admin('PUT', `/v2/users/${user.id}/ban`, { until: 'tomorrow' })).toEqual(refused(400, 'bad-request'));
		expect(await admin('PUT', '/v2/users/9999/mute', {})).toEqual(refused(404, 'user-unknown'));
	});
});

describe('a user who is muted', () => {
	test('writes nothing within a second, over HTTP and both protocols, and reads on', async () => {
		const ann = await register('muted-ann');
		const bob = await register('muted-bob');
		const dm = directKey(Number(ann.user.id), Number(bob.user.id));
		const conv = 'room:77' as const;
		const sockets = await Promise.all([
			...cluster.wsUrls.map((url) => tschatWebSocketClient(url, { token: ann.token })),
			tschatTcpClient(cluster.tcpPorts[0]?.[0] ?? 0, { token: ann.token }),
		]);
		const reader = await tschatWebSocketClient(cluster.wsUrls[0] ?? '', { token: bob.token });
		for (const socket of [...sockets, reader]) await socket.ask({ type: 'join', conv }, 'joined');
		const v1 = await tcpClient(cluster.tcpPorts[1]?.[0] ?? 0, ann.token, 77);
		v1.send({ op: 3, roomId: 77, msg: 'before, by v1' });
		await reader.message('before, by v1');
		const asAnn = restClient(cluster.apiUrl, ann.token);
		expect(await tschat('mute', 'muted-ann', '--for', '1h', '--reason', 'noise')).toMatch(/muted-ann is muted until/);
		const mutedAt = performance.now();
		const say = (ref: string) => asAnn('POST', `/v2/conversations/${conv}/messages`, { ref, body: `said ${ref}` });
		await eventually(async () => expect(await say(`r${Math.random()}`)).toMatchObject({ status: 403 }), 1000);
		// The other process too: by then the list of any is a second old at most.
		await eventually(() => expect(performance.now() - mutedAt).toBeGreaterThan(1000), 1500);
		const until = expect.stringMatching(/^\d{4}-.*Z$/);
		for (const n of [1, 2, 3, 4]) expect(await say(`late ${n}`)).toEqual(refused(403, 'muted', { until }));
		const direct = await asAnn('POST', `/v2/conversations/${dm}/messages`, { body: 'psst' });
		expect(direct).toEqual(refused(403, 'muted', { until }));
		for (const [n, socket] of sockets.entries()) {
			socket.send({ type: 'typing', conv });
			for (const to of [conv, dm]) {
				const ref = `by v2 ${n} ${to}`;
				socket.send({ type: 'send', ref, conv: to, kind: 'text', body: ref });
				const error = await socket.frame('error', (frame) => frame.ref === ref);
				expect(error).toMatchObject({ code: 'muted', retryable: false, until });
			}
		}
		v1.send({ op: 3, roomId: 77, msg: 'by v1' });
		await reader.ask({ type: 'send', ref: 'b', conv, kind: 'text', body: 'heard by the muted' }, 'sent');
		for (const socket of sockets) await socket.message('heard by the muted');
		await v1.received.message('heard by the muted');
		expect(await asAnn('GET', `/v2/conversations/${conv}/messages`)).toMatchObject({ status: 200 });
		expect(await admin('DELETE', `/v2/users/${ann.user.id}/mute`)).toEqual({ status: 204, body: null });
		await eventually(async () => expect(await say('again')).toMatchObject({ status: 201 }), 1000);
		await reader.message('said again');
		const bodies = reader.of('message').map(({ body }) => body);
		expect(bodies.filter((body) => /late|by v2|psst|^by v1/.test(body))).toEqual([]);
		expect(reader.of('typing')).toEqual([]);
		for (const socket of [...sockets, reader, v1]) socket.close();
	});

	test('is told by the SDK that a message has failed, once; later ones go out after the mute', async () => {
		const session = await register('muted-sdk');
		const { chat, events, until } = sdkClient({ api: cluster.apiUrl, ...session });
		await chat.room(78).join();
		await admin('PUT', `/v2/users/${session.user.id}/mute`, {});
		await eventually(() => expect(chat.room(78).send('refused')).rejects.toMatchObject({ code: 'muted' }), 1000);
		await until(() => events.failed.length > 0, 'the event');
		expect(events.failed.at(-1)).toMatchObject({ body: 'refused', error: { code: 'muted', retryable: false } });
		await admin('DELETE', `/v2/users/${session.user.id}/mute`);
		await eventually(() => chat.room(78).send('accepted'), 1000);
		const { items } = await chat.room(78).history();
		expect(items.at(-1)?.body).toBe('accepted');
		const failures = events.failed.length;
		await chat.room(78).send('and on');
		expect(events.failed).toHaveLength(failures);
		await chat.close();
	});
});
