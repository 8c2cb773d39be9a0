import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { openSqlStore } from '../../src/adapters/sql/open-sql-store.ts';
import { type Cluster, startCluster } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';
import { seen, startFlow } from '../support/flow.ts';
import { joined, post, tokenOf, webSocketClient } from '../support/gochat-client.ts';

// The numbers are those of the list of gochat's faults in docs/gochat-faults.md.

let cluster: Cluster;
let ws1: string;
let ws2: string;
let ann: string;
let bob: string;

beforeAll(async () => {
	cluster = await startCluster({ connectWs: 2, connectTcp: 0, settings: { 'log.level': 'debug' } });
	[ws1 = '', ws2 = ''] = cluster.wsUrls;
	[ann, bob] = (await Promise.all(['ann', 'bob'].map((name) => tokenOf(cluster.apiUrl, name)))) as [string, string];
});
afterAll(() => cluster.stop());

const call = (path: string, body: object) => post(cluster.apiUrl, path, body);
const idOf = async (authToken: string): Promise<string> => {
	const { data } = await call('/user/checkAuth', { authToken });
	return String((data as { userId: number }).userId);
};
const push = (authToken: string, toUserId: string, msg: string) =>
	call('/push/push', { authToken, toUserId, msg, roomId: 1 });
const countOf = async (roomId: number): Promise<number> => {
	const { data } = await call('/push/count', { authToken: ann, roomId });
	return (data as { count: number }).count;
};

