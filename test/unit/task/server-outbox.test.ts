import { describe, expect, test } from 'vitest';
import { ChatError } from '../../../src/protocol/errors.ts';
import type { QueueItem } from '../../../src/protocol/queue-items.ts';
import type { Delivery } from '../../../src/task/decode.ts';
import { createServerOutbox, type ServerOutboxOptions } from '../../../src/task/server-outbox.ts';

const delivery = (at: number, bytes = 100): Delivery => ({
	item: { type: 'room', roomId: 1, at, count: 0, members: null },
	bytes,
	feeds: ['room:1'],
});
const deliveries = (from: number, to: number, bytes?: number) =>
	Array.from({ length: to - from }, (_, index) => delivery(from + index, bytes));

/** A batch of the queue that tells when nobody holds it any more. */
const heldBatch = () => {
	let holds = 0;
	let tell = () => {};
	const released = new Promise<void>((resolve) => {
		tell = resolve;
	});
	return {
		released,
		get holds() {
			return holds;
		},
		hold: () => {
			holds += 1;
		},
		release: () => {
			holds -= 1;
			if (holds < 0) throw new Error('released too often');
			if (holds === 0) tell();
		},
	};
};

/** A server whose calls are answered by `answer`; notes what each call brought. */
const outboxTo = (answer: (call: number) => Promise<unknown>, changes: Partial<ServerOutboxOptions> = {}) => {
	const calls: number[][] = [];
	const events: string[] = [];
	const counted = { givenUp: 0 };
	const outbox = createServerOutbox({
		deliver: (items: QueueItem[]) => {
			calls.push(items.map((item) => (item.type === 'room' ? item.at : 0)));
			return answer(calls.length);
		},
		stallMs: 5000,
		maxAgeMs: 10_000,
		onStall: () => events.push('stall'),
		onRejection: () => events.push('rejection'),
		onGivenUp: (items) => {
			counted.givenUp += items;
		},
		onRecovery: (givenUp) => events.push(`recovery, ${givenUp} given up`),
		...changes,
	});
	return { outbox, calls, events, counted };
};

