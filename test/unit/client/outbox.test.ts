import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TschatError } from '../../../src/client/errors.ts';
import { Outbox } from '../../../src/client/outbox.ts';
import type { ConversationKey } from '../../../src/protocol/logs.ts';
import { TestWire } from './support.ts';

const later = new TschatError('unavailable', 'try again', { retryable: true, retryAfter: 0 });
const never = new TschatError('not-found', 'not found');
const frameBytes = 65_536;

const start = (maxUnsent = 1000) => {
	const wire = new TestWire();
	const sent: string[] = [];
	const failed: string[] = [];
	const outbox = new Outbox({
		wire,
		backoff: { minMs: 1, maxMs: 1 },
		maxUnsent,
		sent: ({ ref }) => sent.push(ref),
		failed: ({ ref }) => failed.push(ref),
	});
	let seq = 0;
	const accept = (ref: string, conv: ConversationKey = 'room:1') => {
		seq += 1;
		outbox.accepted({ ref, conv, id: String(seq), seq, at: '2026-01-01T00:00:00.000Z' });
	};
	const refs = () => wire.take().flatMap((frame) => (frame.type === 'send' ? [frame.ref] : []));
	return { wire, outbox, sent, failed, accept, refs };
};

describe('messages on their way out', () => {
	test.each(['', 'x'.repeat(65)])('with a ref that no server could answer (%j) are refused at once', async (ref) => {
		const { wire, outbox, refs } = start();
		wire.open = true;
		await expect(outbox.send('room:1', 'hello', ref)).rejects.toMatchObject({ code: 'bad-request' });
		outbox.restore([{ ref, conv: 'room:1', body: 'left by an earlier client' }]);
		void outbox.send('room:1', 'next', 'fine');
		expect(refs()).toEqual(['fine']);
	});

	test('are accepted in the order of the calls and once, whatever is refused, lost or cut off', async () => {
		const fate = fc.constantFrom('accept', 'lose answer', 'lose', 'refuse', 'cut');
		const convs = fc.array(fc.constantFrom('room:1' as const, 'room:2' as const), { minLength: 1, maxLength: 12 });
		await fc.assert(
			fc.asyncProperty(convs, fc.array(fate, { maxLength: 30 }), async (lanes, fates) => {
				const { wire, outbox, accept } = start();
				const log: Record<string, string[]> = { 'room:1': [], 'room:2': [] };
				const results = Promise.all(lanes.map((conv, index) => outbox.send(conv, 'hello', `${index}`)));
				let done = false;
				void results.then(() => {
					done = true;
				});
				const handle = (ref: string, conv: ConversationKey) => {
					const what = fates.shift() ?? 'accept';
					if (what !== 'refuse' && what !== 'lose' && log[conv]?.includes(ref) === false) log[conv].push(ref);
					if (what === 'accept') accept(ref, conv);
					else if (what === 'refuse') outbox.refused(ref, later);
					else if (what === 'cut') outbox.opened(frameBytes);
					else {
						wire.pings += 1;
						outbox.overdue(wire.pings);
					}
				};
				while (!done) {
					for (const frame of wire.take()) if (frame.type === 'send') handle(frame.ref, frame.conv);
					await new Promise((resolve) => setImmediate(resolve));
				}
				for (const conv of ['room:1', 'room:2'] as const) {
					expect(log[conv]).toEqual(lanes.flatMap((lane, index) => (lane === conv ? [`${index}`] : [])));
				}
			}),
			{ numRuns: 60 },
		);
	});

	test('of one conversation wait for each other, those of others do not', () => {
		const { outbox, refs, accept } = start();
		for (const ref of ['a', 'b']) void outbox.send('room:1', ref, ref);
		void outbox.send('room:2', 'c', 'c');
		expect(refs()).toEqual(['a', 'c']);
		accept('a');
		expect(refs()).toEqual(['b']);
	});

	test('wait for a connection; what the last one left unanswered goes first', () => {
		const { wire, outbox, refs } = start();
		wire.open = false;
		for (const ref of ['a', 'b']) void outbox.send('room:1', ref, ref);
		expect(refs()).toEqual([]);
		wire.open = true;
		outbox.opened(frameBytes);
		outbox.opened(frameBytes);
		expect(refs()).toEqual(['a', 'a']);
	});

	test('are as many as may wait', async () => {
		const { outbox } = start(2);
		for (const ref of ['a', 'b']) void outbox.send('room:1', ref, ref);
		await expect(outbox.send('room:1', 'c')).rejects.toMatchObject({ code: 'queue-full' });
		expect(outbox.unsent().map(({ ref }) => ref)).toEqual(['a', 'b']);
	});

	test('are one message under one ref', async () => {
		const { outbox, accept, refs } = start();
		const both = Promise.all([outbox.send('room:1', 'hello', 'a'), outbox.send('room:1', 'hello', 'a')]);
		accept('a');
		expect(refs()).toEqual(['a']);
		expect((await both).map(({ seq }) => seq)).toEqual([1, 1]);
	});

	test('that are refused for good, or too large, do not hold up the next', async () => {
		const { outbox, refs, failed } = start();
		outbox.opened(frameBytes);
		const refused = outbox.send('room:1', 'a', 'a');
		const large = outbox.send('room:1', '€'.repeat(frameBytes / 3), 'b');
		void outbox.send('room:1', 'c', 'c');
		outbox.refused('a', never);
		await expect(refused).rejects.toBe(never);
		await expect(large).rejects.toMatchObject({ code: 'too-large' });
		expect(refs()).toEqual(['a', 'c']);
		expect(failed).toEqual(['a', 'b']);
	});

	test('of an earlier client go before those of this one', async () => {
		const { outbox, refs, accept, wire, sent } = start();
		wire.open = false;
		const mine = outbox.send('room:1', 'mine', 'mine');
		outbox.restore([{ ref: 'old', conv: 'room:1', body: 'old' }]);
		wire.open = true;
		outbox.opened(frameBytes);
		expect(refs()).toEqual(['old']);
		accept('old');
		accept('mine');
		expect((await mine).seq).toBe(2);
		expect(sent).toEqual(['old', 'mine']);
	});

	test('stay listed when the client stops, though nobody waits for them any more', async () => {
		const { outbox } = start();
		const waiting = outbox.send('room:1', 'a', 'a');
		outbox.stop(never);
		await expect(waiting).rejects.toBe(never);
		await expect(outbox.send('room:1', 'b')).rejects.toBe(never);
		expect(outbox.unsent()).toEqual([{ ref: 'a', conv: 'room:1', body: 'a' }]);
	});
});
