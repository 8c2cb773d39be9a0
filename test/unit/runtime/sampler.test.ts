import { afterEach, describe, expect, test } from 'vitest';
import { type Sampler, startSampler } from '../../../src/runtime/sampler.ts';
import { eventually } from '../../support/eventually.ts';

interface Sample {
	readonly at: number;
	readonly number: number;
}

const intervalMs = 10;
let sampler: Sampler<Sample> | undefined;
afterEach(() => sampler?.stop());

/** A sampler of its own count, and what it took in all. */
const start = (keep: number, before: () => Promise<void> = async () => {}) => {
	const taken: Sample[] = [];
	const started = startSampler<Sample>({
		intervalMs,
		keep,
		take: async (at) => {
			await before();
			const sample = { at, number: taken.length };
			taken.push(sample);
			return sample;
		},
	});
	sampler = started;
	return { ...started, taken };
};

const taken = (samples: readonly Sample[], count: number) =>
	eventually(() => expect(samples.length).toBeGreaterThanOrEqual(count));

describe('a sampler', () => {
	test('takes one sample at each whole multiple of its interval, at the time', async () => {
		const begin = Date.now();
		const { samples, taken: all } = start(100);
		await taken(all, 10);
		const moments = samples().map(({ at }) => at);
		expect(moments.filter((at) => at % intervalMs !== 0)).toEqual([]);
		expect(moments).toEqual([...new Set(moments)].sort((one, other) => one - other));
		expect(moments[0]).toBeGreaterThan(begin - intervalMs);
		expect(moments.at(-1)).toBeLessThanOrEqual(Date.now());
		expect(samples()).toEqual(all);
	});

	test('keeps the last ones', async () => {
		const { samples, taken: all } = start(3);
		await taken(all, 8);
		expect(samples().length).toBe(3);
		expect(samples().at(-1)?.number).toBeGreaterThanOrEqual(6);
	});

	test('takes no other sample while one is under way', async () => {
		let underWay = 0;
		let most = 0;
		const { taken: all } = start(3, async () => {
			underWay += 1;
			most = Math.max(most, underWay);
			await new Promise((resolve) => setTimeout(resolve, 3 * intervalMs));
			underWay -= 1;
		});
		await taken(all, 3);
		expect(most).toBe(1);
	});

	test('takes nothing after it was stopped while it took one', async () => {
		let release = () => {};
		let count = 0;
		await new Promise<void>((begun) => {
			start(3, () => {
				count += 1;
				begun();
				return new Promise((resolve) => {
					release = resolve;
				});
			});
		});
		sampler?.stop();
		release();
		await new Promise((resolve) => setTimeout(resolve, 5 * intervalMs));
		expect(count).toBe(1);
	});

	test('keeps no process alive', () => {
		const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
		const before = timers();
		start(3);
		expect(timers()).toBe(before);
	});
});
