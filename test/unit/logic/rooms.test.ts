import { afterEach, beforeEach, expect, test } from 'vitest';
import { firstNamedRoom } from '../../../src/protocol/limits.ts';
import { startLogic } from './start-logic.ts';

let logic: Awaited<ReturnType<typeof startLogic>>;
let token: string;
beforeEach(async () => {
	logic = await startLogic();
	({ token } = await logic.register('ann'));
});
afterEach(() => logic.stop());

const open = (name: string) => logic.call('logic.openRoom', { caller: { token }, name });
const join = (roomId: number) => logic.call('logic.join', { caller: { token }, roomId });

test('a room is made by the first who asks for its name, and found under any spelling, with the first', async () => {
	const { user } = await logic.register('bob');
	const room = await open('General Talk');
	expect(room).toEqual({ id: expect.any(Number), name: 'General Talk' });
	expect(room.id).toBeGreaterThanOrEqual(firstNamedRoom);
	for (const name of ['general talk', 'GENERAL TALK', 'Ｇeneral Talk']) {
		expect(await logic.call('logic.openRoom', { caller: { user }, name })).toEqual(room);
	}
	expect((await open('general')).id).not.toBe(room.id);
});

test('joining and the inbox tell the name of a room that has one', async () => {
	const { id } = await open('General');
	expect(await join(id)).toEqual({ head: 0, read: 0, delivered: 0, name: 'General' });
	expect(await join(7)).toEqual({ head: 0, read: 0, delivered: 0, name: null });
	expect(await join(Number.MAX_SAFE_INTEGER)).toMatchObject({ name: null });
	const { items } = await logic.call('logic.conversations', { caller: { token }, limit: 9 });
	expect(new Map(items.map(({ conv, name }) => [conv, name]))).toEqual(
		new Map([
			[`room:${id}`, 'General'],
			['room:7', null],
			[`room:${Number.MAX_SAFE_INTEGER}`, null],
		]),
	);
});

test('a user has no more rooms than the limit says, and may leave one for another', async () => {
	await logic.stop();
	logic = await startLogic(['auth.demo_users=false', 'limits.rooms_per_user=2']);
	({ token } = await logic.register('ann'));
	for (const room of [1, 2, 1]) await join(room);
	await expect(join(3)).rejects.toMatchObject({ key: 'limit-reached', message: 'conv: at most 2 rooms of a user' });
	expect(await logic.metric('tschat_limit_refusals_total', { limit: 'rooms_per_user' })).toBe(1);
	await logic.call('logic.leave', { caller: { token }, roomId: 1 });
	await join(3);
});

test('opening a room does not join it', async () => {
	await open('General');
	expect(await logic.call('logic.conversations', { caller: { token }, limit: 9 })).toEqual({ items: [], next: null });
});

test('nobody opens a room without a session, nor by what is no name', async () => {
	const foreign = logic.call('logic.openRoom', { caller: { token: 'none' }, name: 'General' });
	await expect(foreign).rejects.toMatchObject({ key: 'unauthorized' });
	// Digits alone, once they are normalised: the border lets them pass.
	await expect(open('\uff17')).rejects.toMatchObject({ key: 'bad-request' });
	expect(await logic.store.namedRooms([firstNamedRoom])).toEqual([]);
});
