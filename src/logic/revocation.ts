import type { RpcClient } from '../ports/rpc.ts';
import type { RegistryWatch } from '../ports/service-registry.ts';
import type { Logger } from '../runtime/logger.ts';

/** Within the second in which a revocation takes effect everywhere. */
const deadlineMs = 800;
/** Sessions in one call, as `connect.closeSessions` allows. */
const maxIds = 1000;

/** Closes the sockets of ended sessions on every connect server. */
export type Revoke = (sessionIds: readonly string[]) => Promise<void>;

/**
 * Asks all connect servers at once. One that cannot be reached is left out: connect servers also ask for themselves, now
 * and then, which sessions have ended.
 */
export const createRevocation =
	(rpc: RpcClient, connectServers: Pick<RegistryWatch, 'instances'>, logger: Logger): Revoke =>
	async (sessionIds) => {
		const closeOn = async (serverId: string): Promise<void> => {
			try {
				for (let start = 0; start < sessionIds.length; start += maxIds) {
					const ids = sessionIds.slice(start, start + maxIds);
					await rpc.call('connect.closeSessions', { ids }, { serverId, deadlineMs });
				}
			} catch (error) {
				logger.warn({ err: error, connectServer: serverId }, 'ended sessions could not be closed');
			}
		};
		await Promise.all(connectServers.instances().map((instance) => closeOn(instance.serverId)));
	};
