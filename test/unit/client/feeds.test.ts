import { describe, expect, test } from 'vitest';
import { Feeds } from '../../../src/client/feeds.ts';
import type { ConversationKey } from '../../../src/protocol/logs.ts';
import type { MessageV2 } from '../../../src/protocol/v2/values.ts';
import { messageV2, upTo } from './support.ts';

const room: ConversationKey = 'room:1';

/** Feeds with a history that ends at `head`, or is refused. */
const start = ({ head = 0, maxGap = 1000, refused = false } = {}) => {
	const told: (number | string)[] = [];
	const asked: number[] = [];
	const feeds: Feeds = new Feeds({
		maxGap,
		pageOf: () => async (after) => {
			asked.push(after);
			if (refused) throw new Error('not found');
			return { items: upTo(Math.max(0, Math.min(10, head - after)), after + 1).map(messageV2), more: false };
		},
		emitted: ({ seq }) => told.push(seq),
		skipped: (_conv, { from, to }) => told.push(`skipped ${from}-${to}`),
		restarted: () => told.push('restarted'),
		failed: () => told.push('failed'),
	});
	return { feeds, told, asked };
};
const direct = (seq: number): MessageV2 => ({ ...messageV2(seq), conv: 'dm:1:2' });

describe('what is followed', () => {
	test('is caught up over several pages, and live messages wait for that', async () => {
		const { feeds, told, asked } = start({ head: 25 });
		feeds.follow(room, 0);
		const caughtUp = feeds.catchUp(room, 25);
		feeds.accept(messageV2(26));
		expect(told).toEqual([]);
		await caughtUp;
		expect(told).toEqual(upTo(26));
		expect(asked).toEqual([0, 10, 20]);
	});

	test('is paged when the server cannot resume it', async () => {
		const { feeds, told, asked } = start({ head: 25 });
		feeds.follow(room, 20);
		feeds.reset(room, 25);
		expect(asked).toEqual([20]);
		await feeds.catchUp(room, 25);
		expect(told).toEqual(upTo(5, 21));
	});

	test('skips a gap that is too long, or cannot be had, and goes on after it', async () => {
		const long = start({ head: 100, maxGap: 50 });
		const gone = start({ refused: true });
		const empty = start();
		for (const { feeds } of [long, gone, empty]) {
			feeds.follow(room, 1);
			feeds.accept(messageV2(60));
			await feeds.catchUp(room, 60);
		}
		expect(long.told).toEqual(['skipped 2-59', 60]);
		expect(long.asked).toEqual([]);
		expect(gone.told).toEqual(['failed', 'skipped 2-59', 60]);
		expect(empty.told).toEqual(['skipped 2-59', 60]);
	});

	test('begins again when the server’s log is behind ours', () => {
		const { feeds, told } = start();
		feeds.follow(room, 100);
		feeds.reset(room, 3);
		feeds.accept(messageV2(4));
		expect(told).toEqual(['restarted', 'skipped 1-3', 4]);
	});

	test('begins again without what was being fetched of the log that was replaced', async () => {
		const { feeds, told } = start();
		feeds.follow(room, 100);
		const caughtUp = feeds.catchUp(room, 110);
		feeds.reset(room, 3);
		await caughtUp;
		feeds.accept(messageV2(4));
		expect(told).toEqual(['restarted', 'skipped 1-3', 4]);
	});

	test('is resumed by a new connection without what the last one told of its end: the log may be another one', async () => {
		const { feeds, told } = start({ head: 55 });
		feeds.follow(room, 50);
		const caughtUp = feeds.catchUp(room, 60);
		feeds.accept({ ...messageV2(58), body: 'of the log that was replaced' });
		feeds.opened();
		for (const seq of upTo(5, 51)) feeds.accept(messageV2(seq));
		await caughtUp;
		expect(told).toEqual(upTo(5, 51));
		for (const seq of upTo(5, 56)) feeds.accept(messageV2(seq));
		expect(told).toEqual(upTo(10, 51));
	});

	test('and is direct, goes on being caught up on a new connection', async () => {
		const { feeds, told } = start({ head: 25 });
		feeds.follow('dm:1:2', 0);
		const caughtUp = feeds.catchUp('dm:1:2', 25);
		feeds.opened();
		await caughtUp;
		expect(told).toEqual(upTo(25));
	});

	test('is a direct conversation from its first message on, and a room from joining to leaving', () => {
		const { feeds, told } = start();
		feeds.accept(messageV2(5));
		feeds.accept(direct(7));
		feeds.accept(direct(7));
		feeds.accept(direct(8));
		expect(told).toEqual([7, 8]);
		feeds.follow(room, 5);
		feeds.accept(messageV2(6));
		feeds.forget(room);
		feeds.accept(messageV2(7));
		expect(told).toEqual([7, 8, 6]);
		expect(feeds.cursors()).toEqual({ 'dm:1:2': 8 });
		expect(feeds.rooms()).toEqual([]);
	});

	test('tells nothing any more when it was left during a fetch', async () => {
		const { feeds, told } = start({ head: 5 });
		feeds.follow(room, 0);
		const caughtUp = feeds.catchUp(room, 5);
		feeds.forget(room);
		await caughtUp;
		expect(told).toEqual([]);
	});
});
