import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAttempts } from '../../../src/logic/attempts.ts';
import { loadConfig } from '../../../src/runtime/config.ts';
import { createMetrics } from '../../../src/runtime/metrics/metrics.ts';
import { startLogic } from './start-logic.ts';

let logic: Awaited<ReturnType<typeof startLogic>>;
beforeEach(async () => {
	logic = await startLogic([
		'auth.demo_users=false',
		'limits.login_failures=3',
		'limits.login_failures_per_address=6',
		'limits.register_per_hour=2',
	]);
});
afterEach(() => logic.stop());

const [here, elsewhere] = ['203.0.113.7', '198.51.100.9'];
const right = 'a password';
const logIn = (name: string, password: string, client?: string) =>
	logic.call('logic.login', { name, password, ...(client && { client }) });
/** As another logic process counts on the same store. */
const attemptsOf = (...limits: string[]) => {
	const metrics = createMetrics();
	const config = loadConfig({ environment: {}, assignments: limits.map((limit) => `limits.${limit}`) });
	return { metrics, ...createAttempts({ store: logic.store, limits: config.limits, metrics: metrics.of('logic') }) };
};
const refusal = (key: string) => expect.objectContaining({ key });
const wrong = refusal('wrong-credentials');
const tooMany = refusal('too-many-attempts');

/** Fails so often, and expects to be told that the password is wrong each time. */
const fail = async (name: string, times: number, client?: string) => {
	for (let failure = 0; failure < times; failure += 1)
		await expect(logIn(name, 'wrong one', client)).rejects.toEqual(wrong);
};

describe('an account', () => {
	test('is locked after some wrong passwords in a row, for the right one too, and tells for how long', async () => {
		await logic.register('Ann');
		await fail('ann', 3);
		const refused = await logIn('ANN', right).catch((error: unknown) => error);
		expect(refused).toMatchObject({
			key: 'too-many-attempts',
			retryable: true,
			message: 'too many attempts, try again in 1 s',
		});
		const { retryAfterMs } = refused as { retryAfterMs: number };
		expect(retryAfterMs).toBeGreaterThan(0);
		expect(retryAfterMs).toBeLessThanOrEqual(1000);
		await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
		expect(await logIn('ann', right)).toMatchObject({ user: { name: 'Ann' } });
	});

	test('that nobody has is answered in the same way', async () => {
		for (const name of ['nobody', 'no\0body', 'x'.repeat(256)]) {
			await fail(name, 3);
			await expect(logIn(name, right)).rejects.toEqual(tooMany);
		}
	});

	test('starts anew after the right password', async () => {
		await logic.register('ann');
		for (let round = 0; round < 3; round += 1) {
			await fail('ann', 2);
			await logIn('ann', right);
		}
	});

	test('tells of many guesses at once no more than of as many in a row, whichever of them is right', async () => {
		const attempts = attemptsOf('login_failures=3');
		const guesses = Array.from({ length: 40 }, (_, n) =>
			attempts.logIn({ name: 'ann', client: undefined }, async () => (n === 20 ? 'right' : undefined)),
		);
		const outcomes = await Promise.allSettled(guesses);
		const told = outcomes.filter((one) => one.status === 'rejected' && one.reason.key === 'wrong-credentials');
		const found = outcomes.filter((one) => one.status === 'fulfilled');
		// The right one may have been among the first, and then forgave what came before it.
		expect(told.length).toBeLessThanOrEqual(found.length === 0 ? 3 : 5);
	});

	test('is locked by whoever counts on the same store', async () => {
		await logic.register('ann');
		const other = attemptsOf('login_failures=3');
		await fail('ann', 2);
		await expect(other.logIn({ name: 'Ann', client: undefined }, async () => undefined)).rejects.toEqual(wrong);
		await expect(logIn('ann', right)).rejects.toEqual(tooMany);
	});

	test('keeps its sessions, and may change its password, while others lock it', async () => {
		const { token } = await logic.register('ann');
		await fail('ann', 3);
		expect(await logic.call('logic.me', { token })).toMatchObject({ user: { name: 'ann' } });
		await logic.call('logic.changePassword', { token, current: right, next: 'another password' });
	});

	test('cannot be locked from elsewhere for an address from which it has logged in', async () => {
		await logic.register('ann');
		await logIn('ann', right, here);
		await fail('ann', 3, elsewhere);
		await expect(logIn('ann', right, elsewhere)).rejects.toEqual(tooMany);
		await expect(logIn('ann', right)).rejects.toEqual(tooMany);
		expect(await logIn('ann', right, here)).toMatchObject({ user: { name: 'ann' } });
		await expect(logIn('ann', right, elsewhere)).rejects.toEqual(tooMany);
		await fail('ann', 3, here);
		await expect(logIn('ann', right, here)).rejects.toEqual(tooMany);
	});
});

