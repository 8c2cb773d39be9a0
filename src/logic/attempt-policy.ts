import type { AttemptCount } from '../ports/chat-store.ts';
import { tooMany } from '../protocol/errors.ts';

/** How failures lead to a lock. */
export interface LockPolicy {
	/** With this failure the lock begins, at one second; each one more doubles it. */
	readonly from: number;
	readonly maxLockMs: number;
	/** One failure is forgotten after each such time. */
	readonly forgetMs: number;
}

/** At most so often at once, and then once in each `forgetMs`. */
export interface RatePolicy {
	readonly most: number;
	readonly forgetMs: number;
}

const firstLockMs = 1000;

/** What is not forgotten yet, and from when on the rest is being forgotten. */
const remaining = (count: AttemptCount | undefined, forgetMs: number, now: number) => {
	if (count === undefined) return { failures: 0, since: now };
	const forgotten = Math.floor(Math.max(0, now - count.since) / forgetMs);
	if (forgotten >= count.failures) return { failures: 0, since: now };
	return { failures: count.failures - forgotten, since: count.since + forgotten * forgetMs };
};

/** Throws `too-many-attempts` with the time that is left while a lock lasts. */
export const refuseLocked = (count: AttemptCount | undefined, now: number): void => {
	if (count !== undefined && count.lockedUntil > now) throw tooMany('too-many-attempts', count.lockedUntil - now);
};

/** The count after one more failure. It grows no further than the longest lock, so that what is over is forgotten in time. */
export const addFailure = (count: AttemptCount | undefined, policy: LockPolicy, now: number): AttemptCount => {
	const { from, maxLockMs, forgetMs } = policy;
	const { failures: before, since } = remaining(count, forgetMs, now);
	const doublings = Math.ceil(Math.log2(Math.max(1, maxLockMs / firstLockMs)));
	const failures = Math.min(before + 1, from + doublings);
	const lockedUntil = failures < from ? 0 : now + Math.min(maxLockMs, firstLockMs * 2 ** (failures - from));
	const expiresAt = Math.max(since + failures * forgetMs, lockedUntil, count?.expiresAt ?? 0);
	return { failures, since, lockedUntil, expiresAt };
};

/** The count after one more try. Throws `too-many-attempts`, with the time until the next may be, when there were too many. */
export const addTry = (count: AttemptCount | undefined, { most, forgetMs }: RatePolicy, now: number): AttemptCount => {
	const { failures, since } = remaining(count, forgetMs, now);
	if (failures >= most) throw tooMany('too-many-attempts', since + forgetMs - now);
	return { failures: failures + 1, since, lockedUntil: 0, expiresAt: since + (failures + 1) * forgetMs };
};
