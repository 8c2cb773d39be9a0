import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Edge } from '../../../src/connect/edge.ts';
import { message } from '../../support/messages.ts';

const run = (start: number, arrivals: readonly number[]) => {
	const edge = new Edge(start);
	const emitted: number[] = [];
	for (const position of arrivals) edge.accept(position, message(position), (next) => emitted.push(next.seq));
	return { edge, emitted };
};

describe('an edge', () => {
	test('emits messages that come in order as they come', () => {
		expect(run(4, [5, 6, 7]).emitted).toEqual([5, 6, 7]);
	});

	test('drops what was emitted before, and what came before it started', () => {
		expect(run(4, [3, 4, 5, 5, 6, 5]).emitted).toEqual([5, 6]);
	});

	test('holds what came early, and says what is missing', () => {
		const { edge, emitted } = run(0, [1, 4, 3]);
		expect(emitted).toEqual([1]);
		expect(edge.gapped).toBe(true);
		expect(edge.missingUpTo).toBe(2);
		edge.accept(2, message(2), (next) => emitted.push(next.seq));
		expect(emitted).toEqual([1, 2, 3, 4]);
		expect(edge.gapped).toBe(false);
	});

	test('names the next gap when one of two is closed', () => {
		const { edge } = run(0, [2, 5, 1]);
		expect(edge.position).toBe(2);
		expect(edge.missingUpTo).toBe(4);
	});

	test('holds a bounded number of messages', () => {
		const { edge, emitted } = run(
			0,
			Array.from({ length: 5000 }, (_, index) => index + 2),
		);
		edge.accept(1, message(1), (next) => emitted.push(next.seq));
		expect(emitted.length).toBe(1001);
		expect(edge.gapped).toBe(false);
	});

	test('emits each position once and in order, whatever is repeated and reordered on the way', () => {
		fc.assert(
			fc.property(fc.nat(5), fc.integer({ min: 1, max: 60 }), fc.infiniteStream(fc.nat()), (start, count, picks) => {
				const sent = Array.from({ length: count }, (_, index) => start + index + 1);
				const arrivals: number[] = [];
				const left = [...sent, ...sent.filter((_, index) => index % 3 === 0)];
				while (left.length > 0) {
					const pick = (picks.next().value ?? 0) % left.length;
					arrivals.push(...left.splice(pick, 1));
				}
				const { edge, emitted } = run(start, arrivals);
				expect(emitted).toEqual(sent);
				expect(edge.gapped).toBe(false);
			}),
		);
	});

	test('never skips a lost position', () => {
		fc.assert(
			fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 50 })), (arrivals) => {
				const { edge, emitted } = run(0, arrivals);
				expect(emitted).toEqual(Array.from({ length: emitted.length }, (_, index) => index + 1));
				expect(edge.gapped).toBe(arrivals.some((position) => position > emitted.length));
			}),
		);
	});
});
