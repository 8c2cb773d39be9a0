import { expect, test } from 'vitest';
import { addFailure, addTry, refuseLocked } from '../../../src/logic/attempt-policy.ts';
import type { AttemptCount } from '../../../src/ports/chat-store.ts';

const hourMs = 3_600_000;
const account = { from: 5, maxLockMs: 900_000, forgetMs: hourMs };
const start = Date.UTC(2026, 0);

/** Fails so often, each time when the lock of the time before ends; how long each lock is, and the last count. */
const failInARow = (times: number, from?: AttemptCount, at = start) => {
	const locks: number[] = [];
	let count = from;
	let now = at;
	for (let failure = 0; failure < times; failure += 1) {
		count = addFailure(count, account, now);
		locks.push(Math.max(0, count.lockedUntil - now) / 1000);
		now = Math.max(now, count.lockedUntil);
	}
	return { locks, count, now };
};

test('the fifth failure in a row locks for a second, each further one for twice as long, up to a quarter of an hour', () => {
	expect(failInARow(17).locks).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
});

test('while a lock lasts everything is refused with the time that is left, and nothing after it', () => {
	const { count } = failInARow(7);
	expect(() => refuseLocked(count, (count?.lockedUntil ?? 0) - 1500)).toThrow(
		expect.objectContaining({
			key: 'too-many-attempts',
			retryAfterMs: 1500,
			message: expect.stringMatching(/in 2 s$/),
		}),
	);
	expect(() => refuseLocked(count, count?.lockedUntil ?? 0)).not.toThrow();
	expect(() => refuseLocked(undefined, start)).not.toThrow();
});

test('a failure is forgotten each hour, so that who mistypes now and then is never locked', () => {
	let count: AttemptCount | undefined;
	for (let hour = 0; hour < 100; hour += 1) count = addFailure(count, account, start + hour * hourMs);
	expect(count).toMatchObject({ failures: 1, lockedUntil: 0 });
	const four = failInARow(4).count;
	expect(addFailure(four, account, start + hourMs - 1).lockedUntil).toBeGreaterThan(0);
	expect(addFailure(four, account, start + hourMs)).toMatchObject({ failures: 4, lockedUntil: 0 });
});

test('a clock that went back forgets nothing, and locks nobody for longer', () => {
	const { count } = failInARow(4);
	expect(addFailure(count, account, start - hourMs)).toMatchObject({ failures: 5, lockedUntil: start - hourMs + 1000 });
});

test('guessing for a month leaves a lock that is over within a day', () => {
	let { count, now } = failInARow(2880);
	expect(now - start).toBeGreaterThan(29 * 24 * hourMs);
	expect((count?.expiresAt ?? 0) - now).toBeLessThan(24 * hourMs);
	now += 16 * hourMs;
	count = addFailure(count, account, now);
	expect(count).toMatchObject({ failures: 1, lockedUntil: 0 });
});

test('a month of guesses at one account is at most a hundred a day', () => {
	let count: AttemptCount | undefined;
	let now = start;
	let guesses = 0;
	while (now < start + 30 * 24 * hourMs) {
		count = addFailure(count, account, now);
		guesses += 1;
		now = Math.max(now + 1, count.lockedUntil);
	}
	expect(guesses / 30).toBeLessThan(100);
});

test('tries are granted at once up to their number, and then one each time that one is forgotten', () => {
	const policy = { most: 3, forgetMs: 1000 };
	let count: AttemptCount | undefined;
	for (let tries = 0; tries < 3; tries += 1) count = addTry(count, policy, start);
	expect(() => addTry(count, policy, start + 400)).toThrow(expect.objectContaining({ retryAfterMs: 600 }));
	count = addTry(count, policy, start + 1000);
	expect(() => addTry(count, policy, start + 1001)).toThrow(expect.objectContaining({ retryAfterMs: 999 }));
	expect(count.expiresAt).toBe(start + 4000);
});
