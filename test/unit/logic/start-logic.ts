import { join } from 'node:path';
import { createEmbeddedQueue } from '../../../src/adapters/embedded/queue.ts';
import { createEmbeddedRegistry } from '../../../src/adapters/embedded/registry.ts';
import { createEmbeddedRoutes } from '../../../src/adapters/embedded/routes.ts';
import { createEmbeddedRpc } from '../../../src/adapters/embedded/rpc.ts';
import { openSqlStore } from '../../../src/adapters/sql/open-sql-store.ts';
import { createLogicModule } from '../../../src/logic/module.ts';
import type { QueueItem } from '../../../src/protocol/queue-items.ts';
import { loadConfig } from '../../../src/runtime/config.ts';
import { createLogger } from '../../../src/runtime/logger.ts';
import { createMetrics } from '../../../src/runtime/metrics/metrics.ts';
import { reader } from '../../support/metric-values.ts';
import { temporaryFolder } from '../../support/processes.ts';

/** The logic module on embedded adapters and a new SQLite file. */
export const startLogic = async (assignments: readonly string[] = ['auth.demo_users=false']) => {
	const folder = temporaryFolder('logic');
	const store = await openSqlStore({
		url: `sqlite:${join(folder.path, 'chat.db')}`,
		poolSize: 1,
		durability: 'process',
	});
	const [queue, routes, registry, rpc] = [
		createEmbeddedQueue(),
		createEmbeddedRoutes(),
		createEmbeddedRegistry(),
		createEmbeddedRpc(),
	];
	const metrics = createMetrics();
	const module = await createLogicModule({
		config: loadConfig({ environment: {}, assignments: ['auth.scrypt_log_n=10', ...assignments] }),
		logger: createLogger('silent', { module: 'logic', serverId: 'logic-1' }),
		metrics: metrics.of('logic'),
		ports: {
			store: async () => store,
			queue: async () => queue,
			routes: async () => routes,
			registry: async () => registry,
			rpc: async () => rpc,
		},
		serverId: 'logic-1',
		clientHost: () => '127.0.0.1',
		alone: true,
	});
	const started = await module.start();
	const consumer = queue.consume({ consumerId: 'test', batchSize: 1 });

	/** The next item that logic put into the queue. */
	const nextItem = async (): Promise<QueueItem> => {
		const batch = await consumer.take();
		if (batch === undefined) throw new Error('queue closed');
		await batch.done();
		return JSON.parse(batch.items[0] ?? '');
	};

	const isMembership = (item: QueueItem): boolean => item.type === 'receipt' && item.joined !== undefined;

	/** The next item of a type; those of other types before it are passed over, and what tells of a membership. */
	const next = async <T extends QueueItem['type']>(type: T): Promise<Extract<QueueItem, { type: T }>> => {
		for (;;) {
			const item = await nextItem();
			if (item.type === type && !isMembership(item)) return item as Extract<QueueItem, { type: T }>;
		}
	};

	/** The next item that tells of a membership; all others before it are passed over. */
	const nextMembership = async (): Promise<QueueItem> => {
		for (let item = await nextItem(); ; item = await nextItem()) if (isMembership(item)) return item;
	};

	/** A connect server that is asked to close sessions, and answers so. */
	const startConnectServer = async (
		serverId: string,
		closeSessions: (ids: string[]) => Promise<{ closed: number }>,
	): Promise<void> => {
		await rpc.serve('connect', serverId, {
			'connect.deliver': async () => ({}),
			'connect.closeSessions': ({ ids }) => closeSessions(ids),
			'connect.status': async () => ({ connections: 0 }),
			'connect.stats': async () => ({ connections: 0, rooms: 0, samples: [] }),
		});
		const unused = { rpc: null, publicUrl: null, admin: null, version: '0', startedAt: 0 };
		await registry.register({ service: 'connect-ws', serverId, ...unused });
	};

	return {
		call: rpc.call,
		/** The value of a metric. */
		metric: reader(metrics),
		rpc,
		store,
		queue,
		routes,
		registry,
		started,
		startConnectServer,
		next,
		nextMessage: () => next('message'),
		nextRoom: () => next('room'),
		nextMembership,
		register: (name: string) => rpc.call('logic.register', { name, password: 'a password' }),
		stop: async () => {
			await started.stop();
			await rpc.close();
			await queue.close();
			await store.close();
			folder.remove();
		},
	};
};
