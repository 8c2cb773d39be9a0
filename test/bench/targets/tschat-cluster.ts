import { startCluster } from '../../support/cluster.ts';
import { gochatPosts } from './gochat-posts.ts';
import type { TargetKind } from './target.ts';
import { asUsersRunIt, build, etcdArgs, newStoreUrl } from './tschat-settings.ts';
import { tschatUsers } from './tschat-users.ts';

const name = 'tschat-cluster';

/** tschat with a process for each module that carries messages, on a Redis and an etcd of its own. */
export const tschatCluster: TargetKind = {
	name,
	start: async ({ folder, connectServers }) => {
		build();
		const storeUrl = newStoreUrl(folder, name);
		const parts = { connectWs: connectServers, connectTcp: 0, logic: 1, task: 1 };
		const cluster = await startCluster({ ...parts, storeUrl, etcdArgs, settings: asUsersRunIt });
		// The first of its kind goes by the module's name.
		const nodes = ['api', 'logic', 'task', 'connect-ws'].flatMap((module) =>
			cluster.nodes(module).map((node) => ({ name: node.name.replace(/-0$/, ''), process: node.process })),
		);
		return {
			name,
			dialects: ['gochat', 'v2'],
			sockets: cluster.wsUrls,
			http: cluster.apiUrl,
			users: tschatUsers(storeUrl),
			...gochatPosts,
			processes: () => [
				...nodes.map((node) => ({ name: node.name, pid: node.process.pid })),
				{ name: 'redis-server', pid: cluster.redis.pid },
				{ name: 'etcd', pid: cluster.etcd.pid },
			],
			log: (process) => nodes.find((node) => node.name === process)?.process.output() ?? '',
			stop: cluster.stop,
		};
	},
};
