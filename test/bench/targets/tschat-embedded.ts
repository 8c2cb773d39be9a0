import { startEmbedded } from '../../support/cluster.ts';
import { gochatPosts } from './gochat-posts.ts';
import type { TargetKind } from './target.ts';
import { asUsersRunIt, build, newStoreUrl } from './tschat-settings.ts';
import { tschatUsers } from './tschat-users.ts';

const name = 'tschat-embedded';

/** tschat as one process, as `npm start` runs it. */
export const tschatEmbedded: TargetKind = {
	name,
	start: async ({ folder }) => {
		build();
		const storeUrl = newStoreUrl(folder, name);
		const chat = await startEmbedded({ ...asUsersRunIt, 'store.url': storeUrl });
		return {
			name,
			dialects: ['gochat', 'v2'],
			sockets: [chat.wsUrl],
			http: chat.apiUrl,
			users: tschatUsers(storeUrl),
			...gochatPosts,
			processes: () => [{ name: 'tschat', pid: chat.node.process.pid }],
			stop: chat.stop,
		};
	},
};
