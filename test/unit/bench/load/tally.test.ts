import { expect, test } from 'vitest';
import { Histogram } from '../../../bench/load/histogram.ts';
import { Had, Tally } from '../../../bench/load/tally.ts';

test('each message is counted for each connection once, and what comes again is told', () => {
	const tally = new Tally();
	const [ann, bob] = [new Had(), new Had()];
	for (const index of [0, 1, 70, 5000]) tally.add(ann, index, 1000, 3000);
	for (const index of [1, 1, 70, 1]) tally.add(bob, index, 2000, 4000);
	const { connections, deliveries, repeated, firstAt, lastAt, latencies } = tally.counted;
	expect([0, 1, 2, 70, 5000].map((index) => connections[index])).toEqual([1, 2, 0, 2, 1]);
	expect({ deliveries, repeated, firstAt, lastAt }).toEqual({
		deliveries: 8,
		repeated: 2,
		firstAt: 1000,
		lastAt: 4000,
	});
	const merged = new Histogram();
	merged.merge(latencies);
	expect(merged.quantile_ms(1)).toBeCloseTo(2, 1);
});

test('a new run begins with nothing, and takes nothing of the one before', () => {
	const tally = new Tally();
	const had = new Had();
	tally.add(had, 3, 1000, 1001);
	tally.reset(5000);
	tally.add(had, 4, 4999, 5001);
	expect(tally.counted).toMatchObject({ deliveries: 0, repeated: 0, lastAt: 0 });
	tally.add(had, 3, 5000, 5002);
	expect(tally.counted).toMatchObject({ deliveries: 1, repeated: 0, firstAt: 5000, lastAt: 5002 });
});
