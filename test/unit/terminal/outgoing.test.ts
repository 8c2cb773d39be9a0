import { expect, test } from 'vitest';
import { Outgoing } from '../../../src/terminal/outgoing.ts';

const conv = 'room:1' as const;
const accepted = { ref: 'a', conv, id: '1', seq: 5, at: '2026-01-31T12:00:00.000Z' };

test('own messages are settled when they are accepted and shown', async () => {
	const outgoing = new Outgoing([]);
	outgoing.add('a');
	let settled = false;
	const end = outgoing.settled().then(() => {
		settled = true;
	});
	outgoing.accepted(accepted, 4);
	await Promise.resolve();
	expect(settled).toBe(false);
	outgoing.shown(conv, 5);
	await end;
});

test('one that was accepted in a room that is left before it was shown is waited for no more', async () => {
	const outgoing = new Outgoing([]);
	outgoing.add('a');
	outgoing.accepted(accepted, 4);
	outgoing.left(conv);
	await outgoing.settled();
	expect(outgoing.count).toBe(0);
});

test('of a program’s messages no more than 200 wait', async () => {
	const outgoing = new Outgoing([]);
	for (let ref = 0; ref < 200; ref += 1) outgoing.add(String(ref));
	let hasRoom = false;
	const room = outgoing.hasRoom().then(() => {
		hasRoom = true;
	});
	await Promise.resolve();
	expect(hasRoom).toBe(false);
	outgoing.accepted({ ...accepted, ref: '0' }, undefined);
	await room;
});
