import { describe, expect, test } from 'vitest';
import { Saver } from '../../../src/client/saver.ts';
import { memoryStore, type Saved, type Store, webStorage } from '../../../src/client/store.ts';

const saved = (inbox: number): Saved => ({ version: 1, inbox, cursors: { 'room:1': 3 }, unsent: [], reads: {} });

describe('a store', () => {
	const items = new Map<string, string>();
	const storage = {
		getItem: (key: string) => items.get(key) ?? null,
		setItem: (key: string, value: string) => void items.set(key, value),
	};
	test.each<[string, Store]>([
		['in memory', memoryStore()],
		['in a browser', webStorage(storage, 'chat')],
	])('%s gives what was saved last', async (_, store) => {
		expect(await store.load()).toBeUndefined();
		for (const inbox of [1, 2]) await store.save(saved(inbox));
		expect(await store.load()).toEqual(saved(2));
	});

	test.each(['', '{', 'null', '[]', '{"version":2}'])('in a browser takes %j for nothing', async (text) => {
		items.set('odd', text);
		expect(await webStorage(storage, 'odd').load()).toBeUndefined();
	});

	test('is asked to save once for many changes, once at a time, and a last time at the end', async () => {
		const all: number[] = [];
		const fail = () => expect.unreachable();
		let underWay = 0;
		let state = 0;
		const store: Store = {
			load: async () => undefined,
			save: async ({ inbox = 0 }) => {
				underWay += 1;
				expect(underWay).toBe(1);
				await new Promise((resolve) => setImmediate(resolve));
				all.push(inbox);
				underWay -= 1;
			},
		};
		const saver = new Saver(store, () => saved(state), fail);
		for (; state < 50; state += 1) saver.changed();
		await new Promise((resolve) => setImmediate(resolve));
		state = 60;
		saver.changed();
		const finished = saver.finish();
		state = 70;
		saver.changed();
		await finished;
		expect(all).toEqual([50, 60]);
	});

	test('that fails does not stop the next save', async () => {
		const failures: unknown[] = [];
		const store: Store = { load: async () => undefined, save: () => Promise.reject(new Error('full')) };
		const saver = new Saver(
			store,
			() => saved(1),
			(error) => failures.push(error),
		);
		saver.changed();
		await saver.finish();
		expect(failures.length).toBeGreaterThanOrEqual(1);
	});
});
