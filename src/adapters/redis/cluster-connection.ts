import { Cluster } from 'ioredis';
import { impatient, messageOf, type RedisConnectionOptions, redisUnreachable } from './connection.ts';

const scheme = /^(rediss?)\+cluster:\/\//;
/** How often the slots are asked for again, so that new nodes are known before one is lost. */
const SLOTS_INTERVAL_MS = 5000;
const MAX_BACK_OFF_MS = 500;

/** Of connections that are kept. */
export type LinkOptions = Pick<RedisConnectionOptions, 'logger' | 'onReconnected'>;

interface ClusterUrl {
	readonly nodes: readonly { readonly host: string; readonly port: number }[];
	readonly username: string;
	readonly password: string;
	readonly tls: boolean;
	/** `host:port,host:port`: what may be shown. */
	readonly address: string;
}

/** Whether a Redis URL names nodes of a cluster: `redis+cluster://…` or `rediss+cluster://…`. */
export const isClusterUrl = (url: string): boolean => scheme.test(url);

/** Reads `redis+cluster://user:password@host:port,host:port`; undefined when it is none. */
export const parseClusterUrl = (url: string): ClusterUrl | undefined => {
	const rest = url.replace(scheme, '');
	const at = rest.lastIndexOf('@') + 1;
	const urls = rest
		.slice(at)
		.split(',')
		.map((node) => `redis://${rest.slice(0, at)}${node.trim()}`);
	if (!urls.every((node) => URL.canParse(node) && new URL(node).hostname !== '')) return undefined;
	const parsed = urls.map((node) => new URL(node));
	const nodes = parsed.map(({ hostname, port }) => ({
		host: hostname.replace(/^\[|\]$/g, ''),
		port: port === '' ? 6379 : Number(port),
	}));
	return {
		nodes,
		username: decodeURIComponent(parsed[0]?.username ?? ''),
		password: decodeURIComponent(parsed[0]?.password ?? ''),
		tls: url.startsWith('rediss'),
		address: nodes.map(({ host, port }) => `${host}:${port}`).join(','),
	};
};

/**
 * Connects to a Redis Cluster by any of the nodes named. Rejects with `ChatError('unavailable')` if none of them answers,
 * or the cluster does not serve all slots.
 *
 * As on a single server, calls fail quickly: they follow a slot that was moved, but are never sent again after a node was
 * lost under them, since it may have carried them out.
 */
export const openRedisCluster = async (url: string, options: LinkOptions = {}): Promise<Cluster> => {
	const { logger, onReconnected } = options;
	const parsed = parseClusterUrl(url);
	if (parsed === undefined) throw redisUnreachable('an address that is not a list of nodes', 'not a URL');
	const { nodes, username, password, tls, address } = parsed;
	let established = false;
	let lastError: unknown;
	const cluster = new Cluster([...nodes], {
		lazyConnect: true,
		enableOfflineQueue: false,
		retryDelayOnFailover: 0,
		retryDelayOnClusterDown: 0,
		maxRedirections: 8,
		slotsRefreshInterval: SLOTS_INTERVAL_MS,
		clusterRetryStrategy: (attempt) => (established ? Math.min(attempt * 50, MAX_BACK_OFF_MS) : null),
		redisOptions: {
			...impatient(),
			...(username !== '' && { username }),
			...(password !== '' && { password }),
			...(tls && { tls: {} }),
		},
	});
	const note = (error: unknown) => {
		if (established && messageOf(lastError) !== messageOf(error)) {
			logger?.warn({ address, reason: messageOf(error) }, 'Redis Cluster connection failed');
		}
		lastError = error;
	};
	cluster.on('error', note);
	cluster.on('node error', note);
	cluster.on('ready', () => {
		if (established && lastError !== undefined) logger?.info({ address }, 'Redis Cluster connection is back');
		if (established) {
			lastError = undefined;
			onReconnected?.();
		}
	});
	// By itself a node connects at its first call, and fails those that come while it does. Before the cluster is ready that
	// would hit its own check of the state.
	const connectNodes = () => {
		if (cluster.status !== 'ready') return;
		for (const node of cluster.nodes('master')) if (node.status === 'wait') node.connect().catch(() => {});
	};
	cluster.on('+node', connectNodes);
	cluster.on('ready', connectNodes);
	try {
		await new Promise<void>((resolve, reject) => {
			// A cluster that answers but does not serve its slots is given up without an error.
			cluster.once('end', () => reject(new Error('the cluster does not serve all slots')));
			cluster.connect().then(resolve, reject);
		});
		await Promise.all(cluster.nodes('master').map((node) => node.ping()));
	} catch (error) {
		cluster.disconnect();
		throw redisUnreachable(address, lastError ?? error, tls);
	}
	established = true;
	return cluster;
};
