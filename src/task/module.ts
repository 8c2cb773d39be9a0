import { showQueue } from '../runtime/metrics/queue.ts';
import type { CreateModule } from '../runtime/module.ts';
import { startDispatcher } from './dispatcher.ts';
import { createServerOutboxes } from './server-outboxes.ts';

const outboxDrainMs = 2000;

/** Delivers: takes items from the queue and gives them to the connect servers that hold their readers. Answers no calls. */
export const createTaskModule: CreateModule = async ({ config, logger, metrics, ports, serverId }) => {
	const [queue, routes, registry, rpc] = await Promise.all([
		ports.queue(),
		ports.routes(),
		ports.registry(),
		ports.rpc(),
	]);

	const start = async () => {
		const connectServers = await registry.watch(['connect-ws', 'connect-tcp']);
		const outboxes = createServerOutboxes(rpc, connectServers, config.task.deliver_timeout_ms, logger, {
			stalled: metrics.counter('tschat_outbox_stalls_total', {}),
			givenUp: metrics.counter('tschat_outbox_items_given_up_total', {}),
		});
		metrics.read('tschat_outbox_items', {}, () => outboxes.items);
		showQueue(metrics, queue);
		const dispatcher = startDispatcher({
			queue,
			routes,
			outboxes,
			logger,
			countParked: metrics.counter('tschat_queue_items_parked_total', {}),
			consumerId: serverId,
			batchSize: config.task.batch_size,
			taken: metrics.histogram('tschat_queue_batch_items', {}),
		});

		return {
			rpc: null,
			publicUrl: null,
			notReady: async () => {
				try {
					await queue.size();
					return [];
				} catch {
					return ['queue'];
				}
			},
			stop: async () => {
				await dispatcher.stop();
				await outboxes.close(outboxDrainMs);
				await dispatcher.release();
				connectServers.close();
			},
		};
	};

	return { service: 'task', start };
};
