import fc from 'fast-check';
import type { Accepted, Message, Page } from 'tschat/client';
import { describe, expect, it } from 'vitest';
import { Timeline } from '../../../site/src/chat/timeline.ts';
import { lastSeq, maxHeld } from '../../../site/src/chat/window.ts';
import { messageAt } from './message-at.ts';

/** A log of one's own in place of the SDK's conversation: pages are answered when the test says so, in any order. */
class Log {
	head = 0;
	readonly position: number | undefined = 1;
	readonly waiting: (() => void)[] = [];
	readonly sent: string[] = [];
	/** Which of the messages is the reader's own. */
	own: { readonly seq: number; readonly ref: string } | undefined;
	/** Whether the connection is gone before an answer comes. */
	broken = false;

	history({ before, after, limit = 50 }: { before?: number; after?: number; limit?: number } = {}): Promise<Page> {
		return new Promise((resolve, reject) =>
			this.waiting.push(() => {
				if (this.broken) return reject(new Error('closed'));
				const from = after === undefined ? Math.max(1, (before ?? this.head + 1) - limit) : after + 1;
				const to = after === undefined ? (before ?? this.head + 1) - 1 : Math.min(this.head, after + limit);
				const refAt = (seq: number) => (seq === this.own?.seq ? this.own.ref : undefined);
				const seqs = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
				const items = seqs.map((seq) => messageAt(seq, refAt(seq)));
				resolve({ items, more: after === undefined ? from > 1 : to < this.head });
			}),
		);
	}

	send(_body: string, { ref = '' }: { ref?: string } = {}): Promise<Accepted> {
		this.sent.push(ref);
		return new Promise(() => {});
	}

	/** More is written; what a follower is told of it. */
	grow(count: number): Message[] {
		const from = this.head + 1;
		this.head += count;
		return Array.from({ length: count }, (_, index) => messageAt(from + index));
	}

	async answer(which = 0): Promise<void> {
		this.waiting.splice(which % Math.max(1, this.waiting.length), 1)[0]?.();
		await new Promise(setImmediate);
	}

	async answerAll(): Promise<void> {
		while (this.waiting.length > 0) await this.answer();
	}
}

const start = async (written: number, read = written) => {
	const log = new Log();
	log.grow(written);
	const timeline = new Timeline(log, []);
	void timeline.begin({ read, unread: written - read });
	await log.answerAll();
	return { log, timeline, state: () => timeline.store.getState() };
};

const isContiguous = (messages: readonly Message[]): boolean =>
	messages.every(({ seq }, index) => index === 0 || seq === (messages[index - 1]?.seq ?? 0) + 1);

