import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backoffDelay } from '../../../src/client/backoff.ts';
import { upTo } from './support.ts';

describe('the back-off', () => {
	test('doubles from 250 ms up to 15 s, and takes anything below', () => {
		const ceilings = upTo(9).map((failures) => backoffDelay(failures, {}, () => 1));
		expect(ceilings).toEqual([250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
		fc.assert(
			fc.property(fc.nat(5000), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
				const delay = backoffDelay(failures, { minMs: 10, maxMs: 70 }, () => random);
				expect(delay).toBeGreaterThanOrEqual(0);
				expect(delay).toBeLessThanOrEqual(70);
			}),
		);
	});
});
