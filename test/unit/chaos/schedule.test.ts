import { expect, test } from 'vitest';
import { faultKinds, scheduleOf } from '../../chaos/schedule.ts';

test('the same seed and length give the same faults, another seed gives others', () => {
	expect(scheduleOf(7, 300)).toEqual(scheduleOf(7, 300));
	expect(scheduleOf(7, 300)).not.toEqual(scheduleOf(8, 300));
});

test('five minutes have every kind of fault, whatever the seed', () => {
	for (let seed = 0; seed < 200; seed += 1) {
		expect(new Set(scheduleOf(seed, 300).map(({ kind }) => kind))).toEqual(new Set(faultKinds));
	}
});

test('a minute has several, and each kind comes with one seed or another', () => {
	const schedules = Array.from({ length: 20 }, (_, seed) => scheduleOf(seed, 60));
	for (const schedule of schedules) expect(schedule.length).toBeGreaterThanOrEqual(4);
	expect(new Set(schedules.flat().map(({ kind }) => kind))).toEqual(new Set(faultKinds));
});

test('after each kind has come by itself they come two at a time, but for the rolling restart', () => {
	for (let seed = 0; seed < 200; seed += 1) {
		const faults = scheduleOf(seed, 600);
		const [single, pairs] = [faults.slice(0, faultKinds.length), faults.slice(faultKinds.length)];
		expect(new Set(single.map(({ kind }) => kind)).size).toBe(faultKinds.length);
		expect(single.every(({ beside }) => beside === undefined)).toBe(true);
		expect(pairs.filter(({ beside }) => beside !== undefined).length).toBeGreaterThanOrEqual(10);
		for (const { kind, at, beside } of pairs) {
			if (kind === 'rolling restart') expect(beside).toBeUndefined();
			expect(beside?.at ?? at).toBeGreaterThanOrEqual(at);
			expect([kind, 'rolling restart']).not.toContain(beside?.kind ?? '');
		}
	}
});

test('faults come one after the other, and leave the cluster time before the end', () => {
	for (let seed = 0; seed < 200; seed += 1) {
		const faults = scheduleOf(seed, 60);
		for (const [index, { at, holdMs }] of faults.entries()) {
			expect(at + holdMs / 1000).toBeLessThan(faults[index + 1]?.at ?? 57);
		}
	}
});