describe('a timeline', () => {
	it('shows the end, and what arrives', async () => {
		const { log, timeline, state } = await start(250);
		expect(lastSeq(state())).toBe(250);
		timeline.live(log.grow(3));
		expect(lastSeq(state())).toBe(253);
		expect(state().atStart).toBe(false);
	});

	it('begins a little before what is unread, with the line above it', async () => {
		const { state } = await start(500, 300);
		expect(state().newFrom).toBe(301);
		expect(state().messages[0]?.seq).toBe(221);
		expect(lastSeq(state())).toBeGreaterThanOrEqual(370);
	});

	it('pages back to the beginning, and never holds more than its bound', async () => {
		const { log, timeline, state } = await start(2000);
		while (!state().atStart) {
			void timeline.loadOlder();
			await log.answerAll();
			expect(state().messages.length).toBeLessThanOrEqual(maxHeld);
		}
		expect(state().messages[0]?.seq).toBe(1);
		expect(isContiguous(state().messages)).toBe(true);
	});

	it('leaves what arrives out while one reads far above, and finds it on the way down', async () => {
		const { log, timeline, state } = await start(2000);
		timeline.pinned = false;
		for (let page = 0; page < 8; page += 1) {
			void timeline.loadOlder();
			await log.answerAll();
		}
		const before = state().messages;
		timeline.live(log.grow(10));
		expect(state().messages).toEqual(before);
		expect(state().head).toBe(2010);
		while (lastSeq(state()) < 2010) {
			void timeline.loadNewer();
			await log.answerAll();
		}
		expect(isContiguous(state().messages)).toBe(true);
	});

	it('jumps over a gap that is too long to page', async () => {
		const { log, timeline, state } = await start(100);
		log.grow(5000);
		timeline.live(log.grow(1));
		await log.answerAll();
		expect(lastSeq(state())).toBe(5101);
		expect(isContiguous(state().messages)).toBe(true);
	});

	it('does not mix a page that comes late with the stretch that it jumped to', async () => {
		const { log, timeline, state } = await start(1000);
		void timeline.loadOlder();
		log.grow(3000);
		timeline.live(log.grow(1));
		void timeline.toLatest();
		await log.answer(1);
		await log.answerAll();
		expect(isContiguous(state().messages)).toBe(true);
		expect(lastSeq(state())).toBe(4001);
	});

	it('shows an own message until it arrives, in the same place', async () => {
		const { log, timeline, state } = await start(5);
		timeline.send('hello');
		const [ref = ''] = log.sent;
		expect(state().pending.map((pending) => pending.ref)).toEqual([ref]);
		log.grow(1);
		timeline.live([messageAt(6, ref)]);
		expect(state().pending).toEqual([]);
		expect(state().messages.at(-1)?.ref).toBe(ref);
	});

	it.each([
		['its first page', 0],
		['a later one', 5],
	])('shows an own message once when it comes with %s before it is told of', async (_, written) => {
		const log = new Log();
		log.grow(written);
		const timeline = new Timeline(log, []);
		void timeline.begin({ read: written, unread: 0 });
		if (written > 0) await log.answerAll();
		timeline.send('hello');
		const [ref = ''] = log.sent;
		log.grow(1);
		log.own = { seq: log.head, ref };
		timeline.known(log.head);
		await log.answerAll();
		const { messages, pending } = timeline.store.getState();
		expect(messages.at(-1)?.ref).toBe(ref);
		expect(pending).toEqual([]);
	});

	it('asks again for what came while it was asked for', async () => {
		const { log, timeline, state } = await start(5);
		timeline.known(6);
		timeline.known(7);
		await log.answer();
		expect(lastSeq(state())).toBe(5);
		log.grow(2);
		await log.answerAll();
		expect(lastSeq(state())).toBe(7);
	});

	it('asks again for what was lost with a connection, once it hears of it', async () => {
		const { log, timeline, state } = await start(5);
		log.broken = true;
		log.grow(1);
		timeline.known(6);
		await log.answerAll();
		expect(lastSeq(state())).toBe(5);
		log.broken = false;
		timeline.known(6);
		await log.answerAll();
		expect(lastSeq(state())).toBe(6);
	});

	it('whatever arrives when, it is whole, in order, and reaches the end once the view stands there', async () => {
		const step = fc.oneof(
			fc.record({ what: fc.constant('live' as const), count: fc.integer({ min: 1, max: 150 }) }),
			fc.record({ what: fc.constant('lost' as const), count: fc.constantFrom(3, 300, 600) }),
			fc.record({ what: fc.constant('again' as const), count: fc.integer({ min: 1, max: 50 }) }),
			fc.record({ what: fc.constant('answer' as const), count: fc.nat(3) }),
			fc.record({ what: fc.constantFrom('older', 'latest'), count: fc.constant(0) }),
			fc.record({ what: fc.constantFrom('newer', 'pin', 'free'), count: fc.constant(0) }),
		);
		await fc.assert(
			fc.asyncProperty(fc.nat(900), fc.array(step, { maxLength: 40 }), async (written, steps) => {
				const { log, timeline, state } = await start(written);
				for (const { what, count } of steps) {
					if (what === 'live') timeline.live(log.grow(count));
					else if (what === 'lost') log.grow(count);
					else if (what === 'again' && log.head > count) timeline.live([messageAt(log.head - count)]);
					else if (what === 'answer') await log.answer(count);
					else if (what === 'older') void timeline.loadOlder();
					else if (what === 'newer') void timeline.loadNewer();
					else if (what === 'latest') void timeline.toLatest();
					else timeline.pinned = what === 'pin';
					expect(isContiguous(state().messages)).toBe(true);
					expect(state().messages.length).toBeLessThanOrEqual(maxHeld);
				}
				await log.answerAll();
				timeline.pinned = true;
				timeline.live(log.grow(1));
				await log.answerAll();
				expect(lastSeq(state())).toBe(log.head);
				expect(isContiguous(state().messages)).toBe(true);
			}),
			{ numRuns: 300 },
		);
	});
});
