import { describe, expect, test } from 'vitest';
import { Feeds } from '../../../src/client/feeds.ts';
import { Inbox } from '../../../src/client/inbox.ts';
import type { ServerFrameOf } from '../../../src/protocol/v2/server-frames.ts';
import type { MessageV2 } from '../../../src/protocol/v2/values.ts';
import { messageV2, upTo } from './support.ts';

type Line = ServerFrameOf<'conversations'>['items'][number];
type Key = MessageV2['conv'];

const direct = (conv: Key, seq: number): MessageV2 => ({ ...messageV2(seq), conv });
const line = (conv: Key, head: number, read: number): Line => ({
	...{ conv, head, read, unread: head - read },
	...{ name: null, last: null, peer: null },
});

const start = (lines: Line[] = []) => {
	const told: string[] = [];
	let lost = 0;
	const headOf = (conv: Key) => lines.find((one) => one.conv === conv)?.head ?? 0;
	const feeds = new Feeds({
		maxGap: 1000,
		pageOf: (conv) => async (after) => ({
			items: upTo(Math.max(0, headOf(conv) - after), after + 1).map((seq) => direct(conv, seq)),
			more: false,
		}),
		emitted: ({ conv, seq }) => told.push(`${conv} ${seq}`),
		skipped: (conv, { from, to }) => told.push(`${conv} skipped ${from}-${to}`),
		restarted: (conv) => told.push(`${conv} restarted`),
		failed: () => expect.unreachable(),
	});
	const inbox = new Inbox({
		feeds,
		conversations: async (after) => {
			const index = Number(after ?? 0);
			const next = index + 1 < lines.length ? String(index + 1) : null;
			return { type: 'conversations', items: lines.slice(index, index + 1), next };
		},
		skipped: ({ from, to }) => told.push(`skipped ${from}-${to}`),
		lost: () => {
			lost += 1;
		},
		failed: () => expect.unreachable(),
	});
	inbox.begin(10);
	return { inbox, feeds, told, lost: () => lost };
};
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the inbox', () => {
	test('has its connection renewed when a direct message was lost, and stays before it', () => {
		const { inbox, told, lost } = start();
		inbox.accept(direct('dm:1:2', 5), 11);
		expect(lost()).toBe(0);
		inbox.accept(direct('dm:1:2', 7), 13);
		expect(lost()).toBe(1);
		expect([told, inbox.position]).toEqual([['dm:1:2 5'], 11]);
	});

	test('has its connection renewed when that was given more than came', () => {
		const { inbox, lost } = start();
		inbox.given(10);
		expect(lost()).toBe(0);
		inbox.given(11);
		expect(lost()).toBe(1);
	});

	test('after a reset catches up what is known, and of other conversations what is unread', async () => {
		const { inbox, told } = start([
			line('dm:1:2', 9, 0),
			line('dm:1:3', 4, 2),
			line('room:1', 50, 0),
			line('dm:1:4', 6, 6),
		]);
		inbox.accept(direct('dm:1:2', 5), 11);
		inbox.reset(600);
		inbox.accept(direct('dm:1:3', 5), 601);
		expect(inbox.position).toBe(11);
		await settled();
		expect(told).toEqual([
			'dm:1:2 5',
			'skipped 12-600',
			...upTo(4, 6).map((seq) => `dm:1:2 ${seq}`),
			...upTo(3, 3).map((seq) => `dm:1:3 ${seq}`),
		]);
		expect(inbox.position).toBe(601);
	});

	test('begins again at the end of a log that is behind ours, and loses nothing that comes of it', async () => {
		const { inbox, feeds, told } = start([
			line('dm:1:2', 40, 40),
			line('dm:1:3', 8, 8),
			line('dm:1:4', 6, 6),
			// The list was read when the first message after the reset stood in it.
			line('dm:1:6', 3, 2),
		]);
		for (const [conv, position] of [
			['dm:1:2', 50],
			['dm:1:3', 7],
			['dm:1:4', 6],
			['dm:1:5', 2],
			['dm:1:6', 9],
			['dm:1:7', 9],
		] as const) {
			feeds.follow(conv, position);
		}
		inbox.reset(4);
		inbox.accept(direct('dm:1:6', 3), 5);
		inbox.accept(direct('dm:1:7', 4), 6);
		expect(inbox.position).toBe(10);
		await settled();
		inbox.accept(direct('dm:1:2', 41), 7);
		inbox.accept(direct('dm:1:5', 1), 8);
		expect(told).toEqual([
			'skipped 1-4',
			...['dm:1:2 restarted', 'dm:1:2 skipped 1-40'],
			'dm:1:3 8',
			...['dm:1:6 restarted', 'dm:1:6 skipped 1-2', 'dm:1:6 3'],
			...['dm:1:5 restarted', 'dm:1:5 skipped 1-0'],
			...['dm:1:7 restarted', 'dm:1:7 skipped 1-3', 'dm:1:7 4'],
			...['dm:1:2 41', 'dm:1:5 1'],
		]);
		expect(inbox.position).toBe(8);
	});

	test('keeps its place in conversations whose list is older than a message, where only too much is missing', async () => {
		const { inbox, told } = start([line('dm:1:2', 5, 5)]);
		inbox.accept(direct('dm:1:2', 5), 11);
		inbox.reset(600);
		inbox.accept(direct('dm:1:2', 6), 601);
		await settled();
		inbox.accept(direct('dm:1:2', 7), 602);
		expect(told).toEqual(['dm:1:2 5', 'skipped 12-600', 'dm:1:2 6', 'dm:1:2 7']);
	});
});
