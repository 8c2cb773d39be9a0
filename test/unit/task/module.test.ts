import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createEmbeddedQueue } from '../../../src/adapters/embedded/queue.ts';
import { createEmbeddedRegistry } from '../../../src/adapters/embedded/registry.ts';
import { createEmbeddedRoutes } from '../../../src/adapters/embedded/routes.ts';
import { createEmbeddedRpc } from '../../../src/adapters/embedded/rpc.ts';
import type { FeedKey } from '../../../src/protocol/logs.ts';
import type { MessageItem, QueueItem } from '../../../src/protocol/queue-items.ts';
import { loadConfig } from '../../../src/runtime/config.ts';
import { createLogger } from '../../../src/runtime/logger.ts';
import { createMetrics, type ProcessMetrics } from '../../../src/runtime/metrics/metrics.ts';
import type { StartedModule } from '../../../src/runtime/module.ts';
import { createTaskModule } from '../../../src/task/module.ts';
import { message } from '../../support/messages.ts';
import { reader } from '../../support/metric-values.ts';

const createPorts = () => {
	const parked: string[] = [];
	const queue = { ...createEmbeddedQueue(), park: async (item: string) => void parked.push(item) };
	return {
		parked,
		queue,
		routes: createEmbeddedRoutes(),
		registry: createEmbeddedRegistry(),
		rpc: createEmbeddedRpc(),
	};
};

let ports: ReturnType<typeof createPorts>;
let metrics: ProcessMetrics;
let task: StartedModule;
/** Ends what hangs, so that closing the RPC does not wait for it. */
let endHang: () => void;
let hang: Promise<void>;

const startTask = async (): Promise<StartedModule> => {
	const { queue, routes, registry, rpc } = ports;
	const module = await createTaskModule({
		config: loadConfig({ environment: {}, assignments: [] }),
		logger: createLogger('silent', { module: 'task', serverId: 'task-1' }),
		metrics: metrics.of('task'),
		ports: {
			store: () => Promise.reject(new Error('task needs no store')),
			queue: async () => queue,
			routes: async () => routes,
			registry: async () => registry,
			rpc: async () => rpc,
		},
		serverId: 'task-1',
		clientHost: () => '127.0.0.1',
		alone: true,
	});
	return module.start();
};

beforeEach(async () => {
	ports = createPorts();
	metrics = createMetrics();
	hang = new Promise((resolve) => {
		endHang = resolve;
	});
	task = await startTask();
});
afterEach(async () => {
	endHang();
	await task.stop();
	await ports.rpc.close();
});

/** A connect server with readers of these feeds; notes what it gets, and answers each call by `answer`. */
const startConnectServer = async (serverId: string, feeds: FeedKey[], answer = async (): Promise<void> => {}) => {
	const received: QueueItem[] = [];
	let wanted = { count: 0, resolve: () => {} };
	await ports.rpc.serve('connect', serverId, {
		'connect.closeSessions': async () => ({ closed: 0 }),
		'connect.status': async () => ({ connections: 0 }),
		'connect.stats': async () => ({ connections: 0, rooms: 0, samples: [] }),
		'connect.deliver': async ({ items }) => {
			received.push(...items);
			if (received.length >= wanted.count) wanted.resolve();
			await answer();
			return {};
		},
	});
	const registration = await ports.registry.register({
		service: 'connect-ws',
		serverId,
		rpc: null,
		publicUrl: null,
		admin: null,
		version: '0',
		startedAt: 0,
	});
	const publisher = await ports.routes.publish(serverId, () => []);
	await publisher.apply(feeds.map((key) => ({ key, user: { id: 7, name: 'ann' }, present: true })));
	return {
		received,
		registration,
		bodies: () => received.map((item) => (item.type === 'message' ? item.message.body : item.type)),
		/** Resolves when it has got this many items in all. */
		got: (count: number) =>
			new Promise<void>((resolve) => {
				wanted = { count, resolve };
				if (received.length >= count) resolve();
			}),
	};
};

const roomItem = (seq: number, roomId = 1): MessageItem => ({
	type: 'message',
	feeds: [{ key: `room:${roomId}`, pos: seq }],
	message: message(seq, { conv: `room:${roomId}` }),
});
const push = (...items: QueueItem[]) => ports.queue.push(items.map((item) => JSON.stringify(item)));