describe('faults of gochat that its cluster shows', () => {
	test('fault 1: a direct message to a user without a connection is kept, and the next messages flow', async () => {
		const offline = await tokenOf(cluster.apiUrl, 'offline');
		const reader = await webSocketClient(ws1, ann, 1);
		await joined(reader, 'ann');
		const answer = await push(bob, await idOf(offline), 'for later');
		expect(answer).toEqual({ code: 0, message: 'ok', data: null });
		expect((await push(bob, '987654', 'to nobody')).code).toBe(1);
		await push(bob, await idOf(ann), 'for now');
		await reader.received.message('for now');
		reader.close();
	});

	test('fault 2: what was queued before a task process starts is delivered when it does', async () => {
		const reader = await webSocketClient(ws1, ann, 2);
		await joined(reader, 'ann');
		for (const task of cluster.nodes('task')) await task.process.stop();
		await push(bob, await idOf(ann), 'direct, early');
		await call('/push/pushRoom', { authToken: bob, roomId: 2, msg: 'room, early' });
		for (const task of cluster.nodes('task')) await task.start();
		await reader.received.message('direct, early');
		await reader.received.message('room, early');
		await call('/push/pushRoom', { authToken: bob, roomId: 2, msg: 'room, late' });
		await reader.received.message('room, late');
		reader.close();
	});

	test('fault 3: without logic a connect server asks its new client to come back, keeps the others, and recovers', async () => {
		const old = await webSocketClient(ws1, ann, 3);
		await joined(old, 'ann');
		for (const logic of cluster.nodes('logic')) await logic.kill();
		const refused = await webSocketClient(ws1, bob, 3);
		expect(await refused.closed).toBe(4002);
		expect(old.received.closed).toBe(false);
		for (const logic of cluster.nodes('logic')) await logic.start();
		const welcome = await webSocketClient(ws1, bob, 3);
		await joined(old, 'bob');
		for (const client of [old, welcome]) client.close();
	});

	test('faults 6 and 22: hundreds join and leave while messages flow: nobody is lost, and the count is right', async () => {
		const tokens = await Promise.all(
			Array.from({ length: 60 }, (_, index) => tokenOf(cluster.apiUrl, `crowd-${index}`)),
		);
		const reader = await webSocketClient(ws1, ann, 6);
		await joined(reader, 'ann');
		const flow = startFlow(cluster.apiUrl, bob, 6);
		const stayers = await Promise.all(
			tokens.map(async (token, index) => {
				const url = index % 2 === 0 ? ws1 : ws2;
				for (let round = 0; round < 3; round += 1) {
					const passing = await webSocketClient(url, token, 6);
					passing.close();
					await passing.closed;
				}
				return webSocketClient(url, token, 6);
			}),
		);
		await flow.more(50);
		await flow.stop();
		expect((await seen(reader.received, flow.accepted)).inOrder).toBe(true);
		await eventually(async () => expect(await countOf(6)).toBe(61));
		for (const client of stayers.slice(0, 30)) client.close();
		await eventually(async () => expect(await countOf(6)).toBe(31));
		for (const client of [reader, ...stayers]) client.close();
	}, 60_000);

	test('faults 9 and 11: two task processes keep the order of a room, and no id comes twice', async () => {
		const reader = await webSocketClient(ws2, ann, 9);
		await joined(reader, 'ann');
		const flow = startFlow(cluster.apiUrl, bob, 9);
		await flow.more(500);
		await flow.stop();
		expect((await seen(reader.received, flow.accepted)).inOrder).toBe(true);
		const ids = reader.received.frames.flatMap(({ id }) => (id === undefined ? [] : [id]));
		expect(ids.length).toBe(flow.accepted.size);
		expect(new Set(ids).size).toBe(ids.length);
		reader.close();
	});

	test('fault 12: a message that a task process had taken when it was killed arrives', async () => {
		const reader = await webSocketClient(ws1, ann, 12);
		await joined(reader, 'ann');
		const flow = startFlow(cluster.apiUrl, bob, 12);
		for (const task of cluster.nodes('task')) {
			await flow.more(50);
			await task.kill();
			await task.start();
		}
		await flow.stop();
		expect((await seen(reader.received, flow.accepted)).inOrder).toBe(true);
		reader.close();
	});

	test('fault 14: a connect server that hangs delays nobody on another, and catches up when it returns', async () => {
		const [quick, hung] = [await webSocketClient(ws1, ann, 14), await webSocketClient(ws2, ann, 14)];
		await Promise.all([joined(quick, 'ann'), joined(hung, 'ann')]);
		const [, server] = cluster.nodes('connect-ws');
		server?.process.signal('SIGSTOP');
		const flow = startFlow(cluster.apiUrl, bob, 14);
		await flow.more(100);
		for (let index = 0; index < 5; index += 1) {
			const before = performance.now();
			await call('/push/pushRoom', { authToken: bob, roomId: 14, msg: `prompt ${index}` });
			await quick.received.message(`prompt ${index}`);
			expect(performance.now() - before).toBeLessThan(1500);
		}
		server?.process.signal('SIGCONT');
		await flow.stop();
		for (const { received } of [quick, hung]) expect(await seen(received, flow.accepted)).toBeTruthy();
		for (const client of [quick, hung]) {
			await client.received.message('prompt 4');
			const positions = client.received.frames.filter(({ op }) => op === 3).map(({ seq }) => seq);
			expect(positions).toEqual(Array.from(positions, (_, index) => index + 1));
			client.close();
		}
	});

	test('fault 17: passwords are salted scrypt, tokens stand nowhere, and RPC asks for its secret', async () => {
		await Promise.all(['salt-one', 'salt-two'].map((name) => tokenOf(cluster.apiUrl, name, 'one secret of two')));
		const store = await openSqlStore({ url: cluster.storeUrl, poolSize: 1, durability: 'process' });
		const hashes = await Promise.all(
			['salt-one', 'salt-two'].map(async (name) => (await store.userByNameKey(name))?.passwordHash ?? ''),
		);
		await store.close();
		for (const hash of hashes) expect(hash).toMatch(/^\$scrypt\$ln=\d+,r=8,p=1\$/);
		expect(hashes[0]).not.toBe(hashes[1]);

		const token = await tokenOf(cluster.apiUrl, 'logged', 'a password to find');
		const client = await webSocketClient(ws1, token, 17);
		await joined(client, 'logged');
		await call('/user/login', { userName: 'logged', passWord: 'a wrong password' });
		const logs = ['api', 'logic', 'task', 'connect-ws'].flatMap((module) =>
			cluster.nodes(module).map(({ process }) => process.output()),
		);
		expect(logs.join('')).toContain('"module":"logic"');
		for (const secret of [token, 'a password to find', 'a wrong password', 'one secret of two']) {
			expect(logs.join('')).not.toContain(secret);
		}
		client.close();

		const rpc = /ws:\/\/127\.0\.0\.1:\d+/.exec(cluster.nodes('logic')[0]?.process.output() ?? '')?.[0] ?? '';
		const status = await new Promise((resolve) => {
			const intruder = new WebSocket(`${rpc}/rpc`, { headers: { authorization: 'Bearer guess' } });
			intruder.on('unexpected-response', (_request, response) => {
				resolve(response.statusCode);
				response.destroy();
			});
			intruder.on('open', () => resolve('open'));
			intruder.on('error', () => {});
		});
		expect(status).toBe(401);
	});

	test('fault 19: of many who register one name at once, one gets the account, and nobody another one', async () => {
		const answers = await Promise.all(
			Array.from({ length: 8 }, (_, index) =>
				call('/user/register', { userName: index % 2 === 0 ? 'Twin' : 'twin', passWord: `password ${index}` }),
			),
		);
		const winners = answers.filter(({ code }) => code === 0);
		expect(winners.length).toBe(1);
		const winner = answers.findIndex(({ code }) => code === 0);
		for (const index of answers.keys()) {
			const { code } = await call('/user/login', { userName: 'twin', passWord: `password ${index}` });
			expect(code).toBe(index === winner ? 0 : 1);
		}
	});

	test('fault 21: the members of a killed connect server leave the count within its lease', async () => {
		const [stays, lost] = [await webSocketClient(ws1, ann, 21), await webSocketClient(ws2, bob, 21)];
		await joined(stays, 'bob');
		expect(await countOf(21)).toBe(2);
		const [, server] = cluster.nodes('connect-ws');
		await server?.kill();
		expect(await lost.closed).toBe(1006);
		await eventually(async () => expect(await countOf(21)).toBe(1), 15_000);
		await stays.received.frame(({ op, count }) => op === 5 && count === 1, 'a list without bob', 15_000);
		await server?.start();
		stays.close();
	}, 60_000);
});
