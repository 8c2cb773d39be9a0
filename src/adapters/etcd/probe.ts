import type { Etcd3 } from 'etcd3';
import type { ServiceInstance } from '../../ports/service-registry.ts';
import { createClient, type EtcdAccess, keysUnder } from './client.ts';
import { decodeInstance, servicesPrefix } from './instance-codec.ts';

/** One host of etcd: what it says of itself (latency: the median of a few calls), or why it does not answer. */
type EtcdHostState =
	| { readonly host: string; readonly version: string; readonly latencyMs: number; readonly hasLeader: boolean }
	| { readonly host: string; readonly failure: unknown };

export interface EtcdState {
	readonly hosts: readonly EtcdHostState[];
	/** Whether the lease of the length asked for was granted, or why not. */
	readonly lease: { readonly granted: true } | { readonly granted: false; readonly failure: unknown };
	/** What is registered now. */
	readonly instances: readonly ServiceInstance[];
}

const calls = 5;

const askHost = async (access: EtcdAccess, host: string): Promise<EtcdHostState> => {
	const client = createClient({ ...access, hosts: [host] });
	try {
		// The first call connects, and waits for what else starts in this process.
		const { version, leader } = await client.maintenance.status();
		const times: number[] = [];
		for (let call = 0; call < calls; call++) {
			const start = performance.now();
			await client.maintenance.status();
			times.push(performance.now() - start);
		}
		const latencyMs = times.sort((one, other) => one - other)[(calls - 1) / 2] ?? 0;
		return { host, version, latencyMs, hasLeader: String(leader) !== '0' };
	} catch (failure) {
		return { host, failure };
	} finally {
		client.close();
	}
};

const tryLease = async (client: Etcd3, leaseSeconds: number): Promise<EtcdState['lease']> => {
	try {
		const { ID } = await client.leaseClient.leaseGrant({ TTL: leaseSeconds, ID: 0 });
		await client.leaseClient.leaseRevoke({ ID });
		return { granted: true };
	} catch (failure) {
		return { granted: false, failure };
	}
};

const listInstances = async (client: Etcd3, prefix: string): Promise<ServiceInstance[]> => {
	const { kvs } = await client.kv.range(keysUnder(servicesPrefix(prefix)));
	return kvs.flatMap(({ key, value }) => {
		try {
			return decodeInstance(prefix, key.toString(), value.toString()) ?? [];
		} catch {
			// Not written by a tschat.
			return [];
		}
	});
};

/** Looks at each host of etcd, tries a lease, and lists who is registered. Does not reject because etcd does not answer. */
export const probeEtcd = async (
	options: EtcdAccess & { readonly prefix: string; readonly leaseSeconds: number },
): Promise<EtcdState> => {
	const prefix = options.prefix.replace(/\/+$/, '');
	const client = createClient(options);
	try {
		const [hosts, lease, instances] = await Promise.all([
			Promise.all(options.hosts.map((host) => askHost(options, host))),
			tryLease(client, options.leaseSeconds),
			listInstances(client, prefix).catch(() => []),
		]);
		return { hosts, lease, instances };
	} finally {
		client.close();
	}
};
