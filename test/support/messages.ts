import type { Message } from '../../src/protocol/message.ts';

/** A room message with this `seq`. */
export const message = (seq: number, changes: Partial<Message> = {}): Message => ({
	conv: 'room:1',
	seq,
	id: String(1000 + seq),
	from: { id: 7, name: 'ann' },
	to: null,
	kind: 'text',
	body: `message ${seq}`,
	at: Date.UTC(2026, 0, 1),
	ref: `ref-${seq}`,
	...changes,
});
