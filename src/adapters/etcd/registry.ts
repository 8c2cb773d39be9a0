import type { Etcd3 } from 'etcd3';
import { noReason } from '../../ports/plain-words.ts';
import type { ServiceRegistry, WorkerClaim } from '../../ports/service-registry.ts';
import { ChatError } from '../../protocol/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Metrics } from '../../runtime/metrics/metrics.ts';
import { cureOf, Unusable, wordsOf } from '../cure.ts';
import { createClient, type EtcdAccess } from './client.ts';
import { Contact } from './contact.ts';
import { InstanceFollower } from './instance-follower.ts';
import { InstanceTable } from './instance-table.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { InstanceKey } from './registration.ts';
import { atMost, Backoff, pause } from './waiting.ts';
import { WorkerKey } from './worker-key.ts';

export interface EtcdRegistryOptions extends EtcdAccess {
	/** All keys are under it: `<prefix>/services/<service>/<serverId>`, `<prefix>/workers/<number>`. */
	readonly prefix: string;
	/** How long a dead process stays listed; at least 2, the least that etcd grants by default. */
	readonly leaseSeconds: number;
	readonly logger?: Logger | undefined;
	readonly metrics?: Metrics | undefined;
}

/** For how long the first calls are repeated. */
const START_MS = 3_000;
/** How long a departure waits for etcd to hear of it; without it the lease expires. */
const FAREWELL_MS = 1_000;

/** Repeats the first calls until they succeed or the time for the start is over. */
const reach = async (hosts: readonly string[], connect: () => Promise<void>): Promise<void> => {
	const end = performance.now() + START_MS;
	const backoff = new Backoff();
	let telling: unknown;
	for (;;) {
		try {
			return await connect();
		} catch (latest) {
			// Of a connection that somebody else has tried in vain gRPC tells no reason.
			const error = telling === undefined || wordsOf(latest) !== noReason ? latest : telling;
			telling = error;
			if (performance.now() < end) await pause(backoff.next(), new AbortController().signal);
			else {
				const at = `etcd at ${hosts.join(', ')}`;
				// What etcd itself answers, as to a wrong password.
				const answered = /etcdserver: .*/.exec(String(error))?.[0];
				const found = answered === undefined ? `cannot reach ${at} (${wordsOf(error)})` : `${at} refuses (${answered})`;
				throw new Unusable(found, cureOf('etcd', error), error);
			}
		}
	}
};

/**
 * Discovery by etcd. One lease for the process, one watch for all services; what is registered and claimed
 * is brought back by itself after any outage. Rejects with `ChatError('unavailable')` if etcd does not answer within about three seconds.
 */
export const openEtcdRegistry = async (options: EtcdRegistryOptions): Promise<ServiceRegistry> => {
	const { hosts, leaseSeconds, logger, metrics } = options;
	const prefix = options.prefix.replace(/\/+$/, '');
	const leaseMs = leaseSeconds * 1000;
	const client: Etcd3 = createClient(options);
	const contact = new Contact(leaseMs);
	const table = new InstanceTable();
	const keeper = new LeaseKeeper({
		client,
		leaseSeconds,
		contact,
		logger,
		onLost: metrics?.counter('tschat_etcd_leases_lost_total', {}) ?? (() => {}),
		onReconnected: metrics?.counter('tschat_etcd_reconnects_total', {}) ?? (() => {}),
	});
	const follower = new InstanceFollower({ client, prefix, leaseMs, contact, table, logger });
	const farewells = new Set<() => Promise<void>>();

	/** Makes leaving a thing done once, in bounded time, at the latest when the registry is closed. */
	const leaving = (leave: () => Promise<void>): (() => Promise<void>) => {
		const once = async () => {
			if (farewells.delete(once)) await atMost(FAREWELL_MS, leave());
		};
		farewells.add(once);
		return once;
	};

	try {
		await reach(hosts, () => keeper.start(() => follower.sweep()));
		await reach(hosts, () => follower.start());
	} catch (error) {
		keeper.close();
		client.close();
		throw error;
	}

	return {
		register: async (instance) => {
			const key = new InstanceKey(client, prefix, instance);
			await keeper.add(key);
			return {
				deregister: leaving(async () => {
					key.retire();
					await keeper.add(key);
				}),
			};
		},
		watch: async (services) => table.watch(services),
		claimWorker: async (owner): Promise<WorkerClaim> => {
			const key = new WorkerKey(client, prefix, owner);
			const { leaseId } = keeper;
			try {
				if (leaseId === undefined) throw new Error('the lease is lost');
				await key.claim(leaseId);
			} catch (error) {
				if (error instanceof ChatError) throw error;
				throw new ChatError('unavailable', 'etcd does not answer', { cause: error });
			}
			await keeper.add(key);
			const release = leaving(async () => {
				keeper.remove(key);
				await key.release();
			});
			return {
				get number() {
					return key.number;
				},
				release,
			};
		},
		close: async () => {
			await Promise.all([...farewells].map((farewell) => farewell()));
			keeper.close();
			follower.close();
			client.close();
		},
	};
};
