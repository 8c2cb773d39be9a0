/**
 * What the clusters of chaos, rolling restarts and soaks are told beside what `startCluster` tells every cluster. All clients come
 * from one address, and several sign up at once: limits for the sake of others have to let them.
 */
export const clusterSettings: Readonly<Record<string, string | number | boolean>> = {
	'log.level': 'warn',
};
