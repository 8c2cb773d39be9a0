import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RouteChange, RouteDirectory, RouteEntry, RoutePublisher } from '../../src/ports/route-directory.ts';
import { type FeedKey, inboxKey, roomKey } from '../../src/protocol/logs.ts';

export const join = (key: FeedKey, id: number, name = `user${id}`): RouteChange => ({
	key,
	user: { id, name },
	present: true,
});
export const leave = (key: FeedKey, id: number): RouteChange => ({ ...join(key, id), present: false });

/** A connect server as the directory sees one: it changes its own state, and applies the change. */
export class RouteOwner {
	readonly entries = new Map<string, RouteEntry>();
	readonly serverId: string;
	#publisher: RoutePublisher | undefined;

	constructor(serverId: string) {
		this.serverId = serverId;
	}

	async publish(directory: RouteDirectory): Promise<this> {
		this.#publisher = await directory.publish(this.serverId, () => this.entries.values());
		return this;
	}

	async apply(...changes: RouteChange[]): Promise<void> {
		for (const { key, user, present } of changes) {
			if (present) this.entries.set(`${key} ${user.id}`, { key, user });
			else this.entries.delete(`${key} ${user.id}`);
		}
		await this.#publisher?.apply(changes);
	}

	close = async (): Promise<void> => this.#publisher?.close();
}

/** The servers and members that a directory gives, in an order that can be compared. */
export const serversOf = async (directory: RouteDirectory, ...keys: FeedKey[]): Promise<string[][]> =>
	(await directory.serversOf(keys)).map((servers) => servers.sort());
export const memberIds = async (directory: RouteDirectory, roomId: number): Promise<number[]> =>
	((await directory.room(roomId, 500)).members ?? []).map(({ id }) => id).sort((one, other) => one - other);

/** Where servers publish, and where their entries are looked up: in a cluster, two processes. */
export interface TwoSides {
	readonly near: RouteDirectory;
	readonly far: RouteDirectory;
}

