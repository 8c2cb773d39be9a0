import { expect, test } from 'vitest';
import { createTurns } from '../../../src/logic/turns.ts';

test('who goes first begins at once, whatever runs and waits in turn', async () => {
	const turns = createTurns();
	const order: string[] = [];
	let running = 0;
	const take = (turn: 'first' | 'in turn', name: string) =>
		turns.take(turn, async () => {
			running += 1;
			expect(running).toBeLessThanOrEqual(4);
			order.push(name);
			await new Promise((resolve) => setImmediate(resolve));
			running -= 1;
		});
	const flood = Array.from({ length: 200 }, (_, n) => take('in turn', `flood ${n}`));
	await Promise.all([take('first', 'ann'), ...flood]);
	expect(order.indexOf('ann')).toBe(3);
	expect(order).toHaveLength(201);
});

test('many who go first wait for each other, and then the others have their turn', async () => {
	const turns = createTurns();
	const order: string[] = [];
	const take = (turn: 'first' | 'in turn') =>
		turns.take(turn, async () => {
			order.push(turn);
			await new Promise((resolve) => setImmediate(resolve));
		});
	await Promise.all([
		...Array.from({ length: 9 }, () => take('in turn')),
		...Array.from({ length: 20 }, () => take('first')),
	]);
	expect(order).toHaveLength(29);
	expect(order.lastIndexOf('first')).toBeLessThanOrEqual(24);
});

test('a flood that is refused leaves room for who goes first, and work that fails gives its place back', async () => {
	const turns = createTurns();
	const fails = () => Promise.reject(new Error('failed'));
	const flood = Array.from({ length: 400 }, () => turns.take('in turn', fails));
	expect(await turns.take('first', async () => 'done')).toBe('done');
	const reasons = (await Promise.allSettled(flood)).map((one) => one.status === 'rejected' && one.reason.message);
	expect(reasons.filter((message) => message === 'failed')).toHaveLength(256);
	expect(await turns.take('in turn', async () => 'done')).toBe('done');
});
