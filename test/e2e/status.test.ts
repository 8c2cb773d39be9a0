import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StatusV2 } from '../../src/protocol/http-v2/status.ts';
import { sampleIntervalMs } from '../../src/protocol/rpc-status.ts';
import { type Cluster, type Embedded, startCluster, startEmbedded } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';
import { type Ask, restClient, type SignedIn } from '../support/rest-client.ts';
import { type TschatClient, tschatTcpClient, tschatWebSocketClient } from '../support/tschat-client.ts';

const main = join(import.meta.dirname, '..', '..', 'dist', 'main.js');

/** Runs `tschat admin` on a store; what it printed. */
const admin = (storeUrl: string, ...args: string[]): Promise<string> =>
	new Promise((resolve, reject) => {
		execFile(process.execPath, [main, 'admin', ...args, '--set', `store.url=${storeUrl}`], (error, stdout) =>
			error === null ? resolve(stdout) : reject(error),
		);
	});

const signUp = async (apiUrl: string, name: string): Promise<SignedIn> => {
	const { status, body } = await restClient(apiUrl)('POST', '/v2/users', { name, password: '111111' });
	expect(status).toBe(201);
	return body as SignedIn;
};

const statusOf = async (ask: Ask): Promise<StatusV2> => {
	const { status, body } = await ask('GET', '/v2/status');
	expect(status).toBe(200);
	return body as StatusV2;
};

const forbidden = { status: 403, body: { error: expect.objectContaining({ key: 'forbidden', retryable: false }) } };
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
/** Until the samples tell what has happened by now, on a machine that is busy. */
const twoSamplesMs = 4 * sampleIntervalMs;

const sum = ({ samples }: StatusV2, what: 'accepted' | 'delivered'): number =>
	samples.reduce((total, sample) => total + sample[what], 0);

