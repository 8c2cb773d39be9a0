import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSnowflake } from '../../../src/logic/snowflake.ts';

const epoch = Date.UTC(2024, 0, 1);
const workerNumber = fc.integer({ min: 0, max: 1023 });

const increases = (ids: readonly string[]) =>
	ids.every((id, index) => index === 0 || BigInt(id) > BigInt(ids[index - 1] ?? 0));

describe('snowflake ids', () => {
	test('an id holds the time, the worker and the counter', () => {
		const next = createSnowflake({ number: 5 }, () => epoch + 1000);
		expect(BigInt(next())).toBe((1000n << 22n) | (5n << 12n));
		expect(BigInt(next())).toBe((1000n << 22n) | (5n << 12n) | 1n);
	});

	test('ids of one generator strictly increase, whatever the clock and the worker number do', () => {
		const step = fc.record({ clock: fc.integer({ min: -5000, max: 5000 }), worker: fc.option(workerNumber) });
		fc.assert(
			fc.property(fc.array(step, { maxLength: 200 }), workerNumber, (steps, first) => {
				let clock = epoch + 1_000_000;
				const worker = { number: first };
				const next = createSnowflake(worker, () => clock);
				const ids = steps.map((change) => {
					clock += change.clock;
					worker.number = change.worker ?? worker.number;
					return next();
				});
				expect(increases(ids)).toBe(true);
				for (const id of ids) expect(id).toMatch(/^[1-9][0-9]{0,18}$/);
			}),
		);
	});

	test('more ids than a millisecond holds go into the next', () => {
		const next = createSnowflake({ number: 1023 }, () => epoch + 7);
		const ids = Array.from({ length: 10_000 }, next);
		expect(increases(ids)).toBe(true);
		expect(new Set(ids.map((id) => BigInt(id) >> 22n))).toEqual(new Set([7n, 8n, 9n]));
	});

	test('generators of different workers never make the same id', () => {
		fc.assert(
			fc.property(fc.uniqueArray(workerNumber, { minLength: 2, maxLength: 4 }), (workers) => {
				const ids = workers.flatMap((number) =>
					Array.from(
						{ length: 5000 },
						createSnowflake({ number }, () => epoch + 1),
					),
				);
				expect(new Set(ids).size).toBe(ids.length);
			}),
			{ numRuns: 20 },
		);
	});
});
