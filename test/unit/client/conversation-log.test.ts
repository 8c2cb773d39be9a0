import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConversationLog } from '../../../src/client/conversation-log.ts';
import { messageV2, upTo } from './support.ts';

const run = (start: number, arrivals: readonly number[]) => {
	const log = new ConversationLog(start);
	const emitted: number[] = [];
	const emit = ({ seq }: { seq: number }) => void emitted.push(seq);
	for (const seq of arrivals) log.accept(messageV2(seq), emit);
	return { log, emitted, emit };
};

describe('a conversation log', () => {
	test('emits each position once and in order, whatever is repeated and reordered on the way', () => {
		fc.assert(
			fc.property(
				fc.nat(5),
				fc.array(fc.nat(60), { minLength: 1 }),
				fc.infiniteStream(fc.nat()),
				(start, twice, picks) => {
					const left = [...upTo(40, start + 1), ...twice];
					const arrivals: number[] = [];
					while (left.length > 0) arrivals.push(...left.splice((picks.next().value ?? 0) % left.length, 1));
					const { log, emitted } = run(start, arrivals);
					expect(emitted.slice(0, 40)).toEqual(upTo(40, start + 1));
					expect(emitted).toEqual(upTo(emitted.length, start + 1));
					expect(log.position).toBe(start + emitted.length);
				},
			),
		);
	});

	test('names what is missing, so that it is complete once each gap was fetched', () => {
		fc.assert(
			fc.property(
				fc.uniqueArray(fc.integer({ min: 1, max: 50 })),
				fc.integer({ min: 1, max: 60 }),
				(arrivals, head) => {
					const { log, emitted, emit } = run(0, arrivals);
					log.expect(head);
					for (let gap = log.gap; gap !== undefined; gap = log.gap) {
						expect(gap.from).toBe(log.position + 1);
						expect(gap.to).toBeGreaterThanOrEqual(gap.from);
						for (const seq of upTo(gap.to - gap.from + 1, gap.from)) log.accept(messageV2(seq), emit);
					}
					expect(emitted).toEqual(upTo(Math.max(head, ...arrivals)));
				},
			),
		);
	});

	test('holds a bounded number of messages, and still knows of those it dropped', () => {
		const { log, emitted, emit } = run(0, upTo(5000, 2));
		log.accept(messageV2(1), emit);
		expect(emitted).toEqual(upTo(1001));
		expect(log.gap).toEqual({ from: 1002, to: 5001 });
	});

	test('names the gap right whatever came before', () => {
		expect(run(0, [1, 2, 1, 2, 6, 5, 1]).log.gap).toEqual({ from: 3, to: 4 });
	});

	test('goes on after what is given up', () => {
		const { log, emitted, emit } = run(0, [1, 5, 6]);
		expect(log.gap).toEqual({ from: 2, to: 4 });
		log.skipTo(4, emit);
		expect(emitted).toEqual([1, 5, 6]);
		expect(log.gap).toBeUndefined();
	});

	test('has its position before its listener is called', () => {
		const log = new ConversationLog(0);
		const seen: number[] = [];
		for (const seq of [2, 1]) log.accept(messageV2(seq), () => seen.push(log.position));
		expect(seen).toEqual([1, 2]);
	});
});
