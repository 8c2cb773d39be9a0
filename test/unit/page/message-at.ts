import type { Message } from 'tschat/client';

/** A message of room 1 at a position; with a `ref`, one of the reader's own. */
export const messageAt = (seq: number, ref?: string): Message => ({
	conv: 'room:1',
	seq,
	id: String(seq),
	from: { id: '1', name: 'ann' },
	kind: 'text',
	body: `message ${seq}`,
	at: '2026-01-31T12:00:00.000Z',
	...(ref === undefined ? {} : { ref }),
});
