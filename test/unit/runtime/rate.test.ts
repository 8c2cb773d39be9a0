import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Rate } from '../../../src/runtime/rate.ts';

test('all of a burst is granted at any time of the clock, and no more than that', () => {
	fc.assert(
		fc.property(
			fc.double({ min: 0, max: 1e10, noNaN: true }),
			fc.integer({ min: 1, max: 1000 }),
			fc.integer({ min: 1, max: 200 }),
			(now, perSecond, burst) => {
				const rate = new Rate({ perSecond, burst });
				let until = 0;
				for (let taken = 0; taken < burst; taken += 1) {
					until = rate.spend(until, 1, now);
					expect(rate.overMs(until, now)).toBeLessThanOrEqual(0);
				}
				expect(rate.overMs(rate.spend(until, 1, now), now)).toBeGreaterThan(0);
			},
		),
	);
});
