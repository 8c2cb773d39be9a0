import { describe, expect, test } from 'vitest';
import { batched } from '../../../../src/adapters/sql/batched.ts';
import { ChatError } from '../../../../src/protocol/errors.ts';

/** Loads that are let through one by one, in any order, and doubles numbers; it tells which keys each was asked for. */
const gatedLoad = () => {
	const loads: { readonly keys: readonly number[]; answer(): void; fail(error: unknown): void }[] = [];
	const load = (keys: readonly number[]) =>
		new Promise<number[]>((resolve, reject) => {
			loads.push({ keys, answer: () => resolve(keys.map((key) => key * 2)), fail: reject });
		});
	return { loads, load, asked: () => loads.map(({ keys }) => keys) };
};

const turn = () => new Promise<void>((next) => setImmediate(next));
const outcomes = async (calls: readonly Promise<number>[]) =>
	(await Promise.allSettled(calls)).map((outcome) =>
		outcome.status === 'fulfilled' ? outcome.value : outcome.reason.message,
	);

describe('batched', () => {
	test('the calls of one turn of the event loop share a load, those of its microtasks too, and each gets its own value', async () => {
		const { loads, load, asked } = gatedLoad();
		const double = batched(load, 10);
		const calls = [double(3), double(1), Promise.resolve().then(() => double(3))];
		await turn();
		expect(asked()).toEqual([[3, 1, 3]]);
		loads[0]?.answer();
		expect(await Promise.all(calls)).toEqual([6, 2, 6]);
	});

	test('a load has no more keys than allowed', async () => {
		const { loads, load, asked } = gatedLoad();
		const double = batched(load, 2);
		const calls = [1, 2, 3, 4, 5].map(double);
		await turn();
		expect(asked()).toEqual([[1, 2], [3, 4], [5]]);
		for (const { answer } of loads) answer();
		expect(await Promise.all(calls)).toEqual([2, 4, 6, 8, 10]);
	});

	test('what is asked while a load is under way does not wait for it', async () => {
		const { loads, load, asked } = gatedLoad();
		const double = batched(load, 10);
		const first = double(1);
		await turn();
		const second = double(2);
		await turn();
		expect(asked()).toEqual([[1], [2]]);
		loads[1]?.answer();
		expect(await second).toBe(4);
		loads[0]?.answer();
		expect(await first).toBe(2);
	});

	test('a load that fails as the database is unavailable rejects those who asked for it, and nobody else', async () => {
		const { loads, load, asked } = gatedLoad();
		const double = batched(load, 2);
		const calls = [1, 2, 3].map(double);
		await turn();
		loads[0]?.fail(new ChatError('unavailable', 'gone'));
		loads[1]?.answer();
		expect(await outcomes(calls)).toEqual(['gone', 'gone', 6]);
		expect(asked()).toEqual([[1, 2], [3]]);
	});

	test('a key that is refused fails alone', async () => {
		const load = async (keys: readonly number[]) => {
			if (keys.includes(2)) throw new Error(`refused among ${keys.length}`);
			return keys.map((key) => key * 2);
		};
		const double = batched(load, 10);
		expect(await outcomes([1, 2, 3].map(double))).toEqual([2, 'refused among 1', 6]);
		expect(await outcomes([double(4)])).toEqual([8]);
	});
});
