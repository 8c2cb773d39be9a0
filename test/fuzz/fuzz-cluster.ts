import Sqlite from 'better-sqlite3';
import { type Cluster, startCluster, unlimited } from '../support/cluster.ts';
import { tokenOf } from '../support/gochat-client.ts';
import { restClient } from '../support/rest-client.ts';
import type { Target } from './campaign.ts';
import { fuzzRooms, type World } from './inputs/world.ts';

/** What no input guesses: whoever knows a password may sign in. */
export const canaryPassword = 'correct horse battery staple';

/** The secret that the development defaults have. */
const rpcSecret = 'tschat-development';

/** One of each module: what one input does to a process is not hidden by another that takes over. */
export const startFuzzCluster = (): Promise<Cluster> =>
	startCluster({
		connectWs: 1,
		connectTcp: 1,
		logic: 1,
		task: 1,
		site: 1,
		settings: { ...unlimited, 'connect.auth_timeout_ms': 3000 },
	});

const portOf = (url: string | undefined): number => Number(new URL(url ?? '').port);

/** Where a process answers calls: it says so when it is ready. */
const rpcPortOf = (cluster: Cluster, module: string): number =>
	Number(/rpc \S+?:(\d+)/.exec(cluster.nodes(module)[0]?.process.output() ?? '')?.[1]);

export const targetOf = (cluster: Cluster): Target => ({
	apiPort: portOf(cluster.apiUrl),
	sitePort: portOf(cluster.siteUrls[0]),
	wsPort: portOf(cluster.wsUrls[0]),
	tcpPort: cluster.tcpPorts[0]?.[0] ?? 0,
	logicRpcPort: rpcPortOf(cluster, 'logic'),
	connectRpcPorts: [rpcPortOf(cluster, 'connect-ws'), rpcPortOf(cluster, 'connect-tcp')],
	rpcSecret,
	redisUrl: cluster.redis.url,
});

/** A user with a session. */
export interface Account {
	readonly name: string;
	readonly id: number;
	readonly token: string;
}

export const accountOf = async (apiUrl: string, name: string, password = '111111'): Promise<Account> => {
	const token = await tokenOf(apiUrl, name, password);
	const { body } = await restClient(apiUrl, token)('GET', '/v2/me');
	return { name, token, id: Number((body as { id: string }).id) };
};

/** Users made after this have numbers that no input hits by chance. */
export const leapUserIds = (cluster: Cluster): void => {
	const store = new Sqlite(cluster.storeUrl.slice('sqlite:'.length));
	store
		.prepare('insert into users (id, name, name_key, password_hash, created_at) values (?, ?, ?, ?, ?)')
		.run(500_000_000, 'leap', 'leap', 'none', 0);
	store.close();
};

const pairKey = (one: number, other: number): string => `dm:${Math.min(one, other)}:${Math.max(one, other)}`;

/** What attackers with these accounts know: each other, the readers, and `others` by name and number. */
export const worldOf = (own: readonly Account[], readers: readonly Account[], others: readonly Account[]): World => {
	const known = [...own, ...readers, ...others];
	const me = own[0]?.id ?? 0;
	const [first, second] = others;
	return {
		tokens: [...own.map(({ token }) => token), 'x'.repeat(21)],
		rooms: fuzzRooms,
		convs: [
			...fuzzRooms.map((room) => `room:${room}`),
			...known.map(({ id }) => pairKey(me, id)),
			...(first && second ? [pairKey(first.id, second.id)] : []),
		],
		feeds: [...fuzzRooms.map((room) => `room:${room}`), ...readers.map(({ id }) => `user:${id}`)],
		userIds: known.map(({ id }) => id),
		names: [...known.map(({ name }) => name), 'a-room', 'new-user'],
	};
};
