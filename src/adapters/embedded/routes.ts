import type { RouteChange, RouteDirectory, RouteEntry, RoutePublisher } from '../../ports/route-directory.ts';
import type { FeedKey } from '../../protocol/logs.ts';
import { roomKey } from '../../protocol/logs.ts';
import type { UserRef } from '../../protocol/message.ts';

/** The readers that each server holds of one feed: server id -> user id -> name. */
type Readers = Map<string, Map<number, string>>;

/** The directory of a single process: maps, without leases, because publishers and readers die together. */
export const createEmbeddedRoutes = (): RouteDirectory => {
	const feeds = new Map<FeedKey, Readers>();

	const add = (serverId: string, { key, user }: RouteEntry): void => {
		const servers = feeds.get(key) ?? new Map<string, Map<number, string>>();
		const users = servers.get(serverId) ?? new Map<number, string>();
		feeds.set(key, servers.set(serverId, users.set(user.id, user.name)));
	};

	const remove = (serverId: string, { key, user }: RouteEntry): void => {
		const servers = feeds.get(key);
		const users = servers?.get(serverId);
		if (servers === undefined || users === undefined) return;
		users.delete(user.id);
		if (users.size === 0) servers.delete(serverId);
		if (servers.size === 0) feeds.delete(key);
	};

	const removeServer = (serverId: string): void => {
		for (const [key, servers] of feeds) {
			if (servers.delete(serverId) && servers.size === 0) feeds.delete(key);
		}
	};

	return {
		publish: async (serverId, snapshot): Promise<RoutePublisher> => {
			removeServer(serverId);
			for (const entry of snapshot()) add(serverId, entry);
			let closed = false;
			return {
				apply: async (changes: readonly RouteChange[]) => {
					if (closed) return;
					for (const change of changes) (change.present ? add : remove)(serverId, change);
				},
				close: async () => {
					if (closed) return;
					closed = true;
					removeServer(serverId);
				},
			};
		},
		serversOf: async (keys) => keys.map((key) => [...(feeds.get(key)?.keys() ?? [])]),
		room: async (roomId, limit) => {
			const users = membersOf(feeds.get(roomKey(roomId)));
			if (users.size > limit) return { count: users.size, members: null };
			const members: UserRef[] = Array.from(users, ([id, name]) => ({ id, name }));
			return { count: users.size, members };
		},
		close: async () => feeds.clear(),
	};
};

/** Every user once. A room whose readers are all on one server, the usual case here, is not copied. */
const membersOf = (servers: Readers | undefined): ReadonlyMap<number, string> => {
	const held = [...(servers?.values() ?? [])];
	if (held.length === 1 && held[0] !== undefined) return held[0];
	return new Map(held.flatMap((users) => [...users]));
};
