import type { RegistryWatch } from '../ports/service-registry.ts';
import type { ModuleContext } from '../runtime/module.ts';
import { openFilesForClients } from '../runtime/open-files.ts';
import { beyondServed } from './admission.ts';
import { ConnectServer } from './connect-server.ts';

/** What connect-ws and connect-tcp have in common: a connect server that is reachable by RPC. */
export interface Gateway {
	readonly server: ConnectServer;
	/** How many sockets of clients the process may have, with those that are not served. */
	readonly mostSockets: number;
	/** Where it answers `connect.*`; null where calls do not cross a network. */
	readonly rpcAddress: string | null;
	notReady(): Promise<string[]>;
	/** Hands the clients over: closes them with "come back", and everything else after them. */
	stop(): Promise<void>;
}

/** How long a stop may deal with what clients had sent, and which part of all the time that a stop has. */
const longestDrainMs = 1500;
const drainShare = 0.2;

/** By when a dead server's entries have left the route directory, so that a look at it shows who is gone. */
const routeLeaseMs = 11_000;

export const startGateway = async (context: ModuleContext): Promise<Gateway> => {
	const { config, ports, logger, metrics, serverId } = context;
	const [rpc, routes, registry] = await Promise.all([ports.rpc(), ports.routes(), ports.registry()]);
	const { limits } = config;
	const openFiles = openFilesForClients();
	const mostConnections = Math.min(openFiles, limits.connections_total);
	if (openFiles < limits.connections_total) {
		logger.warn(
			{ connections: openFiles, connections_total: limits.connections_total },
			'the limit of open files (ulimit -n) leaves fewer connections than limits.connections_total',
		);
	}
	const server = new ConnectServer({
		serverId,
		config: config.connect,
		limits,
		mostConnections,
		rpc,
		routes,
		logger,
		metrics,
		drainMs: Math.min(longestDrainMs, config.server.stop_timeout_ms * drainShare),
	});
	await server.start();
	const rpcServer = await rpc.serve('connect', serverId, server.handlers);
	const peers = await registry.watch(['connect-ws', 'connect-tcp']);
	const stopTelling = tellRoomsOfLostServers(peers, () => server.tellAllRooms());
	return {
		server,
		mostSockets: mostConnections + beyondServed,
		rpcAddress: rpcServer.address,
		notReady: async () => {
			try {
				await rpc.call('logic.heads', { keys: [] }, { deadlineMs: 1000 });
				return [];
			} catch {
				return ['logic'];
			}
		},
		stop: async () => {
			stopTelling();
			peers.close();
			await server.stop();
			await rpcServer.close();
		},
	};
};

/** Members that vanish with their server leave no message behind: the servers that remain tell their rooms. */
const tellRoomsOfLostServers = (peers: RegistryWatch, tell: () => void): (() => void) => {
	let known = new Set(peers.instances().map((instance) => instance.serverId));
	const timers = new Set<NodeJS.Timeout>();
	peers.onChange(() => {
		const now = new Set(peers.instances().map((instance) => instance.serverId));
		const lost = [...known].some((serverId) => !now.has(serverId));
		known = now;
		if (!lost) return;
		tell();
		const timer = setTimeout(() => {
			timers.delete(timer);
			tell();
		}, routeLeaseMs);
		timers.add(timer);
	});
	return () => {
		for (const timer of timers) clearTimeout(timer);
	};
};
