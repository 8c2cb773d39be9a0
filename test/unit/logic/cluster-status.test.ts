import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startStats } from '../../../src/logic/stats.ts';
import type { ServiceInstance, ServiceName } from '../../../src/ports/service-registry.ts';
import type { ResultOf } from '../../../src/protocol/rpc.ts';
import { eventually } from '../../support/eventually.ts';
import { startLogic } from './start-logic.ts';

let logic: Awaited<ReturnType<typeof startLogic>>;
let token: string;
beforeEach(async () => {
	logic = await startLogic();
	({ token } = await logic.register('ann'));
	await logic.store.setAdmin('ann', true);
});
afterEach(() => logic.stop());

const status = (of = token) => logic.call('logic.clusterStatus', { token: of });

const register = (service: ServiceName, serverId: string, more: Partial<ServiceInstance> = {}) =>
	logic.registry.register({
		service,
		serverId,
		rpc: null,
		publicUrl: null,
		admin: null,
		version: '1.2.3',
		startedAt: 77,
		...more,
	});

const unused = () => Promise.reject(new Error('not asked here'));

/** A connect server that tells this of itself; how often it was asked. */
const serveConnect = async (serverId: string, stats: () => Promise<ResultOf<'connect.stats'>>) => {
	const asked = { count: 0 };
	await logic.rpc.serve('connect', serverId, {
		'connect.deliver': unused,
		'connect.closeSessions': unused,
		'connect.status': unused,
		'connect.stats': () => {
			asked.count += 1;
			return stats();
		},
	});
	return asked;
};

const line = (service: ServiceName, serverId: string, more: object) => ({
	service,
	serverId,
	version: '1.2.3',
	startedAt: 77,
	publicUrl: null,
	connections: null,
	rooms: null,
	...more,
});

describe('the status of the cluster', () => {
	test('is for administrators only, from the moment at which they become it until they cease to be it', async () => {
		await expect(status('no session')).rejects.toMatchObject({ key: 'unauthorized' });
		const { token: bob } = await logic.register('bob');
		await status();
		await expect(status(bob)).rejects.toMatchObject({ key: 'forbidden' });
		await logic.store.setAdmin('bob', true);
		expect(await status(bob)).toEqual(await status());
		await logic.store.setAdmin('bob', false);
		await expect(status(bob)).rejects.toMatchObject({ key: 'forbidden' });
	});

	test('names every module that discovery knows, and what the connect servers carry', async () => {
		const at = Math.floor(Date.now() / 5000) * 5000 - 5000;
		const samples = [{ at, connections: 3, rooms: 2, delivered: 9 }];
		await register('logic', 'logic-1');
		for (const service of ['task', 'api', 'site'] as const) await register(service, `${service}-1`);
		await register('connect-ws', 'ws-1', { publicUrl: 'ws://chat.example/ws' });
		await register('connect-tcp', 'tcp-1');
		await serveConnect('ws-1', async () => ({ connections: 4, rooms: 2, samples }));
		await serveConnect('tcp-1', async () => ({ connections: 1, rooms: 1, samples }));
		const before = Date.now();
		const { at: asked, modules, queue, samples: sums } = await status();
		expect(asked).toBeGreaterThanOrEqual(before);
		expect(queue).toBe(0);
		expect(modules).toEqual([
			line('api', 'api-1', { answers: null }),
			line('connect-tcp', 'tcp-1', { answers: true, connections: 1, rooms: 1 }),
			line('connect-ws', 'ws-1', { answers: true, connections: 4, rooms: 2, publicUrl: 'ws://chat.example/ws' }),
			line('logic', 'logic-1', { answers: true }),
			line('site', 'site-1', { answers: null }),
			line('task', 'task-1', { answers: null }),
		]);
		expect(sums.find((sample) => sample.at === at)).toMatchObject({ connections: 6, rooms: 4, delivered: 18 });
	});

	test('waits a second for those that hang, and tells which do not answer', async () => {
		for (const serverId of ['dead', 'hung-1', 'hung-2', 'well']) await register('connect-ws', serverId);
		await register('logic', 'dead-logic');
		const releases: (() => void)[] = [];
		const hang = () =>
			new Promise<ResultOf<'connect.stats'>>((resolve) => {
				releases.push(() => resolve({ connections: 0, rooms: 0, samples: [] }));
			});
		await serveConnect('hung-1', hang);
		await serveConnect('hung-2', hang);
		await serveConnect('well', async () => ({ connections: 1, rooms: 0, samples: [] }));
		const begin = performance.now();
		const { modules } = await status();
		expect(performance.now() - begin).toBeLessThan(1500);
		for (const release of releases) release();
		expect(modules).toEqual([
			...['dead', 'hung-1', 'hung-2'].map((serverId) => line('connect-ws', serverId, { answers: false })),
			line('connect-ws', 'well', { answers: true, connections: 1, rooms: 0 }),
			line('logic', 'dead-logic', { answers: false }),
		]);
	});

	test('is asked for once a second, however many look', async () => {
		await register('connect-ws', 'ws-1');
		const asked = await serveConnect('ws-1', async () => ({ connections: 0, rooms: 0, samples: [] }));
		const begin = performance.now();
		for (let round = 0; round < 10; round += 1) await Promise.all(Array.from({ length: 20 }, () => status()));
		const seconds = Math.floor((performance.now() - begin) / 1000);
		expect(asked.count).toBeLessThanOrEqual(1 + seconds);
		const { at } = await status();
		await eventually(async () => expect((await status()).at).toBeGreaterThan(at), 1500);
	});
});

describe('what a logic process tells of itself', () => {
	test('what it has accepted since the sample before, a repeated message once, and what waits in the queue', async () => {
		const groupCommit = { accepted: 5 };
		const stats = startStats({ groupCommit, queue: logic.queue, intervalMs: 10 });
		await logic.queue.push(['not taken', 'not taken either']);
		groupCommit.accepted += 3;
		const total = () => stats.samples().reduce((sum, { accepted }) => sum + accepted, 0);
		await eventually(() => expect(total()).toBe(3));
		groupCommit.accepted += 4;
		await eventually(() => expect(total()).toBe(7));
		await eventually(() => expect(stats.samples().at(-1)?.queue).toBeGreaterThan(0));
		stats.stop();
	});

	test('a queue that fails or hangs has no size', async () => {
		for (const size of [() => Promise.reject(new Error('away')), () => new Promise<number>(() => {})]) {
			const stats = startStats({ groupCommit: { accepted: 0 }, queue: { size }, intervalMs: 10 });
			await eventually(() => expect(stats.samples().at(-1)).toMatchObject({ accepted: 0, queue: null }), 3000);
			stats.stop();
		}
	});

	test('is answered to the other processes', async () => {
		expect(await logic.call('logic.stats', {})).toEqual({ samples: expect.any(Array) });
	});
});
