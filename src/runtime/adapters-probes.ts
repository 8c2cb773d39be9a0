import type { EtcdState } from '../adapters/etcd/probe.ts';
import type { RedisNodeState } from '../adapters/redis/probe.ts';
import type { StoreState } from '../adapters/sql/probe.ts';
import type { ServiceInstance, ServiceName } from '../ports/service-registry.ts';
import type { Config } from './config-schema.ts';
import { readEtcdPem, readRpcPem } from './tls-settings.ts';

export { cureOf, type Server, Unusable } from '../adapters/cure.ts';
export type { RedisNodeState, StoreState };

/** Looks at what stands behind the ports, without opening them. Each loads its driver when it is called, and rejects as its adapter says. */
export interface Probes {
	redis(): Promise<readonly RedisNodeState[]>;
	etcd(): Promise<EtcdState>;
	store(): Promise<StoreState>;
	/** Calls another module as `module` would, with its secret and its certificate; the milliseconds that it took. */
	call(instance: ServiceInstance): Promise<number>;
}

export const createProbes = (config: Config, module: ServiceName | undefined): Probes => {
	const { redis, etcd, store, rpc } = config;
	return {
		redis: async () => (await import('../adapters/redis/probe.ts')).probeRedis(redis.url, redis.prefix),
		etcd: async () => {
			const { probeEtcd } = await import('../adapters/etcd/probe.ts');
			const hosts = etcd.hosts.split(',').map((host) => host.trim());
			return probeEtcd({
				hosts,
				prefix: etcd.prefix,
				leaseSeconds: etcd.lease_seconds,
				pem: readEtcdPem(config),
				user: etcd.user === '' ? undefined : { name: etcd.user, password: etcd.password },
			});
		},
		store: async () => {
			const { probeStore } = await import('../adapters/sql/probe.ts');
			return probeStore({ url: store.url, poolSize: store.pool_size, durability: store.durability });
		},
		call: async (instance) => {
			const { probeRpc } = await import('../adapters/json-rpc/probe.ts');
			const pem = readRpcPem(config, module);
			const tls = pem && { certificates: { current: pem, onRenewed: () => () => {} }, name: rpc.tls_name };
			return probeRpc(instance, { secret: rpc.secret, tls, maxMessageBytes: rpc.max_message_bytes });
		},
	};
};
