import { describe, expect, test } from 'vitest';
import { createMarks } from '../../../src/logic/marks.ts';
import type { Mark } from '../../../src/ports/chat-store.ts';
import { ChatError } from '../../../src/protocol/errors.ts';
import { type ConversationKey, roomKey } from '../../../src/protocol/logs.ts';
import type { QueueItem } from '../../../src/protocol/queue-items.ts';
import { createLogger } from '../../../src/runtime/logger.ts';

const logger = createLogger('silent', { module: 'logic', serverId: 'test' });
const minute = 60_000;

/** A position that everybody has read up to. */
const known = 7;

/** The end of a store that takes marks, as `answer` says; what logic sent out is in `items`. */
const marksTo = (pauseMs: number, answer: (call: number) => Promise<void> = async () => {}) => {
	const calls: Mark[][] = [];
	const items: QueueItem[] = [];
	const mark = async (given: readonly Mark[]) => {
		calls.push([...given]);
		await answer(calls.length);
		return given.map(({ userId, conv, read = 0, delivered = read }) => {
			return { userId, conv, read, delivered, moved: read !== known };
		});
	};
	const marks = createMarks({ store: { mark }, outbox: { add: (item) => items.push(item) }, logger, pauseMs });
	return { ...marks, calls, items };
};

/** A wait that ends when it is told to. */
const createGate = () => {
	let open = () => {};
	const opened = new Promise<void>((resolve) => {
		open = resolve;
	});
	return { open, opened };
};

const read = (userId: number, seq: number, conv: ConversationKey = 'room:1'): Mark => ({ userId, conv, read: seq });
const turn = () => new Promise((resolve) => setImmediate(resolve));
const keys = (outcomes: PromiseSettledResult<void>[]) =>
	outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'stored' : outcome.reason.key));

describe('marks', () => {
	test('an idle store gets them at once: those of one turn together, the furthest of each', async () => {
		const { add, calls } = marksTo(minute);
		const delivered = { userId: 1, conv: 'room:1', delivered: 9 } as const;
		await Promise.all([add([read(1, 3), read(2, 8)]), add([read(1, 5), delivered]), add([read(1, 4)])]);
		expect(calls).toEqual([[{ ...delivered, read: 5 }, read(2, 8)]]);
	});

	test('a busy store gets them once in each pause', async () => {
		const { add, drain, calls } = marksTo(50);
		const start = performance.now();
		await add([read(1, 1)]);
		const stored = [2, 4, 3].map((seq) => add([read(1, seq)]));
		await turn();
		expect(calls).toHaveLength(1);
		await Promise.all(stored);
		// A timer may end a millisecond early.
		expect(performance.now() - start).toBeGreaterThanOrEqual(48);
		expect(calls).toEqual([[read(1, 1)], [{ ...read(1, 4), delivered: undefined }]]);
		await drain();
	});

	test('what comes while some are stored is never added to those, and goes next', async () => {
		const gate = createGate();
		const { add, drain, calls } = marksTo(minute, (call) => (call === 1 ? gate.opened : Promise.resolve()));
		const first = add([read(1, 1)]);
		await turn();
		const second = add([read(1, 2)]);
		await turn();
		expect(calls).toEqual([[read(1, 1)]]);
		gate.open();
		await first;
		await drain();
		await second;
		expect(calls).toEqual([[read(1, 1)], [read(1, 2)]]);
	});

	test('whoever waits for marks that the store refused is told so; the next ones are stored', async () => {
		const { add, items } = marksTo(1, async (call) => {
			if (call === 1) throw new ChatError('unavailable');
		});
		const refused = await Promise.allSettled([add([read(1, 1)]), add([read(1, 2)]), add([read(2, 1)])]);
		expect(keys(refused)).toEqual(['unavailable', 'unavailable', 'unavailable']);
		expect(items).toEqual([]);
		await add([read(1, 1)]);
		expect(items).toHaveLength(1);
	});

	test('what has moved is told: to both users, to oneself once, of a room to it and the own devices', async () => {
		const { add, items } = marksTo(minute);
		await add([read(5, 1, 'dm:5:7'), read(5, 2, 'dm:5:5'), read(5, 3, 'room:9')]);
		expect(items).toEqual([
			{ type: 'receipt', feeds: ['user:5', 'user:7'], conv: 'dm:5:7', userId: 5, read: 1, delivered: 1 },
			{ type: 'receipt', feeds: ['user:5'], conv: 'dm:5:5', userId: 5, read: 2, delivered: 2 },
			{ type: 'receipt', feeds: ['user:5', 'room:9'], conv: 'room:9', userId: 5, read: 3, delivered: 3 },
		]);
	});

	test('what was read before is told to the devices of the user only', async () => {
		const { add, items } = marksTo(minute);
		await add([read(5, known, 'dm:5:7')]);
		expect(items).toMatchObject([{ type: 'receipt', feeds: ['user:5'], conv: 'dm:5:7', read: known }]);
	});

	test('more than 20,000 may not wait; of those that do, the furthest still counts', async () => {
		const { add, drain, calls } = marksTo(minute);
		const many = Array.from({ length: 20_000 }, (_, index) => add([read(index + 1, 1)]));
		await expect(add([read(30_000, 1)])).rejects.toMatchObject({ key: 'overloaded' });
		const further = add([read(1, 2)]);
		await drain();
		await Promise.all([...many, further]);
		expect(calls.map((call) => call.length)).toEqual(Array(20).fill(1000));
		expect(calls[0]?.[0]).toMatchObject(read(1, 2));
		await add([read(30_000, 1)]);
	});

	test('a stop stores what waits without pauses, and asks a store that is away only once', async () => {
		const well = marksTo(minute);
		await well.add([read(1, 1)]);
		const waiting = well.add([read(1, 2)]);
		await well.drain();
		await waiting;
		expect(well.calls).toHaveLength(2);

		const away = marksTo(minute, async () => {
			throw new ChatError('unavailable');
		});
		const refused = Array.from({ length: 3000 }, (_, index) => away.add([read(1, 1, roomKey(index + 1))]));
		const outcomes = Promise.allSettled(refused);
		await away.drain();
		expect(new Set(keys(await outcomes))).toEqual(new Set(['unavailable']));
		expect(away.calls).toHaveLength(1);
	});
});
