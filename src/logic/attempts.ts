import { createHash } from 'node:crypto';
import type { AttemptCount, ChatStore } from '../ports/chat-store.ts';
import { ChatError, tooMany } from '../protocol/errors.ts';
import type { Config } from '../runtime/config-schema.ts';
import type { Metrics } from '../runtime/metrics/metrics.ts';
import { addFailure, addTry, type LockPolicy, refuseLocked } from './attempt-policy.ts';
import { nameKey } from './name-key.ts';
import { createUnderWay } from './under-way.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;
/** How long an address is known as one of an account, from each log-in. */
const knownMs = 30 * 24 * hourMs;

/** How many guesses may be under way at once in this process. What is over is refused before any work is done for it. */
const atOnce = { account: 2, address: 4, knownOfAddress: 8, unnamed: 16 };
/** When who is over that should come again: a hash or two later. */
const comeAgainMs = 1000;

/**
 * Checks a password: who or what it is right for, or undefined when it is wrong. `known`: it comes from where the account was
 * used before, and goes before the others.
 */
type Guess<T> = (known: boolean) => Promise<T | undefined>;
/** The address that limits count by; undefined where nobody knows it. */
type Client = string | undefined;

/**
 * Limits on guessing passwords and on registering, counted in the store: for all logic processes together, and across restarts.
 * All reject with `too-many-attempts` and the time to wait. While that lasts no password is looked at, so a right one is refused
 * too; of many that are looked at at once, none is answered that comes after the lock. Few of an account or an address are
 * looked at at once: wrong ones are counted when the work is done, so without this a burst would have all the processor.
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

/** Under what guesses are limited that are under way. */
interface Bound {
	readonly key: string;
	readonly atOnce: number;
	/** Counts a refusal. */
	readonly refused: () => void;
}

/** What failures are counted for. */
interface Counter extends Bound {
	readonly policy: LockPolicy;
}

/** Names are not kept in clear: people type passwords into the wrong field. Always short, whatever was typed. */
const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

const checked = <R>({ refused }: Pick<Bound, 'refused'>, check: () => R): R => {
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
	const ofAccount = { policy: account, atOnce: atOnce.account, refused: refusals('login_account') };
	const ofAddress = { policy: address, atOnce: atOnce.address, refused: refusals('login_address') };
	const ofConfirmation = { policy: account, atOnce: atOnce.account, refused: refusals('password_confirmation') };
	const ofRegistration = { refused: refusals('register_address') };
	const underWay = createUnderWay();

	/** Does the work with a place under each of the bounds, or refuses at once. */
	const bounded = async <R>(bounds: readonly Bound[], work: () => Promise<R>): Promise<R> => {
		const entered: string[] = [];
		try {
			for (const { key, atOnce: most, refused } of bounds) {
				if (!underWay.enter(key, most)) {
					refused();
					throw tooMany('too-many-attempts', comeAgainMs);
				}
				entered.push(key);
			}
			return await work();
		} finally {
			for (const key of entered) underWay.leave(key);
		}
	};

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

	/**
	 * A success leaves `left` under the first of the counters; the others stay as they are. `also` counts failures as well, but
	 * its lock refuses none of these guesses.
	 */
	const guarded = async <T>(
		counters: readonly [Counter, ...Counter[]],
		guess: () => Promise<T | undefined>,
		{ left, also }: { left?: AttemptCount; also?: Counter } = {},
	) => {
		const [own, ...others] = counters;
		await refuse(counters);
		const found = await guess();
		// Others may have guessed meanwhile, in any process: what each is answered is decided here, one after the other.
		if (found === undefined) {
			for (const counter of counters) await countFailure(counter);
			if (also !== undefined)
				await store.changeAttempts(also.key, (count) => addFailure(count, also.policy, Date.now()));
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
			// Who names nobody is trusted: a program on this machine, or a proxy with many people behind it.
			if (client === undefined)
				return bounded([{ ...own, atOnce: atOnce.unnamed }], () => guarded([own], () => guess(false)));
			const ofClient = { ...ofAddress, key: `address:${client}` };
			const known = knownOf(nameOf, client);
			const [count] = await store.attempts([known.key]);
			if (count !== undefined && count.expiresAt > Date.now()) {
				// Places of their own: who shares the address takes none of them by guessing at others.
				const knownOfAddress = { ...ofAddress, key: `known of ${ofClient.key}`, atOnce: atOnce.knownOfAddress };
				// Who is known for many accounts has a count for each: of the address they are one.
				const counted = { left: justKnown(), also: ofClient };
				return bounded([known, knownOfAddress], () => guarded([known], () => guess(true), counted));
			}
			const found = await bounded([own, ofClient], () => guarded([own, ofClient], () => guess(false)));
			await store.changeAttempts(known.key, justKnown);
			return found;
		},
		confirm: (userId, guess) => {
			const own = { ...ofConfirmation, key: `password:${userId}` };
			return bounded([own], () => guarded([own], () => guess(true)));
		},
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
