import type { ConversationKey, Message, User } from 'tschat/client';
import { describe, expect, test } from 'vitest';
import type { Line } from '../../../site/src/chat/lines.ts';
import { orderFor } from '../../../site/src/inbox/order.ts';
import { previewOf } from '../../../site/src/inbox/preview.ts';
import { parseRoomInput } from '../../../site/src/inbox/room-input.ts';
import { rowTime } from '../../../site/src/inbox/row-time.ts';

const ann: User = { id: '1', name: 'ann' };
const bob: User = { id: '2', name: 'bob' };

const messageOf = (conv: ConversationKey, from: User, body: string): Message => ({
	conv,
	seq: 1,
	id: '1',
	ref: 'r',
	from,
	body,
	at: '2026-03-04T10:15:00.000Z',
});

const room = (number: number, activeAt: number, values: Partial<Line> = {}): Line => ({
	conv: `room:${number}`,
	name: null,
	head: 0,
	read: 0,
	last: null,
	peer: null,
	activeAt,
	...values,
});
const direct: Line = { ...room(0, 0), conv: 'dm:1:2', peer: { ...bob, delivered: 0, read: 0 } };

const stateOf = (...lines: readonly Line[]) => ({ lines: new Map(lines.map((line) => [line.conv, line])) });

describe('the order of the conversations', () => {
	test('is the newest activity first; what is equal stays as the server told it', () => {
		const state = stateOf(room(3, 5), room(1, 9), room(9, 5), room(2, 5));
		expect(orderFor('')(state)).toEqual(['room:1', 'room:3', 'room:9', 'room:2']);
	});

	test('is the same array while only what stands in the rows changes', () => {
		const order = orderFor('');
		const before = order(stateOf(room(1, 9), room(2, 5)));
		expect(order(stateOf(room(1, 12, { head: 4 }), room(2, 5)))).toBe(before);
		expect(order(stateOf(room(1, 12), room(2, 13)))).toEqual(['room:2', 'room:1']);
	});

	test.each([
		['general', ['room:1']],
		['  GENERAL ', ['room:1']],
		['#7', ['room:7']],
		['Bo', ['dm:1:2']],
		['noon', ['room:7']],
		['ｎｏｏｎ', ['room:7']],
		['午饭', ['room:8']],
		['nothing', []],
		[' ', ['room:8', 'room:7', 'room:1', 'dm:1:2']],
	])('searched for %j: by title and last message', (text, found) => {
		const state = stateOf(
			room(1, 1, { name: 'General' }),
			room(7, 2, { last: messageOf('room:7', bob, 'Lunch at NOON?') }),
			room(8, 3, { last: messageOf('room:8', bob, '一起吃午饭吗') }),
			direct,
		);
		expect(orderFor(text)(state)).toEqual(found);
	});
});

describe('the line below a title', () => {
	const withLast = (line: Line, from: User, body: string): Line => ({
		...line,
		last: messageOf(line.conv, from, body),
	});
	const preview = (line: Line, parts: { readonly draft?: string; readonly typing?: readonly User[] } = {}) =>
		previewOf({ line, me: ann.id, draft: parts.draft, typing: parts.typing });

	test('is the last message: whose it is stands before it, where that is not plain', () => {
		expect(preview(withLast(direct, bob, 'hi'))).toEqual({ kind: 'message', from: null, text: 'hi' });
		expect(preview(withLast(room(1, 0), bob, 'hi'))).toEqual({ kind: 'message', from: 'bob', text: 'hi' });
		expect(preview(withLast(direct, ann, 'hi'))).toEqual({ kind: 'own', text: 'hi' });
		expect(preview(direct)).toEqual({ kind: 'nothing' });
	});

	test('is one short line of what was written, and of nothing else', () => {
		const body = `\n  **bold**\n\n<b>&amp;</b>\t2 * 3 [docs](https://example.com) \`code\` ${'x'.repeat(8000)}`;
		const { text } = preview(withLast(direct, ann, body)) as { readonly text: string };
		expect(text).toMatch(/^bold <b>&amp;<\/b> 2 \* 3 docs code x+$/);
		expect(text.length).toBeLessThanOrEqual(300);
	});

	test('is a draft before the last message, and who types before a draft', () => {
		const line = withLast(room(1, 0), bob, 'hi');
		expect(preview(line, { draft: 'half a\nthought' })).toEqual({ kind: 'draft', text: 'half a thought' });
		expect(preview(line, { draft: ' \n' })).toMatchObject({ kind: 'message' });
		expect(preview(line, { draft: 'half', typing: [bob, ann] })).toEqual({ kind: 'typing', who: 'bob, ann' });
		expect(preview(direct, { typing: [bob] })).toEqual({ kind: 'typing', who: null });
		expect(preview(line, { typing: [] })).toMatchObject({ kind: 'message' });
	});
});

describe('which room is meant', () => {
	test.each([
		['7', { number: 7 }],
		[' #7 ', { number: 7 }],
		['007', { number: 7 }],
		['9007199254740991', { number: Number.MAX_SAFE_INTEGER }],
		['general', { name: 'general' }],
		['# Team 7', { name: 'Team 7' }],
		['7a', { name: '7a' }],
		['-7', { name: '-7' }],
		['٧', { name: '٧' }],
	])('%j', (text, meant) => {
		expect(parseRoomInput(text)).toEqual(meant);
	});

	test.each(['0', '9007199254740992'])('%s is no room: as a name, the server refuses it', (text) => {
		expect(parseRoomInput(text)).toEqual({ name: text });
	});

	test.each(['', ' ', '#'])('%j is none', (text) => {
		expect(parseRoomInput(text)).toBeUndefined();
	});
});

describe('when the last message was', () => {
	const at = (...time: [number, number, number, number?, number?]) => new Date(...time).getTime();
	const today = at(2026, 2, 4);

	test.each([
		[at(2026, 2, 4), '00:00', '00:00'],
		[at(2026, 2, 4, 23, 59), '23:59', '23:59'],
		[at(2026, 2, 3, 23, 59), 'Mar 3', '3月3日'],
		[at(2026, 2, 5), 'Mar 5', '3月5日'],
		[at(2025, 11, 31, 12), 'Dec 31, 2025', '2025年12月31日'],
	])('%i is told as %s', (time, english, chinese) => {
		expect(rowTime(time, today, 'en')).toBe(english);
		expect(rowTime(time, today, 'zh')).toBe(chinese);
	});
});
