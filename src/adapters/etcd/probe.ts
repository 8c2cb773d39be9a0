import type { Etcd3, IRequestOp } from 'etcd3';
import type { ServiceInstance } from '../../ports/service-registry.ts';
import { commitIf, createClient, type EtcdAccess, keysUnder } from './client.ts';
import { decodeInstance, servicesPrefix } from './instance-codec.ts';
import { workersPrefix } from './worker-key.ts';

/** One host of etcd: what it says of itself (latency: the median of a few calls), or why it does not answer. */
type EtcdHostState =
	| { readonly host: string; readonly version: string; readonly latencyMs: number; readonly hasLeader: boolean }
	| { readonly host: string; readonly failure: unknown };

type Grant = { readonly granted: true } | { readonly granted: false; readonly failure: unknown };

export interface EtcdState {
	readonly hosts: readonly EtcdHostState[];
	/** Whether the lease of the length asked for was granted, or why not. */
	readonly lease: Grant;
	/** Whether the keys of modules may be read and written, or why not. */
	readonly rights: Grant;
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

const granted = (attempt: Promise<unknown>): Promise<Grant> =>
	attempt.then(
		() => ({ granted: true }),
		(failure: unknown) => ({ granted: false, failure }),
	);

const tryLease = async (client: Etcd3, leaseSeconds: number): Promise<void> => {
	const { ID } = await client.leaseClient.leaseGrant({ TTL: leaseSeconds, ID: 0 });
	await client.leaseClient.leaseRevoke({ ID });
};

/** etcd asks for the rights to all of a transaction, though nothing of this one is ever carried out: no key is that old. */
const tryRights = async (client: Etcd3, prefix: string): Promise<void> => {
	const folders = [servicesPrefix(prefix), workersPrefix(prefix)];
	const keys = folders.map((folder) => Buffer.from(`${folder}doctor`));
	const never = keys.map((key) => ({ key, target: 'Create', result: 'Less', create_revision: 0 }) as const);
	const reads = folders.map((folder): IRequestOp => ({ request_range: keysUnder(folder) }));
	const writes = keys.map((key): IRequestOp => ({ request_put: { key, value: Buffer.from('') } }));
	await commitIf(client, never, [...reads, ...writes]);
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

/** Looks at each host of etcd, tries a lease and the rights to keys, and lists who is registered. Does not reject because etcd does not answer. */
export const probeEtcd = async (
	options: EtcdAccess & { readonly prefix: string; readonly leaseSeconds: number },
): Promise<EtcdState> => {
	const prefix = options.prefix.replace(/\/+$/, '');
	const client = createClient(options);
	try {
		const [hosts, lease, rights, instances] = await Promise.all([
			Promise.all(options.hosts.map((host) => askHost(options, host))),
			granted(tryLease(client, options.leaseSeconds)),
			granted(tryRights(client, prefix)),
			// Why it fails is told by the rights, which are those to this list too.
			listInstances(client, prefix).catch(() => []),
		]);
		return { hosts, lease, rights, instances };
	} finally {
		client.close();
	}
};