/** What every route directory promises. */
export const routeDirectoryContract = (adapter: string, open: () => Promise<TwoSides>): void => {
	describe(`${adapter} route directory`, () => {
		let near: RouteDirectory;
		let far: RouteDirectory;
		let servers = 0;
		let rooms = 0;
		const newRoom = () => ++rooms;
		const newOwner = () => new RouteOwner(`server-${++servers}`).publish(near);

		beforeAll(async () => {
			({ near, far } = await open());
		});
		afterAll(async () => {
			await near.close();
			await far.close();
		});

		test('a user with several devices on several servers counts once', async () => {
			const room = newRoom();
			const [one, other] = [await newOwner(), await newOwner()];
			await one.apply(join(roomKey(room), 7), join(roomKey(room), 7));
			await other.apply(join(roomKey(room), 7), join(roomKey(room), 8));

			const { count, members } = await far.room(room, 10);
			expect(count).toBe(2);
			expect(members?.sort((a, b) => a.id - b.id)).toEqual([
				{ id: 7, name: 'user7' },
				{ id: 8, name: 'user8' },
			]);
			await one.apply(leave(roomKey(room), 7));
			expect(await memberIds(far, room)).toEqual([7, 8]);
			await other.apply(leave(roomKey(room), 7));
			expect(await memberIds(far, room)).toEqual([8]);
		});

		test('names come back as they were given, the newest one counts', async () => {
			const room = newRoom();
			const owner = await newOwner();
			await owner.apply(join(roomKey(room), 3, 'old'), join(roomKey(room), 3, 'Zoë with \n a line'));
			expect((await far.room(room, 1)).members).toEqual([{ id: 3, name: 'Zoë with \n a line' }]);
		});

		test('the servers of rooms and inboxes come in the order asked, empty for what nobody reads', async () => {
			const [room, emptyRoom] = [newRoom(), newRoom()];
			const [one, other] = [await newOwner(), await newOwner()];
			await one.apply(join(roomKey(room), 901), join(inboxKey(901), 901));
			await other.apply(join(roomKey(room), 902), join(inboxKey(902), 902));

			const keys = [inboxKey(902), roomKey(emptyRoom), roomKey(room), inboxKey(901), inboxKey(902)] as const;
			expect(await serversOf(far, ...keys)).toEqual([
				[other.serverId],
				[],
				[one.serverId, other.serverId].sort(),
				[one.serverId],
				[other.serverId],
			]);
			expect(await far.serversOf([])).toEqual([]);
			expect(await far.serversOf([roomKey(emptyRoom)])).toEqual([[]]);
		});

		test('a server is found as long as it holds one reader, and not after the last has left', async () => {
			const room = newRoom();
			const owner = await newOwner();
			await owner.apply(join(roomKey(room), 1), join(roomKey(room), 2), join(inboxKey(555), 555));
			await owner.apply(leave(roomKey(room), 1));
			expect(await serversOf(far, roomKey(room), inboxKey(555))).toEqual([[owner.serverId], [owner.serverId]]);
			await owner.apply(leave(roomKey(room), 2), leave(inboxKey(555), 555), leave(roomKey(room), 99));
			expect(await serversOf(far, roomKey(room), inboxKey(555))).toEqual([[], []]);
			expect(await far.room(room, 10)).toEqual({ count: 0, members: [] });
		});

		test('members are listed up to the limit, above it only counted', async () => {
			const room = newRoom();
			const [one, other] = [await newOwner(), await newOwner()];
			await one.apply(...[1, 2, 3].map((id) => join(roomKey(room), id)));
			expect(await far.room(room, 2)).toEqual({ count: 3, members: null });
			expect((await far.room(room, 3)).members).toHaveLength(3);
			await other.apply(...[3, 4, 5].map((id) => join(roomKey(room), id)));
			expect(await far.room(room, 4)).toEqual({ count: 5, members: null });
			expect(await memberIds(far, room)).toEqual([1, 2, 3, 4, 5]);
			expect(await far.room(room, 0)).toEqual({ count: 5, members: null });
		});

		test('changes apply in the order of the calls, awaited or not', async () => {
			const room = newRoom();
			const owner = await newOwner();
			const key = roomKey(room);
			await owner.apply(join(key, 1), leave(key, 1), join(key, 1), join(key, 2), leave(key, 2));
			expect(await memberIds(far, room)).toEqual([1]);

			const calls = [join(key, 3), leave(key, 3), join(key, 3), join(key, 4), leave(key, 4), leave(key, 1)];
			await Promise.all(calls.map((change) => owner.apply(change)));
			expect(await memberIds(far, room)).toEqual([3]);
		});

		test('more changes than fit into one write arrive whole and in order', async () => {
			const room = newRoom();
			const owner = await newOwner();
			const ids = Array.from({ length: 2500 }, (_, index) => index + 1);
			await owner.apply(...ids.map((id) => join(roomKey(room), id)));
			expect((await far.room(room, 10)).count).toBe(2500);
			await owner.apply(...ids.slice(1).flatMap((id) => [leave(roomKey(room), id), join(inboxKey(id), id)]));
			expect(await memberIds(far, room)).toEqual([1]);
			await owner.close();
			expect(await serversOf(far, inboxKey(2), inboxKey(2500))).toEqual([[], []]);
		});

		test('closing a server removes all of it, and nothing of others', async () => {
			const room = newRoom();
			const [one, other] = [await newOwner(), await newOwner()];
			await one.apply(join(roomKey(room), 1), join(roomKey(room), 2), join(inboxKey(71), 71));
			await other.apply(join(roomKey(room), 2), join(inboxKey(72), 72));
			await one.close();

			expect(await memberIds(far, room)).toEqual([2]);
			expect(await serversOf(far, roomKey(room), inboxKey(71), inboxKey(72))).toEqual([
				[other.serverId],
				[],
				[other.serverId],
			]);
			await one.apply(join(roomKey(room), 1));
			await one.close();
			expect(await memberIds(far, room)).toEqual([2]);
		});

		test('a server that starts again under its id is known by its new snapshot alone', async () => {
			const room = newRoom();
			const before = await newOwner();
			await before.apply(join(roomKey(room), 1), join(inboxKey(61), 61));
			const after = new RouteOwner(before.serverId);
			await after.apply(join(roomKey(room), 2));
			await after.publish(near);

			expect(await memberIds(far, room)).toEqual([2]);
			expect(await serversOf(far, roomKey(room), inboxKey(61))).toEqual([[after.serverId], []]);
		});
	});
};
