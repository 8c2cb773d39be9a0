import type { Message } from 'tschat/client';
import { describe, expect, it } from 'vitest';
import { emptyWindow, extended, lastSeq, maxHeld, prepended } from '../../../site/src/chat/window.ts';
import { messageAt } from './message-at.ts';

const run = (from: number, to: number): Message[] =>
	Array.from({ length: to - from + 1 }, (_, index) => messageAt(from + index));
const seqs = ({ messages }: { readonly messages: readonly Message[] }): number[] => messages.map(({ seq }) => seq);

describe('a window over a conversation', () => {
	const ten = { messages: run(11, 20), atStart: false };

	it('takes what follows, without repeats, and nothing behind a gap', () => {
		expect(seqs(extended(ten, run(19, 22)))).toEqual([...seqs(ten), 21, 22]);
		expect(seqs(extended(ten, [messageAt(21), messageAt(23)]))).toEqual([...seqs(ten), 21]);
		expect(extended(ten, run(22, 30))).toBe(ten);
		expect(extended(ten, run(1, 20))).toBe(ten);
	});

	it('begins anywhere when it is empty, and knows its start when that is the first message', () => {
		expect(extended(emptyWindow, run(1, 3))).toEqual({ messages: run(1, 3), atStart: true });
		expect(extended(emptyWindow, run(5, 6)).atStart).toBe(false);
	});

	it('gives up the oldest for the newest, and then does not begin at the start any more', () => {
		const full = extended({ messages: run(1, maxHeld), atStart: true }, run(maxHeld + 1, maxHeld + 5));
		expect(full.messages).toHaveLength(maxHeld);
		expect(full.messages[0]?.seq).toBe(6);
		expect(full.atStart).toBe(false);
	});

	it('gives up the newest for the oldest', () => {
		const full = prepended({ messages: run(101, 100 + maxHeld), atStart: false }, run(1, 100), false);
		expect(full.messages).toHaveLength(maxHeld);
		expect(seqs(full).slice(0, 2)).toEqual([1, 2]);
		expect(lastSeq(full)).toBe(maxHeld);
		expect(full.atStart).toBe(true);
	});
});
