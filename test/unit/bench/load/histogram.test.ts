import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Histogram } from '../../../bench/load/histogram.ts';

test('a quantile is within 3 % of the exact one, whatever was added', () => {
	const micros = fc.array(fc.integer({ min: 0, max: 2 ** 31 - 1 }), { minLength: 1, maxLength: 300 });
	fc.assert(
		fc.property(micros, fc.constantFrom(0.01, 0.5, 0.95, 0.99, 1), (values, part) => {
			const histogram = new Histogram();
			for (const value of values) histogram.add(value);
			const exact = values.toSorted((a, b) => a - b)[Math.ceil(part * values.length) - 1] ?? 0;
			expect(Math.abs(histogram.quantile_ms(part) * 1000 - exact)).toBeLessThanOrEqual(exact * 0.03);
		}),
	);
});

test('small times are exact, and those below 0 or without end count as the first and the last', () => {
	const histogram = new Histogram();
	for (const micros of [-5, 1, 63, Number.POSITIVE_INFINITY]) histogram.add(micros);
	expect(histogram.quantile_ms(0.25)).toBe(0);
	expect(histogram.quantile_ms(0.5)).toBe(0.001);
	expect(histogram.quantile_ms(0.75)).toBe(0.063);
	expect(histogram.quantile_ms(1)).toBeGreaterThan(2_000_000);
	expect(new Histogram().quantile_ms(0.99)).toBe(0);
});

test('what several processes have counted is added up', () => {
	const [one, other] = [new Histogram(), new Histogram()];
	one.add(10);
	other.add(30);
	one.merge(other.counts);
	expect(one.quantile_ms(0.5)).toBe(0.01);
	expect(one.quantile_ms(1)).toBe(0.03);
});
