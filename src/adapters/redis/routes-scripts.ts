import type { Cluster, Redis } from 'ioredis';
import type { RoomMembers, RouteChange } from '../../ports/route-directory.ts';
import { type FeedKey, inboxOwnerOf, roomKey } from '../../protocol/logs.ts';
import type { UserRef } from '../../protocol/message.ts';
import { loadScript } from './script.ts';

const scripts = {
	take: loadScript(new URL('./routes-take.lua', import.meta.url), 1),
	renew: loadScript(new URL('./routes-renew.lua', import.meta.url), 1),
	drop: loadScript(new URL('./routes-drop.lua', import.meta.url), 1),
	write: loadScript(new URL('./routes-write.lua', import.meta.url), 1),
	serversOf: loadScript(new URL('./routes-servers-of.lua', import.meta.url), 1),
	room: loadScript(new URL('./routes-room.lua', import.meta.url), 1),
};

/** Who writes: a server, and the incarnation that has to hold its lease. */
export interface Holder {
	readonly serverId: string;
	readonly incarnation: string;
}

/** The directory's scripts with typed arguments; each method is one round trip, and rejects with what ioredis threw. */
export class RouteScripts {
	readonly #redis: Redis | Cluster;
	readonly #root: string;

	constructor(redis: Redis | Cluster, prefix: string) {
		this.#redis = redis;
		// The hash tag keeps all keys in one slot of a Redis Cluster.
		this.#root = `${prefix}:{route}`;
	}

	async take({ serverId, incarnation }: Holder, leaseMs: number): Promise<void> {
		await scripts.take(this.#redis, this.#root, serverId, incarnation, leaseMs);
	}

	/** False when another incarnation, or none, holds the lease. 0 ms ends the lease. */
	async renew({ serverId, incarnation }: Holder, leaseMs: number): Promise<boolean> {
		return (await scripts.renew(this.#redis, this.#root, serverId, incarnation, leaseMs)) === 1;
	}

	/** Removes a server's entries, at most so many feeds; how many are left, or -1 when another incarnation holds the lease. */
	async drop({ serverId, incarnation }: Holder, maxFeeds: number): Promise<number> {
		return Number(await scripts.drop(this.#redis, this.#root, serverId, incarnation, maxFeeds));
	}

	/** `drop` for one of the servers whose lease has ended, if there are any. */
	async dropDead(maxFeeds: number): Promise<void> {
		await this.drop({ serverId: '', incarnation: '' }, maxFeeds);
	}

	/** Writes changes in order and renews the lease. False, and nothing written, when the incarnation does not hold it. */
	async write({ serverId, incarnation }: Holder, leaseMs: number, changes: readonly RouteChange[]): Promise<boolean> {
		const encoded: string[] = [];
		for (const { present, key, user } of changes) {
			encoded.push(present ? '+' : '-', key, inboxOwnerOf(key) === undefined ? `${user.id} ${user.name}` : '');
		}
		return (await scripts.write(this.#redis, this.#root, serverId, incarnation, leaseMs, ...encoded)) === 1;
	}

	async serversOf(keys: readonly FeedKey[]): Promise<string[][]> {
		const lines = String(await scripts.serversOf(this.#redis, this.#root, ...keys)).split('\n');
		return lines.map((line) => (line === '' ? [] : line.split(' ')));
	}

	async room(roomId: number, limit: number): Promise<RoomMembers> {
		const reply = (await scripts.room(this.#redis, this.#root, roomKey(roomId), limit)) as [number, ...string[]];
		const [count, ...pairs] = reply;
		if (count > limit) return { count, members: null };
		const members: UserRef[] = [];
		for (let i = 0; i < pairs.length; i += 2) members.push({ id: Number(pairs[i]), name: pairs[i + 1] ?? '' });
		return { count, members };
	}
}