describe('the status of a cluster', () => {
	let cluster: Cluster;
	let ann: SignedIn;
	let ask: Ask;
	const clients: TschatClient[] = [];

	beforeAll(async () => {
		// A killed server is known for long enough to be seen not to answer.
		const settings = { 'etcd.lease_seconds': 5 };
		cluster = await startCluster({ connectWs: 2, connectTcp: 1, logic: 2, task: 1, settings });
		ann = await signUp(cluster.apiUrl, 'ann');
		ask = restClient(cluster.apiUrl, ann.token);
		expect(await ask('GET', '/v2/status')).toEqual(forbidden);
		expect(await admin(cluster.storeUrl, 'ann')).toMatch(/^ann is now an administrator in /);
	});
	afterAll(async () => {
		for (const client of clients) client.close();
		await cluster.stop();
	});

	const enter = async (connecting: Promise<TschatClient>, ...rooms: number[]): Promise<void> => {
		const client = await connecting;
		clients.push(client);
		for (const room of rooms) await client.ask({ type: 'join', conv: `room:${room}` }, 'joined');
	};

	test('names its modules; the numbers of all processes add up', async () => {
		const bob = await signUp(cluster.apiUrl, 'bob');
		const [here = '', there = ''] = cluster.wsUrls;
		await enter(tschatWebSocketClient(here, { token: ann.token }), 1, 2);
		await enter(tschatWebSocketClient(here, { token: bob.token }), 1);
		await enter(tschatWebSocketClient(there, { token: bob.token }), 1);
		await enter(tschatTcpClient(cluster.tcpPorts[0]?.[0] ?? 0, { token: bob.token }));
		const bodies = Array.from({ length: 20 }, (_, index) => `message ${index}`);
		for (const body of bodies) {
			expect(await ask('POST', '/v2/conversations/room:1/messages', { ref: body, body })).toMatchObject({
				status: 201,
			});
		}
		for (const client of clients.slice(0, 3)) for (const body of bodies) await client.message(body);

		await eventually(async () => {
			const status = await statusOf(ask);
			expect(sum(status, 'accepted')).toBe(20);
			expect(sum(status, 'delivered')).toBe(60);
			expect(status.samples.at(-1)).toMatchObject({ connections: 4, rooms: 3, queue: 0 });
		}, twoSamplesMs);
		const { modules, queue, intervalMs, samples } = await statusOf(ask);
		expect(modules.map(({ service, answers }) => [service, answers])).toEqual([
			['api', null],
			['connect-tcp', true],
			['connect-ws', true],
			['connect-ws', true],
			['logic', true],
			['logic', true],
			['task', null],
		]);
		const carried = Object.fromEntries(
			modules.map(({ publicUrl, connections, rooms }) => [publicUrl, [connections, rooms]]),
		);
		expect(carried).toMatchObject({
			[here]: [2, 2],
			[there]: [1, 1],
			[`tcp://127.0.0.1:${cluster.tcpPorts[0]?.join(',')}`]: [1, 0],
			[cluster.apiUrl]: [null, null],
		});
		expect(modules.every((module) => module.startedAt !== '' && module.version !== '')).toBe(true);
		expect(queue).toBe(0);
		expect(intervalMs).toBe(sampleIntervalMs);
		const moments = samples.map(({ at }) => Date.parse(at));
		expect(moments.filter((at) => at % sampleIntervalMs !== 0)).toEqual([]);
	}, 60_000);

	test('a killed connect server does not answer, and then is gone', async () => {
		const [, there = ''] = cluster.wsUrls;
		const lineOf = async () => (await statusOf(ask)).modules.find(({ publicUrl }) => publicUrl === there);
		expect(await lineOf()).toMatchObject({ answers: true });
		await cluster.nodes('connect-ws')[1]?.kill();
		await eventually(async () => expect(await lineOf()).toMatchObject({ answers: false, connections: null }), 4000);
		await eventually(async () => expect(await lineOf()).toBeUndefined(), 15_000);
	}, 30_000);

	test('a connect server that hangs delays it by a second, and the rest is told', async () => {
		const [here = ''] = cluster.wsUrls;
		const hung = cluster.nodes('connect-ws')[0]?.process;
		hung?.signal('SIGSTOP');
		const begin = performance.now();
		const { modules } = await eventually(async () => {
			const status = await statusOf(ask);
			expect(status.modules.find(({ publicUrl }) => publicUrl === here)).toMatchObject({ answers: false });
			return status;
		});
		hung?.signal('SIGCONT');
		expect(performance.now() - begin).toBeLessThan(4000);
		expect(modules.find(({ service }) => service === 'connect-tcp')).toMatchObject({ answers: true, connections: 1 });
	});

	test('nobody sees it from whom the right was taken', async () => {
		await statusOf(ask);
		expect(await admin(cluster.storeUrl, '--revoke', 'ann')).toMatch(/^ann is no longer an administrator in /);
		expect(await ask('GET', '/v2/status')).toEqual(forbidden);
	});
});

describe('the status of one process that runs all modules', () => {
	let chat: Embedded;
	beforeAll(async () => {
		chat = await startEmbedded();
	});
	afterAll(() => chat.stop());

	test('is that of six modules', async () => {
		const { status, body } = await restClient(chat.apiUrl)('POST', '/v2/sessions', {
			name: 'admin',
			password: '111111',
		});
		expect(status).toBe(201);
		const ask = restClient(chat.apiUrl, (body as SignedIn).token);
		const reader = await tschatWebSocketClient(chat.wsUrl, { token: (body as SignedIn).token });
		await reader.ask({ type: 'join', conv: 'room:1' }, 'joined');
		await ask('POST', '/v2/conversations/room:1/messages', { body: 'hi' });
		await reader.message('hi');
		await eventually(async () => {
			const told = await statusOf(ask);
			expect([sum(told, 'accepted'), sum(told, 'delivered')]).toEqual([1, 1]);
		}, twoSamplesMs);
		const line = { version: expect.any(String), startedAt: time, connections: null, rooms: null };
		expect((await statusOf(ask)).modules).toMatchObject([
			{ ...line, service: 'api', answers: null, publicUrl: chat.apiUrl },
			{ ...line, service: 'connect-tcp', answers: true, connections: 0, rooms: 0 },
			{ ...line, service: 'connect-ws', answers: true, connections: 1, rooms: 1, publicUrl: chat.wsUrl },
			{ ...line, service: 'logic', answers: true },
			{ ...line, service: 'site', answers: null, publicUrl: chat.siteUrl },
			{ ...line, service: 'task', answers: null },
		]);
		reader.close();
	});
});
