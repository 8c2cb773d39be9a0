import { createHash } from 'node:crypto';
import type { AttemptCount, ChatStore } from '../ports/chat-store.ts';
import { ChatError } from '../protocol/errors.ts';
import type { Config } from '../runtime/config-schema.ts';
import type { Metrics } from '../runtime/metrics/metrics.ts';
import { addFailure, addTry, type LockPolicy, refuseLocked } from './attempt-policy.ts';
import { nameKey } from './name-key.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;
/** How long an address is known as one of an account, from each log-in. */
const knownMs = 30 * 24 * hourMs;

/** Checks a password: who or what it is right for, or undefined when it is wrong. */
type Guess<T> = () => Promise<T | undefined>;
/** The address that limits count by; undefined where nobody knows it. */
type Client = string | undefined;

/**
 * Limits on guessing passwords and on registering, counted in the store: for all logic processes together, and across restarts.
 * All reject with `too-many-attempts` and the time to wait. While that lasts no password is looked at, so a right one is refused
 * too; of many that are looked at at once, none is answered that comes after the lock.
 */
export interface Attempts {
	/**
	 * Counts wrong passwords for an account, whether it exists or not, and for an address. An address from which the account has
	 * logged in before has a count of its own: guessing from elsewhere does not lock it out. Rejects with `wrong-credentials`.
	 */
	logIn<T>(by: { readonly name: string; readonly client: Client }, guess: Guess<T>): Promise<T>;
	/** The same for somebody who has a session, whom wrong passwords at the log-in do not lock out. */
	confirm<T>(userId: number, guess: Guess<T>): Promise<T>;
	/** Counts a try to register, also one that will fail: it tells which names are taken. */
	register(client: Client): Promise<void>;
	/** An account was made from an address, which is as good as a log-in from there. */
	registered(name: string, client: Client): Promise<void>;
}

interface Parts {
	readonly store: ChatStore;
	readonly limits: Config['limits'];
	readonly metrics: Metrics;
}

/** What failures are counted for. */
interface Counter {
	readonly key: string;
	readonly policy: LockPolicy;
	/** Counts a refusal. */
	readonly refused: () => void;
}

/** Names are not kept in clear: people type passwords into the wrong field. Always short, whatever was typed. */
const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

const checked = <R>({ refused }: Pick<Counter, 'refused'>, check: () => R): R => {
	try {
		return check();
	} catch (error) {
		refused();
		throw error;
	}
};

export const createAttempts = ({ store, limits, metrics }: Parts): Attempts => {
	const account: LockPolicy = { from: limits.login_failures, maxLockMs: limits.login_lock_ms, forgetMs: hourMs };
	const address: LockPolicy = { ...account, from: limits.login_failures_per_address, forgetMs: minuteMs };
	const registrations = { most: limits.register_per_hour, forgetMs: hourMs / limits.register_per_hour };
	const refusals = (limit: string) => metrics.counter('tschat_limit_refusals_total', { limit });
	const ofAccount = { policy: account, refused: refusals('login_account') };
	const ofAddress = { policy: address, refused: refusals('login_address') };
	const ofConfirmation = { policy: account, refused: refusals('password_confirmation') };
	const ofRegistration = { refused: refusals('register_address') };

	const refuse = async (counters: readonly Counter[]): Promise<void> => {
		const counts = await store.attempts(counters.map(({ key }) => key));
		for (const [index, counter] of counters.entries()) {
			checked(counter, () => refuseLocked(counts[index], Date.now()));
		}
	};
	const countFailure = (counter: Counter): Promise<void> =>
		store.changeAttempts(counter.key, (count) =>
			checked(counter, () => {
				const now = Date.now();
				refuseLocked(count, now);
				return addFailure(count, counter.policy, now);
			}),
		);

	/** A success leaves `left` under the first of the counters; the others stay as they are. */
	const guarded = async <T>(counters: readonly [Counter, ...Counter[]], guess: Guess<T>, left?: AttemptCount) => {
		const [own, ...others] = counters;
		await refuse(counters);
		const found = await guess();
		// Others may have guessed meanwhile, in any process: what each is answered is decided here, one after the other.
		if (found === undefined) {
			for (const counter of counters) await countFailure(counter);
			throw new ChatError('wrong-credentials');
		}
		await refuse(others);
		await store.changeAttempts(own.key, (count) => {
			checked(own, () => refuseLocked(count, Date.now()));
			return left;
		});
		return found;
	};

	const knownOf = (nameOf: string, client: string): Counter => ({
		...ofAccount,
		key: `known:${digest(`${nameOf} ${client}`)}`,
	});

	return {
		logIn: async ({ name, client }, guess) => {
			const nameOf = nameKey(name);
			const own = { ...ofAccount, key: `account:${digest(nameOf)}` };
			if (client === undefined) return guarded([own], guess);
			const known = knownOf(nameOf, client);
			const [count] = await store.attempts([known.key]);
			if (count !== undefined && count.expiresAt > Date.now()) return guarded([known], guess, justKnown());
			const found = await guarded([own, { ...ofAddress, key: `address:${client}` }], guess);
			await store.changeAttempts(known.key, justKnown);
			return found;
		},
		confirm: (userId, guess) => guarded([{ ...ofConfirmation, key: `password:${userId}` }], guess),
		register: async (client) => {
			if (client === undefined) return;
			await store.changeAttempts(`register:${client}`, (count) =>
				checked(ofRegistration, () => addTry(count, registrations, Date.now())),
			);
		},
		registered: async (name, client) => {
			if (client !== undefined) await store.changeAttempts(knownOf(nameKey(name), client).key, justKnown);
		},
	};
};

const justKnown = (): AttemptCount => {
	const now = Date.now();
	return { failures: 0, since: now, lockedUntil: 0, expiresAt: now + knownMs };
};
