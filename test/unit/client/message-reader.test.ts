import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MessageReader } from '../../../src/client/message-reader.ts';
import type { MessageV2 } from '../../../src/protocol/v2/values.ts';
import { messageV2, upTo } from './support.ts';

/** A conversation whose history is asked for a few at a time. */
const conversation = (options: { after?: number; behind?: boolean; head?: number } = {}) => {
	const state = { head: options.head ?? 0, pages: 0, ended: 0 };
	const reader = new MessageReader({
		after: options.after,
		behind: options.behind ?? false,
		ended: () => {
			state.ended += 1;
		},
		page: async (after) => {
			state.pages += 1;
			const items = upTo(Math.min(7, Math.max(0, state.head - after)), after + 1).map(messageV2);
			return { items, more: after + items.length < state.head };
		},
	});
	const say = (seq: number) => {
		state.head = Math.max(state.head, seq);
		reader.push(messageV2(seq));
	};
	return { reader, state, say };
};
const take = async (reader: MessageReader, count: number) => {
	const seqs: number[] = [];
	while (seqs.length < count) seqs.push((await reader.next()).value?.seq ?? -1);
	return seqs;
};

describe('async iteration', () => {
	test('gives each message once and in order, whatever of it is paged, live, skipped or too much to be buffered', async () => {
		const step = fc.oneof(
			fc.record({ say: fc.constantFrom(1, 3, 1500) }),
			fc.record({ skip: fc.integer({ min: 1, max: 30 }) }),
			fc.record({ take: fc.integer({ min: 1, max: 40 }) }),
		);
		await fc.assert(
			fc.asyncProperty(fc.nat(20), fc.nat(20), fc.array(step, { maxLength: 15 }), async (after, ahead, steps) => {
				const { reader, state, say } = conversation({ after, behind: true, head: after + ahead });
				const seqs: number[] = [];
				const takeSome = async (count: number) => {
					seqs.push(...(await take(reader, Math.min(count, state.head - after - seqs.length))));
				};
				for (const todo of steps) {
					if ('say' in todo) for (const seq of upTo(todo.say, state.head + 1)) say(seq);
					else if ('take' in todo) await takeSome(todo.take);
					else {
						state.head += todo.skip;
						reader.skipped();
					}
				}
				await takeSome(Number.POSITIVE_INFINITY);
				expect(seqs).toEqual(upTo(state.head - after, after + 1));
			}),
			{ numRuns: 60 },
		);
	});

	test('gives all to a consumer that is slower than the messages', async () => {
		const { reader, say } = conversation({ after: 0 });
		for (const seq of upTo(2500)) say(seq);
		expect(await take(reader, 2500)).toEqual(upTo(2500));
	});

	test('begins with the next message when nothing else is said, and asks for no history', async () => {
		const { reader, state, say } = conversation();
		const first = reader.next();
		say(8);
		say(9);
		expect((await first).value?.seq).toBe(8);
		expect(await take(reader, 1)).toEqual([9]);
		expect(state.pages).toBe(0);
	});

	test('ends while somebody waits, and tells once that it has', async () => {
		const { reader, state, say } = conversation();
		const waiting = reader.next();
		expect(await reader.return()).toEqual({ done: true, value: undefined });
		expect(await waiting).toEqual({ done: true, value: undefined });
		say(1);
		reader.end();
		expect(await reader.next()).toEqual({ done: true, value: undefined });
		expect(state.ended).toBe(1);
	});

	test('throws the reason once, then is over', async () => {
		const { reader } = conversation();
		const waiting = reader.next();
		reader.end(new Error('revoked'));
		await expect(waiting).rejects.toThrow('revoked');
		expect(await reader.next()).toEqual({ done: true, value: undefined });
	});

	test('answers those who ask at the same time in turn', async () => {
		const { reader, say } = conversation();
		const asked = [reader.next(), reader.next(), reader.next()];
		for (const seq of [1, 2, 3]) say(seq);
		expect((await Promise.all(asked)).map(({ value }) => value?.seq)).toEqual([1, 2, 3]);
	});

	test('reads what a conversation that replaced another has beyond its position', async () => {
		const { reader, say, state } = conversation({ after: 5 });
		for (const seq of upTo(15, 6)) say(seq);
		state.head = 10;
		reader.restarted(10);
		expect(await take(reader, 5)).toEqual([6, 7, 8, 9, 10]);
	});

	test('takes no page of a conversation that was replaced meanwhile', async () => {
		const pages: ((page: { items: MessageV2[]; more: boolean }) => void)[] = [];
		const page = () => new Promise<{ items: MessageV2[]; more: boolean }>((resolve) => pages.push(resolve));
		const reader = new MessageReader({ after: 5, behind: true, page, ended: () => {} });
		const next = reader.next();
		await expect.poll(() => pages.length).toBe(1);
		reader.restarted(6);
		pages[0]?.({ items: [{ ...messageV2(6), body: 'old' }], more: true });
		await expect.poll(() => pages.length).toBe(2);
		pages[1]?.({ items: [{ ...messageV2(6), body: 'new' }], more: false });
		expect((await next).value?.body).toBe('new');
	});

	test('goes on from the new head when the conversation was replaced', async () => {
		const { reader, say, state } = conversation({ after: 100 });
		state.head = 3;
		reader.restarted(3);
		say(4);
		expect(await take(reader, 1)).toEqual([4]);
	});
});