describe('the outbox of a connect server', () => {
	test('one call is under way at a time, and what waits is merged into the next, in order', async () => {
		let answerFirst = () => {};
		const first = new Promise<void>((resolve) => {
			answerFirst = resolve;
		});
		const { outbox, calls } = outboxTo(async (call) => call === 1 && (await first));
		const batch = heldBatch();
		outbox.add(deliveries(0, 2), batch);
		await Promise.resolve().then(() => {});
		outbox.add(deliveries(2, 5), batch);
		outbox.add(deliveries(5, 7), batch);
		expect(calls).toEqual([[0, 1]]);
		answerFirst();
		await outbox.idle();
		expect(calls).toEqual([
			[0, 1],
			[2, 3, 4, 5, 6],
		]);
		expect(batch.holds).toBe(0);
	});

	test('a call is bounded in items and in bytes', async () => {
		const { outbox, calls } = outboxTo(async () => {});
		outbox.add(deliveries(0, 2500), heldBatch());
		await outbox.idle();
		expect(calls.map((call) => call.length)).toEqual([1000, 1000, 500]);
		outbox.add(deliveries(0, 10, 300_000), heldBatch());
		await outbox.idle();
		expect(calls.slice(3).map((call) => call.length)).toEqual([3, 3, 3, 1]);
		expect(calls.slice(3).flat()).toEqual(Array.from({ length: 10 }, (_, index) => index));
	});

	test('what a server does not accept is sent again, before what came later', async () => {
		const { outbox, calls, events } = outboxTo(async (call) => {
			if (call <= 2) throw new ChatError('unavailable');
		});
		outbox.add([delivery(1)], heldBatch());
		outbox.add([delivery(2)], heldBatch());
		await outbox.idle();
		expect(calls).toEqual([
			[1, 2],
			[1, 2],
			[1, 2],
		]);
		expect(events).toEqual(['stall', 'recovery, 0 given up']);
	});

	test('a server that hangs holds no batch, neither those that wait nor new ones', async () => {
		const { outbox } = outboxTo(() => new Promise(() => {}), { stallMs: 20 });
		const [first, second, third] = [heldBatch(), heldBatch(), heldBatch()];
		outbox.add([delivery(1)], first);
		outbox.add([delivery(2)], second);
		await Promise.all([first.released, second.released]);
		outbox.add([delivery(3)], third);
		expect(third.holds).toBe(0);
		outbox.abort();
	});

	test('after a stall the server gets what waited, and holds batches again', async () => {
		let recover = () => {};
		const hang = new Promise<void>((resolve) => {
			recover = resolve;
		});
		const { outbox, calls, events } = outboxTo(async (call) => call === 1 && (await hang), { stallMs: 20 });
		const batch = heldBatch();
		outbox.add([delivery(1)], batch);
		await batch.released;
		outbox.add([delivery(2)], heldBatch());
		recover();
		await outbox.idle();
		expect(calls).toEqual([[1], [2]]);
		expect(events).toEqual(['stall', 'recovery, 0 given up']);
		const next = heldBatch();
		outbox.add([delivery(3)], next);
		expect(next.holds).toBe(1);
		await outbox.idle();
		expect(next.holds).toBe(0);
	});

	test('items that are too old are given up', async () => {
		const { outbox, calls, events, counted } = outboxTo(
			async (call) => {
				if (call === 1) throw new ChatError('timeout');
			},
			{ maxAgeMs: 25 },
		);
		const batch = heldBatch();
		outbox.add(deliveries(0, 3), batch);
		await batch.released;
		await outbox.idle();
		expect(calls).toEqual([[0, 1, 2]]);
		expect(batch.holds).toBe(0);
		outbox.add([delivery(9)], heldBatch());
		await outbox.idle();
		expect(events).toEqual(['stall', 'recovery, 3 given up']);
		expect(counted.givenUp).toBe(3);
	});

	test('of too many the oldest are given up', async () => {
		let recover = () => {};
		const hang = new Promise<void>((resolve) => {
			recover = resolve;
		});
		const { outbox, calls, events, counted } = outboxTo(async (call) => call === 1 && (await hang), { stallMs: 10 });
		const batch = heldBatch();
		outbox.add([delivery(0)], batch);
		await batch.released;
		for (let from = 1; from <= 30_000; from += 500) outbox.add(deliveries(from, from + 500), heldBatch());
		recover();
		await outbox.idle();
		const delivered = calls.slice(1).flat();
		expect(delivered).toEqual(Array.from({ length: 20_000 }, (_, index) => 10_001 + index));
		expect(events).toEqual(['stall', 'recovery, 10000 given up']);
		expect([counted.givenUp, outbox.items]).toEqual([10_000, 0]);
	});

	test('what a server will never accept does not stop what comes after it', async () => {
		const { outbox, calls, events } = outboxTo(async (call) => {
			if (call === 1) throw new ChatError('bad-request');
		});
		const batch = heldBatch();
		outbox.add([delivery(1)], batch);
		await batch.released;
		outbox.add([delivery(2)], heldBatch());
		await outbox.idle();
		expect(calls).toEqual([[1], [2]]);
		expect(events).toEqual(['rejection']);
	});

	test('a server that is gone lets go of its batches; one that is left at a stop keeps them for another task', async () => {
		const gone = outboxTo(() => new Promise(() => {}));
		const left = outboxTo(() => new Promise(() => {}));
		const [released, kept] = [heldBatch(), heldBatch()];
		gone.outbox.add([delivery(1)], released);
		left.outbox.add([delivery(1)], kept);
		await Promise.resolve().then(() => {});
		gone.outbox.giveUp();
		left.outbox.abort();
		expect(released.holds).toBe(0);
		expect(kept.holds).toBe(1);
	});
});
