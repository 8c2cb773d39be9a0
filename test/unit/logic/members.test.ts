import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RoutePublisher } from '../../../src/ports/route-directory.ts';
import type { ConversationKey } from '../../../src/protocol/logs.ts';
import { startLogic } from './start-logic.ts';

let logic: Awaited<ReturnType<typeof startLogic>>;
let token: string;
let publisher: RoutePublisher;
beforeEach(async () => {
	logic = await startLogic();
	({ token } = await logic.register('ann'));
	publisher = await logic.routes.publish('connect-1', () => []);
});
afterEach(() => logic.stop());

const fill = (roomId: number, count: number) =>
	publisher.apply(
		Array.from({ length: count }, (_, index) => ({
			key: `room:${roomId}` as const,
			user: { id: index + 1, name: `user ${index + 1}` },
			present: true,
		})),
	);

describe('who is here', () => {
	test('members are answered, and told to the room when asked', async () => {
		await fill(3, 2);
		const asked = await logic.call('logic.members', { caller: { token }, conv: 'room:3', announce: true });
		expect(asked).toEqual({
			at: expect.any(Number),
			count: 2,
			members: [
				{ id: 1, name: 'user 1' },
				{ id: 2, name: 'user 2' },
			],
		});
		expect(await logic.nextRoom()).toMatchObject({
			type: 'room',
			at: asked.at,
			roomId: 3,
			count: 2,
			members: { 1: 'user 1', 2: 'user 2' },
		});
	});

	test('a count is told without a list, also of an empty room', async () => {
		await fill(3, 2);
		expect(await logic.call('logic.count', { token, roomId: 3, announce: true })).toEqual({
			count: 2,
		});
		expect(await logic.nextRoom()).toMatchObject({ roomId: 3, count: 2, members: null });
		expect(await logic.call('logic.count', { token, roomId: 4, announce: true })).toEqual({ count: 0 });
		expect(await logic.nextRoom()).toMatchObject({ roomId: 4, count: 0, members: null });
	});

	test('a room with more than 500 members gets the count only', async () => {
		await fill(1, 500);
		await fill(2, 501);
		await logic.call('logic.membersChanged', { roomIds: [1] });
		expect(Object.keys((await logic.nextRoom()).members ?? {})).toHaveLength(500);
		await logic.call('logic.membersChanged', { roomIds: [2] });
		expect(await logic.nextRoom()).toMatchObject({ count: 501, members: null });
		expect(await logic.call('logic.members', { caller: { token }, conv: 'room:2', announce: false })).toEqual({
			at: expect.any(Number),
			count: 501,
			members: null,
		});
	});

	test('each room is told once, and what is newer says so', async () => {
		await logic.call('logic.membersChanged', { roomIds: [5, 6, 5] });
		const items = [await logic.nextRoom(), await logic.nextRoom()];
		await logic.call('logic.membersChanged', { roomIds: [5] });
		items.push(await logic.nextRoom());
		expect(items.map((item) => item.roomId)).toEqual([5, 6, 5]);
		const times = items.map((item) => item.at);
		expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
	});

	test('nobody asks without a session', async () => {
		const params = { token: 'none', roomId: 1, announce: true };
		const members = logic.call('logic.members', { caller: { token: 'none' }, conv: 'room:1', announce: true });
		await expect(members).rejects.toMatchObject({ key: 'unauthorized' });
		await expect(logic.call('logic.count', params)).rejects.toMatchObject({ key: 'unauthorized' });
		expect(await logic.queue.size()).toBe(0);
	});

	test('of a direct conversation those are here who are connected, and nobody is told', async () => {
		const [ann, bob] = [(await logic.call('logic.checkAuth', { token })).user, (await logic.register('bob')).user];
		const conv = `dm:${ann.id}:${bob.id}` as const;
		const look = (name: ConversationKey) =>
			logic.call('logic.members', { caller: { user: ann }, conv: name, announce: true });
		expect(await look(conv)).toMatchObject({ count: 0, members: [] });
		await publisher.apply([{ key: `user:${bob.id}`, user: bob, present: true }]);
		expect(await look(conv)).toMatchObject({ count: 1, members: [bob] });
		await publisher.apply([{ key: `user:${ann.id}`, user: ann, present: true }]);
		expect(await look(conv)).toMatchObject({ count: 2, members: [ann, bob] });
		expect(await look(`dm:${ann.id}:${ann.id}`)).toMatchObject({ count: 1, members: [ann] });
		await expect(look(`dm:${bob.id}:${bob.id}`)).rejects.toMatchObject({ key: 'not-found' });
		expect(await logic.queue.size()).toBe(0);
	});
});

describe('who is connected', () => {
	const online = (userIds: number[], caller: { token: string } = { token }) =>
		logic.call('logic.online', { caller, userIds });

	test('is told of those who are asked about, each once, whatever the number of their servers', async () => {
		const elsewhere = await logic.routes.publish('connect-2', () => []);
		const user = (id: number, present = true) => ({
			key: `user:${id}` as const,
			user: { id, name: `user ${id}` },
			present,
		});
		await publisher.apply([user(2), user(3), user(5)]);
		await elsewhere.apply([user(3), user(4)]);
		expect((await online([1, 2, 3, 4, 3])).userIds.toSorted()).toEqual([2, 3, 4]);
		await publisher.apply([user(2, false), user(3, false)]);
		expect((await online([1, 2, 3, 4])).userIds.toSorted()).toEqual([3, 4]);
	});

	test('is nobody when nobody is asked about', async () => {
		expect(await online([])).toEqual({ userIds: [] });
	});

	test('is not told without a session', async () => {
		await expect(online([1], { token: 'none' })).rejects.toMatchObject({ key: 'unauthorized' });
	});
});
