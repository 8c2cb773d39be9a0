import { StartError } from '../runtime/failures.ts';
import { showQueue } from '../runtime/metrics/queue.ts';
import type { CreateModule } from '../runtime/module.ts';
import { createAttempts } from './attempts.ts';
import { countCommits, countSignIns } from './counts.ts';
import { ensureDemoUsers, knownUsers } from './demo-users.ts';
import { createGroupCommit } from './group-commit.ts';
import { createHandlers } from './handlers.ts';
import { createMarks } from './marks.ts';
import { createOutbox } from './outbox.ts';
import { createPasswords } from './password.ts';
import { createRevocation } from './revocation.ts';
import { startSessionSweep } from './session-sweep.ts';
import { createSnowflake } from './snowflake.ts';
import { startStats } from './stats.ts';

const outboxDrainMs = 2000;

/** Decides: accounts, sessions, what is accepted into the log, who may read it. Answers `logic.*`. */
export const createLogicModule: CreateModule = async ({ config, logger, metrics, ports, serverId }) => {
	const [store, queue, routes, registry, rpc] = await Promise.all([
		ports.store(),
		ports.queue(),
		ports.routes(),
		ports.registry(),
		ports.rpc(),
	]);

	const start = async () => {
		const passwords = createPasswords(config.auth.scrypt_log_n);
		if (config.mode === 'production') {
			const known = await knownUsers(store, passwords);
			if (known.length > 0)
				throw new StartError(
					`production mode refuses this store: development left users whose password everybody knows (${known.join(', ')}). Take their rights and ban them for good (admin --revoke NAME, ban NAME), or change their passwords in development mode`,
				);
		}
		const worker = await registry.claimWorker(serverId);
		const connectServers = await registry.watch(['connect-ws', 'connect-tcp']);
		const modules = await registry.watch(['api', 'logic', 'connect-ws', 'connect-tcp', 'task', 'site']);
		const groupCommit = createGroupCommit(store, {
			maxBatch: config.logic.commit_batch,
			maxWaiting: config.logic.max_waiting,
			onCommit: countCommits(metrics),
		});
		metrics.read('tschat_messages_accepted_total', {}, () => groupCommit.accepted);
		showQueue(metrics, queue);
		const stats = startStats({ groupCommit, queue });
		const outbox = createOutbox(queue, logger, {
			stalled: metrics.counter('tschat_outbox_stalls_total', {}),
			givenUp: metrics.counter('tschat_outbox_items_given_up_total', {}),
		});
		metrics.read('tschat_outbox_items', {}, () => outbox.waiting);
		const marks = createMarks({ store, outbox, logger });
		if (config.mode === 'development' && config.auth.demo_users) {
			try {
				if (!(await ensureDemoUsers(store, passwords))) logger.warn('no demo users: the store has others');
			} catch (error) {
				logger.warn({ err: error }, 'demo users could not be created');
			}
		}
		const handlers = createHandlers({
			config,
			logger,
			store,
			queue,
			routes,
			rpc,
			modules,
			stats,
			passwords,
			attempts: createAttempts({ store, limits: config.limits, metrics }),
			revoke: createRevocation(rpc, connectServers, logger),
			newId: createSnowflake(worker),
			groupCommit,
			marks,
			outbox,
			signInEnded: countSignIns(metrics),
			surplusEnded: metrics.counter('tschat_limit_refusals_total', { limit: 'sessions_per_user' }),
			roomRefused: metrics.counter('tschat_limit_refusals_total', { limit: 'rooms_per_user' }),
		});
		const server = await rpc.serve('logic', serverId, handlers);
		const sweep = startSessionSweep(store, logger);

		return {
			rpc: server.address,
			publicUrl: null,
			// The store only: without the queue or the routes messages are still accepted, and found in the log.
			notReady: async () => {
				try {
					await store.ping();
					return [];
				} catch {
					return ['store'];
				}
			},
			// Against the way of a message: no new calls, then what is not committed, what it marks as read, and what is not in the queue.
			stop: async () => {
				await server.close();
				stats.stop();
				await sweep.stop();
				await groupCommit.drain();
				await marks.drain();
				await outbox.drain(outboxDrainMs);
				connectServers.close();
				modules.close();
				await worker
					.release()
					.catch((error: unknown) => logger.debug({ err: error }, 'worker number left to expire with its lease'));
			},
		};
	};

	return { service: 'logic', start };
};
