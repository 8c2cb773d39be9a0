import { unlimited } from '../support/cluster.ts';

/**
 * What the clusters of chaos, rolling restarts and soaks are told beside what `startCluster` tells every cluster. All clients come
 * from one address, and several sign up at once: limits for the sake of others have to let them.
 */
export const clusterSettings: Readonly<Record<string, string | number | boolean>> = {
	...unlimited,
	'log.level': 'warn',
	'limits.connections_per_address': 10_000,
	'limits.connections_per_address_second': 10_000,
	'limits.connections_unauthenticated_per_address': 10_000,
	'limits.http_requests_per_second': 100_000,
	'limits.http_request_burst': 100_000,
	'limits.http_connections_per_address': 10_000,
	'limits.register_per_hour': 10_000,
};
