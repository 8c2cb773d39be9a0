import { setTimeout as sleep } from 'node:timers/promises';
import type { RouteDirectory } from '../ports/route-directory.ts';
import type { FeedKey } from '../protocol/logs.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Delivery } from './decode.ts';

const firstPauseMs = 50;
const longestPauseMs = 1000;

interface RoutingOptions {
	readonly routes: Pick<RouteDirectory, 'serversOf'>;
	readonly logger: Logger;
	readonly signal: AbortSignal;
	/** Who came, typed or read this long ago is of no interest any more. Counted from when it was taken: the clocks of two machines differ. */
	readonly maxEphemeralAgeMs: number;
}

/**
 * The deliveries of each server, in the order given. One question to the directory for all feeds; while it does not answer it is
 * asked again; items other than messages are dropped when that took too long. Undefined when the signal ends it.
 */
export const routeDeliveries = async (
	deliveries: readonly Delivery[],
	{ routes, logger, signal, maxEphemeralAgeMs }: RoutingOptions,
): Promise<Map<string, Delivery[]> | undefined> => {
	const keys = [...new Set(deliveries.flatMap((delivery) => delivery.feeds))];
	const taken = performance.now();
	const servers = await ask(routes, keys, logger, signal);
	if (servers === undefined) return undefined;

	const serversByFeed = new Map(keys.map((key, index) => [key, servers[index] ?? []]));
	const late = performance.now() - taken > maxEphemeralAgeMs;
	const byServer = new Map<string, Delivery[]>();
	for (const delivery of deliveries) {
		if (late && delivery.item.type !== 'message') continue;
		for (const serverId of new Set(delivery.feeds.flatMap((feed) => serversByFeed.get(feed) ?? []))) {
			const list = byServer.get(serverId);
			if (list === undefined) byServer.set(serverId, [delivery]);
			else list.push(delivery);
		}
	}
	return byServer;
};

const ask = async (
	routes: Pick<RouteDirectory, 'serversOf'>,
	keys: readonly FeedKey[],
	logger: Logger,
	signal: AbortSignal,
): Promise<string[][] | undefined> => {
	let pause = 0;
	while (!signal.aborted) {
		try {
			const servers = await routes.serversOf(keys);
			if (pause > 0) logger.info('the route directory answers again');
			return servers;
		} catch (error) {
			if (pause === 0) logger.warn({ err: error }, 'the route directory does not answer, trying on');
			pause = Math.min(longestPauseMs, Math.max(firstPauseMs, pause * 2));
			await sleep(pause, undefined, { signal }).catch(() => {});
		}
	}
	return undefined;
};
