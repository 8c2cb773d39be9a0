import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { openRedisRoutes } from '../../src/adapters/redis/routes.ts';
import type { RouteDirectory } from '../../src/ports/route-directory.ts';
import { inboxKey, roomKey } from '../../src/protocol/logs.ts';
import { eventually } from '../support/eventually.ts';
import { startProcess } from '../support/processes.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { join, leave, memberIds, RouteOwner, serversOf } from './route-directory.contract.ts';

const leaseMs = 1500;

/** Resolves to how long the call took to be rejected as unavailable. */
const msUntilUnavailable = async (call: Promise<unknown>): Promise<number> => {
	const start = performance.now();
	await expect(call).rejects.toMatchObject({ key: 'unavailable' });
	return performance.now() - start;
};

describe('routes in a Redis that fails', () => {
	let redis: TestRedis;
	let near: RouteDirectory;
	let far: RouteDirectory;
	let raw: Redis;
	let servers = 0;
	let room = 0;
	const open = () => openRedisRoutes({ url: redis.url, prefix: 'outage', leaseMs });
	const newOwner = () => new RouteOwner(`server-${++servers}`).publish(near);
	const publisherProcess = async (serverId: string, members: readonly number[]) => {
		const entries = [...members.map((id) => join(roomKey(room), id)), join(inboxKey(room), room)];
		const script = fileURLToPath(new URL('./route-publisher.mjs', import.meta.url));
		const child = startProcess(process.execPath, [
			script,
			redis.url,
			serverId,
			String(leaseMs),
			JSON.stringify(entries),
		]);
		await child.outputMatching(/published/);
		return child;
	};
	/** Names of the keys that hold anything of a server. */
	const keysOf = async (serverId: string) => (await raw.keys('outage:*')).filter((key) => key.endsWith(`:${serverId}`));

	beforeAll(async () => {
		redis = await startRedis({ persistent: true });
		[near, far] = [await open(), await open()];
		raw = new Redis(redis.url, { retryStrategy: () => 50 });
		raw.on('error', () => {});
	});
	afterAll(async () => {
		raw.disconnect();
		await near.close();
		await far.close();
		await redis.stop();
	});
	beforeEach(() => {
		room += 1;
	});

	test('a killed server vanishes from counts and routes within its lease, and its keys after it', async () => {
		const owner = await newOwner();
		await owner.apply(join(roomKey(room), 1), join(roomKey(room), 2));
		const child = await publisherProcess('killed', [2, 3]);
		expect(await memberIds(far, room)).toEqual([1, 2, 3]);
		expect(await serversOf(far, inboxKey(room))).toEqual([['killed']]);

		await child.stop({ signal: 'SIGKILL' });
		await eventually(async () => expect(await memberIds(far, room)).toEqual([1, 2]), leaseMs + 200);
		expect(await far.room(room, 1)).toEqual({ count: 2, members: null });
		expect(await serversOf(far, inboxKey(room), roomKey(room))).toEqual([[], [owner.serverId]]);
		await eventually(async () => expect(await keysOf('killed')).toEqual([]), 3 * leaseMs);
		await owner.close();
		expect(await keysOf(owner.serverId)).toEqual([]);
	});

	test('a server stopped for longer than its lease vanishes, and is back when it goes on', async () => {
		const child = await publisherProcess('stopped', [2, 3]);
		child.signal('SIGSTOP');
		await eventually(async () => expect(await far.room(room, 9)).toEqual({ count: 0, members: [] }), leaseMs + 200);
		expect(await serversOf(far, inboxKey(room))).toEqual([[]]);
		child.signal('SIGCONT');
		await eventually(async () => expect(await memberIds(far, room)).toEqual([2, 3]), leaseMs);
		expect(await serversOf(far, roomKey(room), inboxKey(room))).toEqual([['stopped'], ['stopped']]);
		await child.stop({ signal: 'SIGKILL' });
	});

	test('after Redis came back empty everything is there again within a lease, without help', async () => {
		const [one, other] = [await newOwner(), await newOwner()];
		await one.apply(join(roomKey(room), 1), join(inboxKey(1), 1));
		await other.apply(join(roomKey(room), 2));
		await redis.restart({ empty: true });
		await eventually(async () => expect(await memberIds(far, room)).toEqual([1, 2]), leaseMs);
		expect(await serversOf(far, roomKey(room), inboxKey(1))).toEqual([[one.serverId, other.serverId], [one.serverId]]);
		await one.close();
		await other.close();
	});

	test('a change is written also when Redis lost everything since the last one', async () => {
		const owner = await newOwner();
		await owner.apply(join(roomKey(room), 1));
		await raw.flushall();
		await owner.apply(join(roomKey(room), 2));
		expect(await memberIds(far, room)).toEqual([1, 2]);
		await owner.close();
	});

	test('while Redis is gone calls fail quickly, and after it the directory is what the servers hold', async () => {
		const owner = await newOwner();
		await owner.apply(join(roomKey(room), 1), join(roomKey(room), 2), join(inboxKey(2), 2));
		await redis.kill();
		for (const change of [leave(roomKey(room), 2), leave(inboxKey(2), 2), join(roomKey(room), 3)]) {
			expect(await msUntilUnavailable(owner.apply(change))).toBeLessThan(3000);
		}
		expect(await msUntilUnavailable(far.serversOf([roomKey(room)]))).toBeLessThan(3000);
		expect(await msUntilUnavailable(far.room(room, 10))).toBeLessThan(3000);

		await redis.restart();
		await eventually(async () => expect(await memberIds(far, room)).toEqual([1, 3]), 2000);
		expect(await serversOf(far, inboxKey(2))).toEqual([[]]);
		await owner.close();
	});

	test('while Redis hangs calls fail in time, and what it executes late does no harm', async () => {
		const owner = await newOwner();
		await owner.apply(join(roomKey(room), 1));
		redis.pause();
		const calls = [
			owner.apply(join(roomKey(room), 2)),
			owner.apply(leave(roomKey(room), 2)),
			far.serversOf([roomKey(room)]),
			far.room(room, 10),
		];
		for (const took of await Promise.all(calls.map(msUntilUnavailable))) expect(took).toBeLessThan(3000);
		redis.resume();
		await eventually(async () => {
			await owner.apply(join(roomKey(room), 4));
			expect(await memberIds(far, room)).toEqual([1, 4]);
		}, 3000);
		await owner.close();
	});

	test('changes that never stop while Redis is killed, emptied and paused end as the servers hold them', async () => {
		const owners = [await newOwner(), await newOwner()];
		let running = true;
		onTestFinished(() => {
			running = false;
		});
		let applied = 0;
		const change = async (owner: RouteOwner) => {
			for (let step = 0; running; step++) {
				const id = 1 + ((step * 7) % 40);
				const next = step % 3 === 0 ? leave(roomKey(room), id) : join(roomKey(room), id);
				await owner.apply(next, { ...next, key: inboxKey(id) }).then(
					() => applied++,
					() => new Promise((resolve) => setImmediate(resolve)),
				);
			}
		};
		const changing = owners.map(change);
		const progress = async () => {
			const before = applied;
			await eventually(() => expect(applied).toBeGreaterThan(before + 100));
		};
		await progress();
		await redis.restart();
		await progress();
		await redis.restart({ empty: true });
		await progress();
		redis.pause();
		await msUntilUnavailable(far.room(room, 1));
		redis.resume();
		await progress();
		running = false;
		await Promise.all(changing);

		const [one, other] = owners.map(({ entries }) => [...entries.values()].filter(({ key }) => key === roomKey(room)));
		const expected = new Set([...(one ?? []), ...(other ?? [])].map(({ user }) => user.id));
		await eventually(async () => {
			expect(await memberIds(far, room)).toEqual([...expected].sort((a, b) => a - b));
			const inboxes = Array.from({ length: 40 }, (_, index) => inboxKey(index + 1));
			expect(await serversOf(far, ...inboxes)).toEqual(
				inboxes.map((key, index) =>
					owners.filter(({ entries }) => entries.has(`${key} ${index + 1}`)).map(({ serverId }) => serverId),
				),
			);
		}, leaseMs);
		for (const owner of owners) await owner.close();
	});

	test('500 changes applied in one tick are written in a few round trips', async () => {
		const owner = await newOwner();
		await raw.config('RESETSTAT');
		const ids = Array.from({ length: 500 }, (_, index) => index + 1);
		await Promise.all(ids.map((id) => owner.apply(join(roomKey(room), id))));
		const stats = await raw.info('commandstats');
		const calls = [...stats.matchAll(/cmdstat_eval(?:sha)?:calls=(\d+)/g)].reduce(
			(sum, hit) => sum + Number(hit[1]),
			0,
		);
		expect((await far.room(room, 1)).count).toBe(500);
		// One write, and a heartbeat or a look for the dead of each server that may come between.
		expect(calls).toBeLessThanOrEqual(5);
		await owner.close();
	});
});
