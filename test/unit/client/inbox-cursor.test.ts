import { describe, expect, test } from 'vitest';
import { InboxCursor } from '../../../src/client/inbox-cursor.ts';

describe('the inbox cursor', () => {
	test('never passes a message that was not emitted', () => {
		const cursor = new InboxCursor();
		cursor.begin(10);
		const positions: Record<string, number> = { 'dm:1:2': 4, 'dm:1:3': 0 };
		const settle = () => cursor.settle((conv) => positions[conv]);
		cursor.arrive({ inbox: 11, conv: 'dm:1:2', seq: 6 });
		cursor.arrive({ inbox: 12, conv: 'dm:1:3', seq: 1 });
		positions['dm:1:3'] = 1;
		settle();
		expect(cursor.position).toBe(10);
		positions['dm:1:2'] = 6;
		settle();
		expect(cursor.position).toBe(12);
	});

	test('stays where it is while nobody can say what is missing', () => {
		const cursor = new InboxCursor();
		cursor.begin(10);
		cursor.hold(500);
		cursor.arrive({ inbox: 501, conv: 'dm:1:2', seq: 1 });
		cursor.settle(() => 1);
		expect([cursor.position, cursor.next]).toEqual([10, 502]);
		cursor.release();
		cursor.settle(() => 1);
		expect(cursor.position).toBe(501);
	});
});
