import { describe, expect, test } from 'vitest';
import { Outgoing } from '../../../src/terminal/outgoing.ts';
import { ReadNotices } from '../../../src/terminal/read-notices.ts';
import { StateWords } from '../../../src/terminal/state-words.ts';

describe('the state of the connection', () => {
	test('is told once for each outage, however often the client tries', () => {
		const words = new StateWords();
		const told = (['connecting', 'resuming', 'online', 'offline', 'connecting', 'offline', 'connecting'] as const).map(
			(state) => words.tell(state, 0),
		);
		expect(told.filter(Boolean)).toEqual(['connecting…', 'connected', 'offline, trying again']);
		expect(words.tell('resuming', 0)).toBeUndefined();
		expect(words.tell('online', 0)).toBe('back, caught up');
		expect(words.tell('offline', 1)).toBe('offline, 1 message waits, trying again');
	});

	test('names the messages that wait', () => {
		expect(new StateWords().tell('offline', 2)).toBe('offline, 2 messages wait, trying again');
	});

	test('at the end is nobody’s business', () => {
		expect(new StateWords().tell('closed', 2)).toBeUndefined();
	});
});

describe('that a message was read', () => {
	test('is told once, and when all are', () => {
		const reads = new ReadNotices();
		expect(reads.isNews({ conv: 'dm:1:2', read: 5 })).toBe(false);
		reads.sent('dm:1:2', 6);
		reads.sent('dm:1:2', 7);
		expect([6, 7, 7, 8].map((read) => reads.isNews({ conv: 'dm:1:2', read }))).toEqual([false, true, false, false]);
		reads.sent('dm:1:2', 9);
		expect(reads.isNews({ conv: 'dm:1:3', read: 9 })).toBe(false);
		expect(reads.isNews({ conv: 'dm:1:2', read: 9 })).toBe(true);
	});
});

describe('own messages', () => {
	const accepted = { ref: 'a', conv: 'room:1', id: '1', seq: 8, at: '2026-01-31T12:00:00.000Z' } as const;
	const settled = async (outgoing: Outgoing) => {
		let done = false;
		void outgoing.settled().then(() => {
			done = true;
		});
		await new Promise(setImmediate);
		return done;
	};

	test('wait until they are accepted, or refused', () => {
		const outgoing = new Outgoing(['earlier']);
		outgoing.add('a');
		outgoing.add('b');
		expect(outgoing.count).toBe(3);
		outgoing.accepted(accepted, 7);
		outgoing.refused('b');
		outgoing.refused('earlier');
		expect(outgoing.count).toBe(0);
	});

	test('are settled when they have been shown as well', async () => {
		const outgoing = new Outgoing([]);
		expect(await settled(outgoing)).toBe(true);
		outgoing.add('a');
		expect(await settled(outgoing)).toBe(false);
		outgoing.accepted(accepted, 7);
		expect(await settled(outgoing)).toBe(false);
		outgoing.shown('room:1', 7);
		expect(await settled(outgoing)).toBe(false);
		outgoing.shown('room:1', 8);
		expect(await settled(outgoing)).toBe(true);
	});

	test('that were shown before their answer, or never will be, are settled by it', async () => {
		for (const position of [8, undefined]) {
			const outgoing = new Outgoing(['a']);
			outgoing.accepted(accepted, position);
			expect(await settled(outgoing)).toBe(true);
		}
	});
});
