import type { ChatStore } from '../ports/chat-store.ts';
import type { ServiceName } from '../ports/service-registry.ts';
import { ChatError } from '../protocol/errors.ts';
import type { Config } from './config-schema.ts';
import { hidePasswords } from './config-secrets.ts';
import { failureReason } from './failure-reason.ts';
import { StartError } from './failures.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { Ports } from './module.ts';
import type { Teardown } from './teardown.ts';
import { openRpcCertificates, readEtcdPem } from './tls-settings.ts';

interface Closable {
	close(): Promise<void>;
}

interface AdapterContext {
	readonly config: Config;
	/** The one that runs in this process; absent: all of them, or none. */
	readonly module?: ServiceName | undefined;
	readonly logger: Logger;
	/** Of the adapters: under the module's name, or `all` when several share them. */
	readonly metrics: Metrics;
	readonly advertiseHost: string;
	/** Gets a step for each port: they close in the order rpc, routes, queue, registry, store. */
	readonly teardown: Teardown;
}

/** Opens on first use, once; closes if it was ever opened. */
const once = <T extends Closable>(name: string, teardown: Teardown, open: () => Promise<T>): (() => Promise<T>) => {
	let opened: Promise<T> | undefined;
	teardown.add(name, async () => {
		const port = await opened?.catch(() => undefined);
		await port?.close();
	});
	return () => {
		opened ??= open();
		return opened;
	};
};

const openStore = async ({ store }: Config, metrics: Metrics, existing = false) => {
	const { openSqlStore } = await import('../adapters/sql/open-sql-store.ts');
	try {
		const { url, pool_size: poolSize, durability } = store;
		return await openSqlStore({ url, poolSize, durability, metrics, existing });
	} catch (error) {
		if (error instanceof ChatError) throw error;
		const where = hidePasswords(store.url);
		throw new StartError(`cannot use the store ${where}: ${failureReason(error)}; set store.url`, { cause: error });
	}
};

/** The store of a chat that was started before, for commands: a new one is never what they are about. */
export const openExistingStore = (config: Config, metrics: Metrics): Promise<ChatStore> =>
	openStore(config, metrics, true);

/** Everything in this process: nothing but the store outlives it. */
export const embeddedPorts = ({ config, metrics, teardown }: AdapterContext): Ports => ({
	store: once('store', teardown, () => openStore(config, metrics)),
	registry: once('registry', teardown, async () =>
		(await import('../adapters/embedded/registry.ts')).createEmbeddedRegistry(),
	),
	queue: once('queue', teardown, async () => (await import('../adapters/embedded/queue.ts')).createEmbeddedQueue()),
	routes: once('routes', teardown, async () => (await import('../adapters/embedded/routes.ts')).createEmbeddedRoutes()),
	rpc: once('rpc', teardown, async () => (await import('../adapters/embedded/rpc.ts')).createEmbeddedRpc({ metrics })),
});

/** Redis, etcd and calls over the network, shared with the processes of the other modules. */
export const clusterPorts = (context: AdapterContext): Ports => {
	const { config, logger, metrics, advertiseHost, teardown } = context;
	const { etcd, redis, rpc } = config;
	const store = once('store', teardown, () => openStore(config, metrics));
	const registry = once('registry', teardown, async () => {
		const { openEtcdRegistry } = await import('../adapters/etcd/registry.ts');
		const hosts = etcd.hosts.split(',').map((host) => host.trim());
		return openEtcdRegistry({
			hosts,
			prefix: etcd.prefix,
			leaseSeconds: etcd.lease_seconds,
			pem: readEtcdPem(config),
			user: etcd.user === '' ? undefined : { name: etcd.user, password: etcd.password },
			logger,
			metrics,
		});
	});
	const queue = once('queue', teardown, async () => {
		const { openRedisQueue } = await import('../adapters/redis/queue.ts');
		return openRedisQueue({ url: redis.url, prefix: redis.prefix, logger, metrics });
	});
	const routes = once('routes', teardown, async () => {
		const { openRedisRoutes } = await import('../adapters/redis/routes.ts');
		return openRedisRoutes({ url: redis.url, prefix: redis.prefix, logger, metrics });
	});
	const networkRpc = once('rpc', teardown, async () => {
		const { createNetworkRpc } = await import('../adapters/json-rpc/network-rpc.ts');
		return createNetworkRpc({
			registry: await registry(),
			host: rpc.host,
			port: rpc.port,
			advertiseHost,
			secret: rpc.secret,
			otherSecret: rpc.other_secret,
			tls: openRpcCertificates(context, context.module),
			maxMessageBytes: rpc.max_message_bytes,
			deadlineMs: rpc.deadline_ms,
			logger,
			metrics,
		});
	});
	return { store, registry, queue, routes, rpc: networkRpc };
};
