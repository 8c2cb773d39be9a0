import { describe, expect, test } from 'vitest';
import { type ConversationSummary, type Message, TschatError } from '../../../src/client/index.ts';
import {
	conversationLines,
	failedLine,
	joinedLine,
	membersLine,
	messageLine,
	presenceLine,
	resetLine,
	unreadLine,
} from '../../../src/terminal/format.ts';
import { type Line, render } from '../../../src/terminal/line.ts';
import { Names } from '../../../src/terminal/names.ts';

const ann = { id: '1', name: 'ann' };
const bob = { id: '2', name: 'bob' };
const names = new Names(ann);
names.learn(bob);

const text = (line: Line | undefined) => (line === undefined ? undefined : render(line, false));
const now = new Date(2026, 0, 31, 18, 0);
const message = (body: string, at = new Date(2026, 0, 31, 9, 5)): Message => ({
	conv: 'room:1',
	seq: 3,
	id: '33',
	from: bob,
	kind: 'text',
	body,
	at: at.toISOString(),
});

describe('a message', () => {
	test('has the time of the reader, its sender and what was said', () => {
		expect(text(messageLine(message('hi'), { own: false, now }))).toBe('09:05 bob  hi');
	});

	test('of another conversation names it', () => {
		expect(text(messageLine(message('hi'), { own: false, title: 'room 7', now }))).toBe('09:05 room 7 bob  hi');
	});

	test('of another day has its date', () => {
		const old = message('hi', new Date(2025, 11, 31, 23, 59));
		expect(text(messageLine(old, { own: true, now }))).toBe('2025-12-31 23:59 bob  hi');
	});

	test('that was not sent says why', () => {
		const error = new TschatError('bad-request', 'body has 9000 bytes, 8192 are allowed');
		expect(text(failedLine({ body: 'hi', error }, now))).toBe('not sent: hi (body has 9000 bytes, 8192 are allowed)');
	});

	test('that was not sent because of a mute says until when', () => {
		const until = new Date(2026, 0, 31, 19, 30).toISOString();
		const error = new TschatError('muted', 'an administrator has muted you', { until });
		expect(text(failedLine({ body: 'hi', error }, now))).toBe(
			'not sent: hi (an administrator has muted you until 19:30)',
		);
	});

	test('that is skipped is counted', () => {
		expect(text(resetLine({ conv: 'dm:1:2', from: 11, to: 20 }, names))).toBe(
			'10 messages of @bob are not shown: /history',
		);
		expect(text(resetLine({ conv: 'dm:1:2', from: 1, to: 0 }, names))).toBe('@bob begins anew');
		expect(text(resetLine({ conv: 'inbox', from: 1, to: 20 }, names))).toContain('/rooms');
	});
});

describe('who is in a room', () => {
	test('comings and goings of others are told in one line, one’s own are not', () => {
		const presence = { conv: 'room:1' as const, left: [bob], count: 2 };
		const carl = { id: '3', name: 'carl' };
		expect(text(presenceLine({ ...presence, joined: [ann, carl] }, ann))).toBe('carl came, bob left (2 here)');
		expect(presenceLine({ ...presence, joined: [ann], left: [] }, ann)).toBeUndefined();
	});

	test('members are listed, or counted in a large room', () => {
		expect(text(membersLine({ items: [ann, bob], count: 2 }))).toBe('2 here: ann, bob');
		expect(text(membersLine({ items: null, count: 900 }))).toBe('900 here');
	});

	test('joining tells who is there and what was not read', () => {
		const joined = { name: null, head: 17, read: 14, members: [bob], count: 1 };
		expect(text(joinedLine('room 1', joined))).toBe('joined room 1, 1 here: bob; 3 unread: /history 3');
		expect(text(joinedLine('room 1', { ...joined, head: 0, read: 0, members: null, count: null }))).toBe(
			'joined room 1',
		);
		expect(text(joinedLine('room 1', { ...joined, head: 5000 }))).toContain('4986 unread: /history 200');
	});
});

describe('the list of conversations', () => {
	const room: ConversationSummary = {
		conv: 'room:1',
		name: null,
		head: 3,
		read: 3,
		unread: 0,
		last: message('hi'),
		peer: null,
	};
	const direct: ConversationSummary = {
		conv: 'dm:1:2',
		name: null,
		head: 2,
		read: 0,
		unread: 2,
		last: null,
		peer: { ...bob, delivered: 0, read: 0 },
	};

	test('has counts, the last messages and a mark at the present one', () => {
		const lines = conversationLines([direct, room], { names, present: 'room:1', now }).map(text);
		expect(lines).toEqual(['  @bob    2 unread', '* room 1  09:05 bob: hi']);
	});

	test('in short is what is unread', () => {
		expect(text(unreadLine([direct, room], names))).toBe('unread: @bob 2');
		expect(unreadLine([room], names)).toBeUndefined();
	});
});

describe('names', () => {
	test('of conversations are those of rooms and of the other user', () => {
		expect(names.titleOf('room:7')).toBe('room 7');
		expect(names.titleOf('dm:1:2')).toBe('@bob');
		expect(names.titleOf('dm:1:1')).toBe('@ann');
		expect(names.titleOf('dm:1:9')).toBe('@user 9');
	});

	test('of rooms are told once they are known, and found without regard to case', () => {
		const known = new Names(ann);
		known.learnRoom('room:1000000000000', 'General talk');
		known.learnRoom('room:7', null);
		expect(known.titleOf('room:1000000000000')).toBe('#General talk');
		expect(known.titleOf('room:7')).toBe('room 7');
		expect(known.roomNamed('general TALK')).toBe('room:1000000000000');
		expect(known.roomNamed('lobby')).toBeUndefined();
		expect(known.rooms()).toEqual(['General talk']);
	});

	test('are found without regard to case', () => {
		expect(names.idOf('BOB')).toBe('2');
		expect(names.idOf('carl')).toBeUndefined();
	});
});
