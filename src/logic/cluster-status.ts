import type { ChatStore } from '../ports/chat-store.ts';
import type { MessageQueue } from '../ports/message-queue.ts';
import type { RpcClient } from '../ports/rpc.ts';
import type { RegistryWatch, ServiceInstance } from '../ports/service-registry.ts';
import { ChatError } from '../protocol/errors.ts';
import type { HandlersOf } from '../protocol/rpc.ts';
import type { ClusterStatus, ConnectSample, LogicSample } from '../protocol/rpc-status.ts';
import type { Sampler } from '../runtime/sampler.ts';
import { addUp } from './cluster-samples.ts';
import type { Sessions } from './sessions.ts';
import { queueSize } from './stats.ts';

interface Parts {
	readonly sessions: Pick<Sessions, 'require'>;
	readonly store: Pick<ChatStore, 'isAdmin'>;
	readonly queue: Pick<MessageQueue, 'size'>;
	readonly rpc: RpcClient;
	/** Of all services. */
	readonly modules: Pick<RegistryWatch, 'instances'>;
	readonly stats: Pick<Sampler<LogicSample>, 'samples'>;
}

/** What one module told. */
interface Report {
	readonly module: ClusterStatus['modules'][number];
	readonly connect?: readonly ConnectSample[];
	readonly logic?: readonly LogicSample[];
}

/** One that takes longer does not answer. */
const deadlineMs = 1000;
/** How long a status is kept, from when the modules were asked. With the deadline: one round has ended when the next begins. */
const keptMs = 1000;

const named = ({ service, serverId }: ServiceInstance): string => `${service} ${serverId}`;

/**
 * What runs, for administrators. The processes are asked all at once, when somebody asks and the last status is too old: many pages that look
 * cost no more than one. Whether it may be told is looked up for each.
 */
export const createClusterStatus = (parts: Parts): Pick<HandlersOf<'logic'>, 'logic.clusterStatus' | 'logic.stats'> => {
	const { sessions, store, queue, rpc, modules, stats } = parts;

	const ask = async (instance: ServiceInstance): Promise<Report> => {
		const { service, serverId, version, startedAt, publicUrl } = instance;
		const module = { service, serverId, version, startedAt, publicUrl, answers: null, connections: null, rooms: null };
		try {
			switch (service) {
				case 'connect-ws':
				case 'connect-tcp': {
					const { samples, ...now } = await rpc.call('connect.stats', {}, { serverId, deadlineMs });
					return { module: { ...module, ...now, answers: true }, connect: samples };
				}
				case 'logic': {
					const { samples } = await rpc.call('logic.stats', {}, { serverId, deadlineMs });
					return { module: { ...module, answers: true }, logic: samples };
				}
				default:
					return { module };
			}
		} catch {
			return { module: { ...module, answers: false } };
		}
	};

	const look = async (): Promise<ClusterStatus> => {
		const instances = modules.instances().toSorted((one, other) => (named(one) < named(other) ? -1 : 1));
		const [waiting, ...reports] = await Promise.all([queueSize(queue), ...instances.map(ask)]);
		const at = Date.now();
		const connect = reports.flatMap((report) => (report.connect === undefined ? [] : [report.connect]));
		const logic = reports.flatMap((report) => (report.logic === undefined ? [] : [report.logic]));
		return { at, modules: reports.map(({ module }) => module), queue: waiting, samples: addUp({ connect, logic }, at) };
	};

	let last: { readonly askedAt: number; readonly status: Promise<ClusterStatus> } | undefined;
	const current = (): Promise<ClusterStatus> => {
		const now = performance.now();
		if (last === undefined || now - last.askedAt >= keptMs) last = { askedAt: now, status: look() };
		return last.status;
	};

	return {
		'logic.clusterStatus': async ({ token }) => {
			const { user } = await sessions.require(token);
			if (!(await store.isAdmin(user.id))) throw new ChatError('forbidden');
			return current();
		},
		'logic.stats': async () => ({ samples: stats.samples() }),
	};
};
