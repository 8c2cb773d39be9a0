import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hashToken } from '../../../src/logic/token.ts';
import { startLogic } from './start-logic.ts';

let logic: Awaited<ReturnType<typeof startLogic>>;
/** What the connect server was asked to close. */
let closed: string[][];
beforeEach(async () => {
	logic = await startLogic();
	closed = [];
	await logic.startConnectServer('connect-1', async (ids) => ({ closed: closed.push([...ids].sort()) }));
});
afterEach(() => logic.stop());

const login = (device?: string, password = 'a password') =>
	logic.call('logic.login', { name: 'ann', password, ...(device === undefined ? {} : { device }) });
const idOf = async ({ token }: { token: string }) => (await logic.call('logic.checkAuth', { token })).session.id;
const isValid = ({ token }: { token: string }) =>
	logic.call('logic.checkAuth', { token }).then(
		() => true,
		() => false,
	);

describe('sessions', () => {
	test('are listed with their devices, the newest first, and one knows which is the own', async () => {
		const first = await logic.call('logic.register', { name: 'ann', password: 'a password', device: 'phone 📱' });
		await logic.register('bob');
		// The list goes by the time of signing in, in milliseconds.
		const { createdAt } = (await logic.call('logic.sessions', { token: first.token })).items[0] ?? { createdAt: 0 };
		await expect.poll(() => Date.now()).toBeGreaterThan(createdAt);
		const second = await login();
		const { items } = await logic.call('logic.sessions', { token: first.token });
		expect(items).toMatchObject([
			{ id: await idOf(second), device: '', current: false },
			{ id: await idOf(first), device: 'phone 📱', createdAt, current: true },
		]);
	});

	test('that have expired are not listed', async () => {
		const { token, user } = await logic.register('ann');
		const old = { id: 'old', device: '', createdAt: 1, expiresAt: 2 };
		await logic.store.createSession({ ...old, tokenHash: hashToken('old token'), userId: user.id });
		expect((await logic.call('logic.sessions', { token })).items).toHaveLength(1);
	});

	test('a device that not every database can keep is refused', async () => {
		await logic.register('ann');
		await expect(login('nul\0')).rejects.toMatchObject({ key: 'bad-request' });
		const params = { name: 'bob', password: 'a password', device: 'half \ud83d' };
		await expect(logic.call('logic.register', params)).rejects.toMatchObject({ key: 'bad-request' });
	});

	test('one is ended by its id, and its sockets are closed', async () => {
		const own = await logic.register('ann');
		const [lost, kept] = [await login(), await login()];
		const id = await idOf(lost);
		await logic.call('logic.endSessions', { token: own.token, id });
		expect(closed).toEqual([[id]]);
		expect(await Promise.all([own, lost, kept].map(isValid))).toEqual([true, false, true]);
	});

	test("what is nobody's session or somebody else's is not found, and nothing ends", async () => {
		const { token } = await logic.register('ann');
		const bob = await logic.register('bob');
		for (const id of [await idOf(bob), 'never was', 'nul\0', '']) {
			const end = logic.call('logic.endSessions', { token, id });
			await expect(end).rejects.toMatchObject({ key: 'not-found' });
		}
		expect(await isValid(bob)).toBe(true);
		expect(closed).toEqual([]);
		await expect(logic.call('logic.endSessions', { token: 'none' })).rejects.toMatchObject({ key: 'unauthorized' });
		await expect(logic.call('logic.sessions', { token: 'none' })).rejects.toMatchObject({ key: 'unauthorized' });
	});

	test('all others are ended at once', async () => {
		const own = await logic.register('ann');
		const bob = await logic.register('bob');
		const others = [await login(), await login()];
		const ids = await Promise.all(others.map(idOf));
		await logic.call('logic.endSessions', { token: own.token });
		expect(closed).toEqual([ids.sort()]);
		expect(await Promise.all([own, ...others, bob].map(isValid))).toEqual([true, false, false, true]);
		await logic.call('logic.endSessions', { token: own.token });
		expect(closed).toHaveLength(1);
	});
});

test('with one more than a user may have, the one that was used longest ago ends, and its sockets are closed', async () => {
	await logic.stop();
	logic = await startLogic(['auth.demo_users=false', 'limits.sessions_per_user=3']);
	await logic.startConnectServer('connect-1', async (ids) => ({ closed: closed.push([...ids]) }));
	const first = await logic.register('ann');
	const unused = await login('unused');
	const unusedId = await idOf(unused);
	const third = await login();
	const day = 86_400_000;
	for (const [one, ago] of [
		[first, 2],
		[unused, 3],
		[third, 1],
	] as const)
		await logic.store.touchSessions([await idOf(one)], {
			at: Date.now() - ago * day,
			idleMs: 30 * day,
			absoluteMs: 180 * day,
		});
	expect(closed).toEqual([]);
	const fourth = await login();
	expect(closed).toEqual([[unusedId]]);
	expect(await Promise.all([first, unused, third, fourth].map(isValid))).toEqual([true, false, true, true]);
	expect(await logic.metric('tschat_limit_refusals_total', { limit: 'sessions_per_user' })).toBe(1);
});

describe('changing the password', () => {
	const change = (token: string, current: string, next: string) =>
		logic.call('logic.changePassword', { token, current, next });

	test('ends all other sessions, and the new password signs in', async () => {
		const own = await logic.register('ann');
		const other = await login();
		const otherId = await idOf(other);
		await change(own.token, 'a password', 'a better one');
		expect(closed).toEqual([[otherId]]);
		expect(await Promise.all([own, other].map(isValid))).toEqual([true, false]);
		await expect(login()).rejects.toMatchObject({ key: 'wrong-credentials' });
		expect((await login('phone', 'a better one')).user).toEqual(own.user);
	});

	test('needs the current one, and one that UTF-8 can carry', async () => {
		const own = await logic.register('ann');
		const other = await login();
		await expect(change(own.token, 'not it', 'a better one')).rejects.toMatchObject({ key: 'wrong-credentials' });
		await expect(change(own.token, 'a password', 'p\ud800ssword')).rejects.toMatchObject({ key: 'bad-request' });
		await expect(change('none', 'a password', 'a better one')).rejects.toMatchObject({ key: 'unauthorized' });
		expect(await isValid(other)).toBe(true);
		expect((await login()).user).toEqual(own.user);
	});

	test('leaves no session to those who sign in with the old one meanwhile', async () => {
		const own = await logic.register('ann');
		let changing = true;
		const given: { token: string }[] = [];
		const signInAgainAndAgain = async () => {
			while (changing) await login().then((signedIn) => given.push(signedIn));
		};
		const lines = Promise.allSettled([1, 2, 3, 4].map(signInAgainAndAgain));
		await change(own.token, 'a password', 'a better one');
		changing = false;
		await lines;
		for (const signedIn of given) expect(await isValid(signedIn)).toBe(false);
		const { items } = await logic.call('logic.sessions', { token: own.token });
		expect(items).toMatchObject([{ current: true }]);
	});
});
