import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ChatStore } from '../../src/ports/chat-store.ts';
import { type ConversationKey, directUsersOf, type FeedKey, inboxKey } from '../../src/protocol/logs.ts';
import type { Message } from '../../src/protocol/message.ts';
import { compile } from '../support/compile.ts';
import { toRoom } from '../support/new-message.ts';
import { type RunningProcess, startProcess } from '../support/processes.ts';
import type { StoreUnderTest } from './chat-store.contract.ts';

/** Conversation, seq and ref of each message of an answered batch, as store-writer.ts prints them. */
type AnsweredBatch = [conv: string, seq: number, ref: string][];

const answersOf = (writer: RunningProcess): AnsweredBatch[] =>
	writer
		.output()
		.split('\n')
		// What follows the last line break may be half a line of a process that was killed.
		.slice(0, -1)
		.filter((line) => line.startsWith('[['))
		.map((line) => JSON.parse(line) as AnsweredBatch);

const conversations = ['room:1', 'room:2', 'dm:1:1', 'dm:1:2', 'dm:1:3', 'dm:2:2', 'dm:2:3', 'dm:3:3'] as const;
const users = [1, 2, 3];
const feeds: FeedKey[] = ['room:1', 'room:2', inboxKey(1), inboxKey(2), inboxKey(3)];

/** All messages there are, after it was checked that positions are gapless and that heads and inboxes agree with them. */
const checkedMessages = async (store: ChatStore): Promise<Map<string, Message>> => {
	const all = new Map<string, Message>();
	for (const conv of conversations) {
		const messages = await store.history({ conv, after: 0, limit: 100_000 });
		expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, index) => index + 1));
		expect(await store.heads([conv])).toEqual([messages.length]);
		for (const message of messages) {
			expect(all.has(message.ref)).toBe(false);
			all.set(message.ref, message);
		}
	}
	for (const feed of feeds) {
		const entries = await store.readFeed(feed, 0, 100_000);
		expect(entries.map(({ pos }) => pos)).toEqual(entries.map((_, index) => index + 1));
		expect(await store.heads([feed])).toEqual([entries.length]);
		const owner = Number(feed.slice(5));
		const concerning = [...all.values()].filter(({ conv, from, to }) =>
			feed.startsWith('room:') ? conv === feed : to !== null && (from.id === owner || to.id === owner),
		);
		expect(new Set(entries.map(({ message }) => message.ref))).toEqual(new Set(concerning.map(({ ref }) => ref)));
		expect(entries).toHaveLength(concerning.length);
	}
	for (const userId of users) await checkStandings(store, userId);
	return all;
};

/** Direct conversations are among both users' from their first message on, and nobody has got further than the head. */
const checkStandings = async (store: ChatStore, userId: number) => {
	const { lines } = await store.inbox(userId, { limit: 100 });
	const expected: ConversationKey[] = [];
	for (const conv of conversations) {
		const [head = 0] = await store.heads([conv]);
		const isIn = directUsersOf(conv)?.includes(userId) ?? true;
		if (head > 0 && isIn) expected.push(conv);
	}
	expect(lines.map(({ conv }) => conv).sort()).toEqual(expected.sort());
	for (const { read, delivered, head, last } of lines) {
		expect(read).toBeLessThanOrEqual(delivered);
		expect(delivered).toBeLessThanOrEqual(head);
		expect(last?.seq).toBe(head);
	}
};

const expectAnswered = (messages: Map<string, Message>, batches: AnsweredBatch[]) => {
	for (const [conv, seq, ref] of batches.flat()) expect(messages.get(ref)).toMatchObject({ conv, seq });
};

/** What every adapter of ChatStore promises to several processes at once. */
export const describeChatStoreProcesses = (subject: () => StoreUnderTest): void => {
	describe('several processes', () => {
		let script: string;
		beforeAll(() => {
			script = compile(fileURLToPath(new URL('fixtures/store-writer.ts', import.meta.url)));
		});
		const startWriter = (url: string, writer: number, batches: number, size: number): RunningProcess =>
			startProcess(process.execPath, [script, url, String(writer), String(batches), String(size)]);

		test('positions are gapless while three processes append and mark, each reader sees them in order, and marks only grow', async () => {
			const url = await subject().createDatabase();
			// The writers also race to make the tables.
			const writers = [1, 2, 3].map((writer) => startWriter(url, writer, 20, 15));
			const store = await subject().open(url);
			let running = true;
			const seen = new Map<FeedKey, number>(feeds.map((feed) => [feed, 0]));
			let marked = conversations.map(() => 0);
			const reader = async () => {
				while (running) {
					// SQLite answers without leaving this turn of the event loop.
					await new Promise((resolve) => setImmediate(resolve));
					for (const [feed, last] of seen) {
						const entries = await store.readFeed(feed, last, 100_000);
						expect(entries.map(({ pos }) => pos)).toEqual(entries.map((_, index) => last + index + 1));
						seen.set(feed, last + entries.length);
					}
					const before = marked;
					marked = (await store.standings(3, conversations)).map(({ read }) => read);
					expect(marked.filter((read, index) => read < (before[index] ?? 0))).toEqual([]);
				}
			};
			const reading = reader();
			await Promise.all(writers.map((writer) => writer.outputMatching(/finished/, 55_000)));
			running = false;
			await reading;
			expect([...seen.values()]).not.toContain(0);

			const messages = await checkedMessages(store);
			expect(messages.size).toBe(3 * 20 * 15);
			for (const writer of writers) {
				expect(answersOf(writer)).toHaveLength(20);
				expectAnswered(messages, answersOf(writer));
			}
			// Each writer marked what it had appended, so the last of them marked the head, whenever its call came.
			for (const userId of users) {
				const { lines } = await store.inbox(userId, { limit: 100 });
				expect(lines.map(({ read }) => read)).toEqual(lines.map(({ head }) => head));
			}
			await store.close();
		}, 60_000);

		test('a process killed while it commits leaves whole batches, all that it was answered among them', async () => {
			const url = await subject().createDatabase();
			const store = await subject().open(url);
			const size = 40;
			const victims = await Promise.all(
				[1, 2].map(async (writer) => {
					const victim = startWriter(url, writer, 100_000, size);
					await victim.outputMatching(/^(\[\[.*\n){5}/m);
					await victim.stop({ signal: 'SIGKILL' });
					return victim;
				}),
			);
			const messages = await checkedMessages(store);
			const sizes = new Map<string, number>();
			for (const ref of messages.keys()) {
				const batch = ref.slice(0, ref.lastIndexOf('-'));
				sizes.set(batch, (sizes.get(batch) ?? 0) + 1);
			}
			expect(new Set(sizes.values())).toEqual(new Set([size]));
			for (const victim of victims) expectAnswered(messages, answersOf(victim));
			expect(await store.append([toRoom(1, 1, 'after')])).toMatchObject([{ repeated: false }]);
			await store.close();
		});
	});
};
