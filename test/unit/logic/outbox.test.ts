import { describe, expect, test } from 'vitest';
import { createOutbox } from '../../../src/logic/outbox.ts';
import { ChatError } from '../../../src/protocol/errors.ts';
import type { RoomItem } from '../../../src/protocol/queue-items.ts';
import { createLogger } from '../../../src/runtime/logger.ts';

const logger = createLogger('silent', { module: 'logic', serverId: 'test' });
const item = (at: number): RoomItem => ({ type: 'room', roomId: 1, at, count: 0, members: null });

/** The end of the queue that takes items, as long as it is up. */
const takingQueue = (up: boolean) => {
	const state = { up, pushes: [] as number[][], refused: 0 };
	return {
		state,
		push: async (items: readonly string[]) => {
			if (!state.up) {
				state.refused += 1;
				throw new ChatError('unavailable');
			}
			state.pushes.push(items.map((raw) => JSON.parse(raw).at));
		},
	};
};

describe('the outbox to the queue', () => {
	test('items go out in order, and those of one turn together', async () => {
		const queue = takingQueue(true);
		const outbox = createOutbox(queue, logger);
		for (let at = 0; at < 1200; at++) outbox.add(item(at));
		await outbox.drain(1000);
		expect(queue.state.pushes.map((push) => push.length)).toEqual([500, 500, 200]);
		expect(queue.state.pushes.flat()).toEqual(Array.from({ length: 1200 }, (_, at) => at));
	});

	test('what the queue refused goes out, in order, when it is back', async () => {
		const queue = takingQueue(false);
		const outbox = createOutbox(
			{
				push: async (items) => {
					try {
						await queue.push(items);
					} finally {
						if (queue.state.refused === 2) queue.state.up = true;
					}
				},
			},
			logger,
		);
		for (let at = 0; at < 700; at++) outbox.add(item(at));
		await outbox.drain(5000);
		expect(queue.state.refused).toBe(2);
		expect(queue.state.pushes.flat()).toEqual(Array.from({ length: 700 }, (_, at) => at));
	});

	test('in a long outage the newest are kept, within a bound', async () => {
		const queue = takingQueue(false);
		const outbox = createOutbox(queue, logger);
		for (let at = 0; at < 25_000; at++) outbox.add(item(at));
		queue.state.up = true;
		await outbox.drain(5000);
		const sent = queue.state.pushes.flat();
		expect(sent.length).toBeGreaterThanOrEqual(9000);
		expect(sent.length).toBeLessThanOrEqual(10_000);
		expect(sent).toEqual(Array.from({ length: sent.length }, (_, index) => 25_000 - sent.length + index));
	});

	test('tells once that the queue does not take items, and how many were given up', async () => {
		const queue = takingQueue(false);
		const counted = { stalls: 0, givenUp: 0 };
		const outbox = createOutbox(queue, logger, {
			stalled: () => {
				counted.stalls += 1;
			},
			givenUp: (items) => {
				counted.givenUp += items;
			},
		});
		for (let at = 0; at < 12_500; at++) outbox.add(item(at));
		await outbox.drain(300);
		expect(queue.state.refused).toBeGreaterThan(1);
		expect(counted).toEqual({ stalls: 1, givenUp: 3000 });
		expect(outbox.waiting).toBe(9500);
	});

	test('draining ends in time when the queue never comes back', async () => {
		const queue = takingQueue(false);
		const outbox = createOutbox(queue, logger);
		outbox.add(item(1));
		await outbox.drain(120);
		const refused = queue.state.refused;
		expect(refused).toBeGreaterThan(0);
		queue.state.up = true;
		outbox.add(item(2));
		await outbox.drain(0);
		expect(queue.state.pushes).toEqual([]);
	});
});