describe('task', () => {
	test('a room message goes to every server with readers of the room, and to no other', async () => {
		const one = await startConnectServer('one', ['room:1']);
		const two = await startConnectServer('two', ['room:1', 'room:2']);
		const other = await startConnectServer('other', ['room:2']);
		await push(roomItem(1), roomItem(1, 2));
		await Promise.all([one.got(1), two.got(2), other.got(1)]);
		expect(one.received).toEqual([roomItem(1)]);
		expect(two.received).toEqual([roomItem(1), roomItem(1, 2)]);
		expect(other.received).toEqual([roomItem(1, 2)]);
	});

	test('a direct message goes once to a server that holds both users', async () => {
		const both = await startConnectServer('both', ['user:7', 'user:8']);
		const direct: MessageItem = {
			type: 'message',
			feeds: [
				{ key: 'user:7', pos: 4 },
				{ key: 'user:8', pos: 9 },
			],
			message: message(1, { conv: 'dm:7:8', to: { id: 8, name: 'bob' } }),
		};
		await push(direct, roomItem(1));
		await push(direct);
		await both.got(2);
		expect(both.received).toEqual([direct, direct]);
	});

	test('receipts and typing go to the servers that hold a reader of their feeds', async () => {
		const reader = await startConnectServer('reader', ['user:7']);
		const writer = await startConnectServer('writer', ['user:8']);
		const conv = 'dm:7:8';
		const receipt: QueueItem = {
			type: 'receipt',
			feeds: ['user:7', 'user:8'],
			conv,
			userId: 7,
			delivered: 3,
			read: 2,
		};
		const typing: QueueItem = { type: 'typing', feeds: ['user:8'], conv, user: { id: 7, name: 'ann' } };
		await push(receipt, typing);
		await Promise.all([reader.got(1), writer.got(2)]);
		expect(reader.received).toEqual([receipt]);
		expect(writer.received).toEqual([receipt, typing]);
	});

	test('each server gets its items in the order of the queue', async () => {
		const server = await startConnectServer('one', ['room:1']);
		for (let seq = 1; seq <= 3000; seq += 3) await push(roomItem(seq), roomItem(seq + 1), roomItem(seq + 2));
		await server.got(3000);
		expect(server.bodies()).toEqual(Array.from({ length: 3000 }, (_, index) => `message ${index + 1}`));
	});

	test('what cannot be decoded is parked and counted, and stops nothing', async () => {
		const server = await startConnectServer('one', ['room:1']);
		const bad = ['not JSON', '{}', JSON.stringify({ ...roomItem(1), feeds: [] }), 'null'];
		await ports.queue.push([...bad, JSON.stringify(roomItem(2))]);
		await server.got(1);
		expect(server.bodies()).toEqual(['message 2']);
		expect(ports.parked).toEqual(bad);
		const metric = reader(metrics);
		expect(await metric('tschat_queue_items_parked_total')).toBe(bad.length);
		expect(await metric('tschat_queue_batch_items_sum')).toBe(bad.length + 1);
	});

	test('an item that is nested too deeply to be written again stops nothing that comes with it', async () => {
		const server = await startConnectServer('one', ['room:1']);
		const deep = `${JSON.stringify(roomItem(1)).slice(0, -1)},"more":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
		await ports.queue.push([deep, JSON.stringify(roomItem(2))]);
		await server.got(1);
		expect(server.bodies()).toEqual(['message 2']);
		expect(ports.parked).toEqual([deep]);
	});

	test('a message without readers stops nothing', async () => {
		const server = await startConnectServer('one', ['room:1']);
		await push(roomItem(1, 99));
		await push(roomItem(1));
		await server.got(1);
		expect(server.bodies()).toEqual(['message 1']);
	});

	test('a server that hangs delays no other, however much is sent', async () => {
		const hung = await startConnectServer('hung', ['room:1'], () => hang);
		const well = await startConnectServer('well', ['room:1']);
		const arrived = well.got(30_000);
		for (let seq = 1; seq <= 30_000; seq += 100) {
			await push(...Array.from({ length: 100 }, (_, index) => roomItem(seq + index)));
		}
		const start = performance.now();
		await arrived;
		// Only the first stall may be felt; a hung server takes 2 s a call.
		expect(performance.now() - start).toBeLessThan(1900);
		expect(well.received).toHaveLength(30_000);
		expect(hung.received.length).toBeLessThanOrEqual(1000);
		await hung.registration.deregister();
	});

	test('items of a server that left discovery are let go, so that a stop leaves none behind', async () => {
		const leaving = await startConnectServer('leaving', ['room:1'], () => hang);
		await push(roomItem(1));
		await leaving.got(1);
		await leaving.registration.deregister();
		const start = performance.now();
		await task.stop();
		expect(performance.now() - start).toBeLessThan(1000);
		expect(await ports.queue.size()).toBe(0);
	});

	test('a stop delivers what was taken, and leaves to another task what no server accepted', async () => {
		await task.stop();
		const slow = await startConnectServer('slow', ['room:1'], () => new Promise((resolve) => setImmediate(resolve)));
		await push(roomItem(1), roomItem(2));
		task = await startTask();
		await slow.got(1);
		await task.stop();
		expect(slow.bodies()).toEqual(['message 1', 'message 2']);
		expect(await ports.queue.size()).toBe(0);
		await push(roomItem(3));
		task = await startTask();
		await slow.got(3);
	});
});