test('an account cannot be locked from elsewhere for the address from which it was made', async () => {
	await logic.call('logic.register', { name: 'Ann', password: right, client: here });
	await fail('ann', 3, elsewhere);
	await expect(logIn('ann', right, elsewhere)).rejects.toEqual(tooMany);
	expect(await logIn('ann', right, here)).toMatchObject({ user: { name: 'Ann' } });
});

describe('an address', () => {
	test('that guesses at many accounts is locked for all but those which it is known for', async () => {
		await Promise.all(['ann', 'bob'].map(logic.register));
		await logIn('bob', right, here);
		for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await fail(name, 1, here);
		await expect(logIn('ann', right, here)).rejects.toEqual(tooMany);
		expect(await logIn('bob', right, here)).toMatchObject({ user: { name: 'bob' } });
		expect(await logIn('ann', right, elsewhere)).toMatchObject({ user: { name: 'ann' } });
	});

	test('is locked for others by wrong passwords for accounts that it is known for too, and never for those', async () => {
		const known = ['ann', 'bob', 'cid', 'dan'];
		for (const name of known) await logic.call('logic.register', { name, password: right });
		for (const name of known) await logIn(name, right, here);
		for (const name of known.slice(0, 3)) await fail(name, 2, here);
		await expect(logIn('eve', right, here)).rejects.toEqual(tooMany);
		await fail('dan', 2, here);
		for (const name of known) expect(await logIn(name, right, here)).toMatchObject({ user: { name } });
		await expect(logIn('eve', right, here)).rejects.toEqual(tooMany);
	});

	test('tells of guesses at many accounts at once no more than of as many in a row', async () => {
		const attempts = attemptsOf('login_failures_per_address=6');
		const guesses = Array.from({ length: 40 }, (_, n) =>
			attempts.logIn({ name: `user${n}`, client: here }, async () => undefined),
		);
		const outcomes = await Promise.allSettled(guesses);
		const told = outcomes.filter((one) => one.status === 'rejected' && one.reason.key === 'wrong-credentials');
		expect(told.length).toBeGreaterThan(0);
		expect(told.length).toBeLessThanOrEqual(6);
	});

	test('registers so many, those that fail counted; without an address there is nobody to count for', async () => {
		const register = (name: string, client?: string) =>
			logic.call('logic.register', { name, password: right, ...(client && { client }) });
		await register('ann', here);
		await expect(register('ann', here)).rejects.toEqual(refusal('name-taken'));
		const refused = await register('bob', here).catch((error: unknown) => error);
		expect(refused).toMatchObject({ key: 'too-many-attempts' });
		expect((refused as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(29 * 60_000);
		await register('bob', elsewhere);
		for (const name of ['cid', 'dan', 'eve']) await register(name);
	});
});

test('a changed password: guessing the present one is locked too, and only for that user', async () => {
	const [ann, bob] = await Promise.all(['ann', 'bob'].map(logic.register));
	const change = (token = '', current = right) =>
		logic.call('logic.changePassword', { token, current, next: 'another password' });
	for (let failure = 0; failure < 3; failure += 1) await expect(change(ann?.token, 'wrong one')).rejects.toEqual(wrong);
	await expect(change(ann?.token)).rejects.toEqual(tooMany);
	await change(bob?.token);
	expect(await logIn('ann', right)).toMatchObject({ user: { name: 'ann' } });
});

test('no name or password that was typed stands in what is counted', async () => {
	const keys: string[] = [];
	const changeAttempts = async (key: string) => void keys.push(key);
	const { limits } = loadConfig({ environment: {}, assignments: [] });
	const metrics = createMetrics().of('logic');
	const attempts = createAttempts({ store: { ...logic.store, changeAttempts }, limits, metrics });
	await attempts.logIn({ name: 'my secret', client: here }, async () => undefined).catch(() => {});
	expect(keys).toEqual([expect.stringMatching(/^account:[\w-]{43}$/), `address:${here}`]);
});

describe('of a burst of guesses', () => {
	/** Guesses that take until all have come; how many were looked at, and how many were refused with a short wait. */
	const burst = async (attempts: ReturnType<typeof attemptsOf>, by: { name: string; client: string | undefined }[]) => {
		const ends: (() => void)[] = [];
		let refused = 0;
		const guess = () => new Promise<undefined>((resolve) => ends.push(() => resolve(undefined)));
		const guesses = by.map((one) =>
			attempts.logIn(one, guess).catch(({ key, retryAfterMs }) => {
				if (key === 'too-many-attempts' && retryAfterMs <= 1000) refused += 1;
			}),
		);
		await expect.poll(() => ends.length + refused).toBe(by.length);
		const looked = ends.length;
		for (const end of ends) end();
		await Promise.all(guesses);
		return { looked, refused };
	};
	const fromHere = (count: number, nameOf: (n: number) => string) =>
		Array.from({ length: count }, (_, n) => ({ name: nameOf(n), client: here }));

	test('a few of an address are looked at, the others are refused before any work, and counted', async () => {
		const attempts = attemptsOf();
		expect(
			await burst(
				attempts,
				fromHere(200, (n) => `nobody${n}`),
			),
		).toEqual({ looked: 4, refused: 196 });
		expect(await attempts.metrics.text()).toContain(
			'tschat_limit_refusals_total{module="logic",limit="login_address"} 196',
		);
		// Nothing stays taken.
		expect(
			await burst(
				attempts,
				fromHere(200, (n) => `other${n}`),
			),
		).toEqual({ looked: 4, refused: 196 });
	});

	test('two of an account are looked at, and two of it from an address that it is known from', async () => {
		const attempts = attemptsOf();
		const all = Array.from({ length: 50 }, (_, n) => ({ name: 'ann', client: `203.0.113.${n + 10}` }));
		expect(await burst(attempts, all)).toEqual({ looked: 2, refused: 48 });
		await attempts.registered('ann', here);
		expect(
			await burst(
				attempts,
				fromHere(50, () => 'ann'),
			),
		).toEqual({ looked: 2, refused: 48 });
	});

	test('nobody is refused who comes from a known address, whatever others guess from there', async () => {
		const attempts = attemptsOf();
		await attempts.registered('ann', here);
		let end = () => {};
		const held = new Promise<undefined>((resolve) => {
			end = () => resolve(undefined);
		});
		const others = fromHere(20, (n) => `nobody${n}`).map((one) => attempts.logIn(one, () => held).catch(() => {}));
		expect(await attempts.logIn({ name: 'ann', client: here }, async (known) => known)).toBe(true);
		end();
		await Promise.all(others);
	});

	test('many users at once, of a proxy that names nobody, are all looked at', async () => {
		const all = Array.from({ length: 200 }, (_, n) => ({ name: `user${n}`, client: undefined }));
		expect(await burst(attemptsOf(), all)).toEqual({ looked: 200, refused: 0 });
	});
});

test('each refusal is counted under its limit', async () => {
	const attempts = attemptsOf('login_failures=1', 'login_failures_per_address=1', 'register_per_hour=1');
	const guess = (name: string, client?: string) =>
		attempts.logIn({ name, client }, async () => undefined).catch(() => {});
	for (const _ of [1, 2]) {
		await guess('ann');
		await guess(`new ${_}`, here);
		await attempts.confirm(7, async () => undefined).catch(() => {});
		await attempts.register(here).catch(() => {});
	}
	const text = await attempts.metrics.text();
	for (const limit of ['login_account', 'login_address', 'password_confirmation', 'register_address']) {
		expect(text).toContain(`tschat_limit_refusals_total{module="logic",limit="${limit}"} 1`);
	}
});
