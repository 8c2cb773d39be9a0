import type { RpcClient } from '../ports/rpc.ts';
import type { RegistryWatch, ServiceInstance } from '../ports/service-registry.ts';
import type { EndpointV2 } from '../protocol/http-v2/endpoints.ts';
import type { Arrival } from '../runtime/arrival.ts';
import { reachableUrl } from '../runtime/reachable-url.ts';

/** The connect servers that are alive, the one with the fewest connections first, by URLs that the client can reach. */
export type FindEndpoints = (arrival: Arrival) => Promise<EndpointV2[]>;

interface Options {
	/** Of connect-ws and connect-tcp. */
	readonly watch: RegistryWatch;
	readonly rpc: RpcClient;
}

/** A server that takes longer is of no use to a client. */
const statusDeadlineMs = 500;
/** How long answers are kept, from when they were asked for. With the deadline: after how long a dead server is missing at the latest. */
const keptMs = 900;

/** Connections by server id; null for a server that did not answer. */
type Loads = Map<string, number | null>;

/**
 * Discovery knows a dead server until its lease ends, so the servers themselves are asked: all at once, when a client asks
 * and the last answers are too old. Clients share the answers. If no server answers, all that discovery knows are told.
 */
export const createEndpoints = ({ watch, rpc }: Options): FindEndpoints => {
	const loadOf = async ({ serverId }: ServiceInstance): Promise<readonly [string, number | null]> => {
		try {
			const status = await rpc.call('connect.status', {}, { serverId, deadlineMs: statusDeadlineMs });
			return [serverId, status.connections];
		} catch {
			return [serverId, null];
		}
	};
	// The deadline is shorter than the time for which answers are kept, so that one round has ended when the next begins.
	let round: { readonly askedAt: number; readonly loads: Promise<Loads> } | undefined;
	const currentLoads = (): Promise<Loads> => {
		const now = performance.now();
		if (round === undefined || now - round.askedAt >= keptMs) {
			round = { askedAt: now, loads: Promise.all(watch.instances().map(loadOf)).then((loads) => new Map(loads)) };
		}
		return round.loads;
	};

	return async (arrival) => {
		const loads = await currentLoads();
		const known = watch.instances();
		const alive = known.filter(({ serverId }) => loads.get(serverId) !== null);
		// One that came after the round was asked is the last choice until the next.
		const load = ({ serverId }: ServiceInstance) => loads.get(serverId) ?? Number.MAX_SAFE_INTEGER;
		const ordered = (alive.length > 0 ? alive : known).toSorted((one, other) => load(one) - load(other));
		// The client will be there before the next round is asked: many that ask at once are to go to different servers.
		for (const service of ['connect-ws', 'connect-tcp']) {
			const { serverId } = ordered.find((instance) => instance.service === service) ?? {};
			const connections = serverId === undefined ? null : loads.get(serverId);
			if (serverId !== undefined && typeof connections === 'number') loads.set(serverId, connections + 1);
		}
		return ordered.flatMap((instance) => endpointOf(instance, arrival));
	};
};

const endpointOf = ({ serverId, service, publicUrl }: ServiceInstance, arrival: Arrival): EndpointV2[] => {
	if (publicUrl === null) return [];
	const protocol = service === 'connect-tcp' ? 'tcp' : 'ws';
	return [{ serverId, protocol, url: reachableUrl(firstPort(publicUrl), arrival) }];
};

/** `tcp://host:7001,7002` is one server on two ports. */
const firstPort = (url: string): string => url.replace(/,.*$/, '');
