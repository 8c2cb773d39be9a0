import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ensureDemoUsers, knownUsers } from '../../../src/logic/demo-users.ts';
import { createPasswords } from '../../../src/logic/password.ts';
import { hashToken } from '../../../src/logic/token.ts';
import type { Caller } from '../../../src/protocol/rpc-values.ts';
import { startLogic } from './start-logic.ts';

let logic: Awaited<ReturnType<typeof startLogic>>;
beforeEach(async () => {
	logic = await startLogic();
});
afterEach(() => logic.stop());

describe('accounts', () => {
	test('whoever registers is signed in, and signs in again under any spelling of the name', async () => {
		const registered = await logic.register('Ann');
		const { user, session } = await logic.call('logic.checkAuth', { token: registered.token });
		expect(user).toEqual(registered.user);
		expect(session.expiresAt).toBeGreaterThan(Date.now() + 29 * 86_400_000);
		const again = await logic.call('logic.login', { name: 'ANN', password: 'a password' });
		expect(again.user).toEqual({ id: user.id, name: 'Ann' });
		expect(again.token).not.toBe(registered.token);
		expect(await logic.call('logic.user', { id: user.id })).toEqual(user);
	});

	test('a user is found by name under any spelling, by users only, and nothing but id and name is told', async () => {
		const { user, token } = await logic.register('Ann');
		const find = (name: string, caller: Caller) => logic.call('logic.userByName', { caller, name });
		expect(await find('ANN', { token })).toEqual({ id: user.id, name: 'Ann' });
		expect(await find('ann', { user })).toEqual({ id: user.id, name: 'Ann' });
		for (const name of ['nobody', '', 'no\0body', 'x'.repeat(256)]) {
			await expect(find(name, { token })).rejects.toMatchObject({ key: 'user-unknown' });
		}
		await expect(find('ann', { token: 'none' })).rejects.toMatchObject({ key: 'unauthorized' });
	});

	test('a password that UTF-8 cannot carry is refused, since others would be taken for it', async () => {
		const call = logic.call('logic.register', { name: 'Ann', password: 'p\ud800ssword' });
		await expect(call).rejects.toMatchObject({ key: 'bad-request' });
	});

	test('of many who register one name at once, one succeeds', async () => {
		const outcomes = await Promise.allSettled(['Bob', 'bob', 'BOB', 'bOb'].map(logic.register));
		expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
		for (const outcome of outcomes) {
			if (outcome.status === 'rejected') expect(outcome.reason.key).toBe('name-taken');
		}
	});

	test('a wrong password and an unknown name get the same answer', async () => {
		await logic.register('ann');
		for (const name of ['ann', 'nobody', 'no\0body', 'x'.repeat(256)]) {
			const login = logic.call('logic.login', { name, password: 'wrong one' });
			await expect(login).rejects.toMatchObject({
				key: 'wrong-credentials',
				message: 'the name or the password is wrong',
			});
		}
	});

	test('logout ends its session everywhere, and no other', async () => {
		const closed: string[][] = [];
		for (const serverId of ['connect-1', 'connect-2']) {
			await logic.startConnectServer(serverId, async (ids) => ({ closed: closed.push(ids) }));
		}
		const first = await logic.register('ann');
		const second = await logic.call('logic.login', { name: 'ann', password: 'a password' });
		const { session } = await logic.call('logic.checkAuth', { token: first.token });
		await logic.call('logic.logout', { token: first.token });
		expect(closed).toEqual([[session.id], [session.id]]);
		await expect(logic.call('logic.checkAuth', { token: first.token })).rejects.toMatchObject({ key: 'unauthorized' });
		await expect(logic.call('logic.logout', { token: first.token })).rejects.toMatchObject({ key: 'unauthorized' });
		const kept = await logic.call('logic.checkAuth', { token: second.token });
		const ids = [session.id, kept.session.id, 'never was'];
		expect(await logic.call('logic.endedSessions', { ids })).toMatchObject({ ended: [session.id, 'never was'] });
	});

	test('logout is answered within a second although a connect server hangs', async () => {
		await logic.startConnectServer('hung', () => new Promise(() => {}));
		const { token } = await logic.register('ann');
		const start = performance.now();
		await logic.call('logic.logout', { token });
		expect(performance.now() - start).toBeLessThan(1000);
	});

	test('an expired session is refused, and counts as ended', async () => {
		const { user } = await logic.register('ann');
		const old = { id: 'old', device: '', createdAt: 1, expiresAt: 2 };
		await logic.store.createSession({ ...old, tokenHash: hashToken('old token'), userId: user.id });
		await expect(logic.call('logic.checkAuth', { token: 'old token' })).rejects.toMatchObject({ key: 'unauthorized' });
		expect(await logic.call('logic.endedSessions', { ids: ['old'] })).toMatchObject({ ended: ['old'] });
	});

	test('no token stands in the store', async () => {
		const { token } = await logic.register('ann');
		expect(await logic.store.sessionByTokenHash(token)).toBeUndefined();
	});

	test('one is told who one is, and whether an administrator, as things are at the moment', async () => {
		const { user, token } = await logic.register('Ann');
		const me = () => logic.call('logic.me', { token });
		expect(await me()).toEqual({ user, admin: false });
		await logic.store.setAdmin('ann', true);
		expect(await me()).toEqual({ user, admin: true });
		await expect(logic.call('logic.me', { token: 'none' })).rejects.toMatchObject({ key: 'unauthorized' });
	});

	test('a user who is called admin is none by the name alone', async () => {
		const { token } = await logic.register('admin');
		expect(await logic.call('logic.me', { token })).toMatchObject({ admin: false });
	});

	test('demo users exist when wanted, with the same ids everywhere, and admin is an administrator', async () => {
		const demo = await startLogic(['auth.demo_users=true']);
		try {
			for (const [index, name] of ['demo', 'test', 'admin'].entries()) {
				const { user, token } = await demo.call('logic.login', { name, password: '111111' });
				expect(user).toEqual({ id: index + 1, name });
				expect(await demo.call('logic.me', { token })).toEqual({ user, admin: name === 'admin' });
			}
		} finally {
			await demo.stop();
		}
	});

	test.each([['somebody'], ['admin', 'somebody']])(
		'are not made in a store that has other users: %s %s',
		async (...names) => {
			for (const name of names) await logic.register(name);
			expect(await ensureDemoUsers(logic.store, createPasswords(10))).toBe(false);
			await expect(logic.call('logic.login', { name: 'demo', password: '111111' })).rejects.toMatchObject({
				key: 'wrong-credentials',
			});
		},
	);

	test('that are there stay as they are, and no warning is due, when others have come', async () => {
		const passwords = createPasswords(10);
		expect(await ensureDemoUsers(logic.store, passwords)).toBe(true);
		await logic.register('somebody');
		expect(await ensureDemoUsers(logic.store, passwords)).toBe(true);
	});

	test('a demo user whose rights were taken does not get them back', async () => {
		const passwords = createPasswords(10);
		await ensureDemoUsers(logic.store, passwords);
		const { token, user } = await logic.call('logic.login', { name: 'admin', password: '111111' });
		await logic.store.setAdmin('admin', false);
		await ensureDemoUsers(logic.store, passwords);
		expect(await logic.call('logic.me', { token })).toEqual({ user, admin: false });
	});

	test('demo users with the password that everybody knows are known until it is another, or they are banned for good', async () => {
		const passwords = createPasswords(10);
		expect(await knownUsers(logic.store, passwords)).toEqual([]);
		await ensureDemoUsers(logic.store, passwords);
		expect(await knownUsers(logic.store, passwords)).toEqual(['demo', 'test', 'admin']);
		const { id: userId = 0 } = (await logic.store.userByNameKey('test')) ?? {};
		const ban = { userId, kind: 'ban', reason: '', by: null, at: Date.now() } as const;
		await logic.store.impose({ ...ban, until: Date.now() + 60_000 });
		expect(await knownUsers(logic.store, passwords)).toEqual(['demo', 'test', 'admin']);
		const { token } = await logic.call('logic.login', { name: 'demo', password: '111111' });
		await logic.store.impose({ ...ban, until: null });
		await logic.call('logic.changePassword', { token, current: '111111', next: 'another password' });
		expect(await knownUsers(logic.store, passwords)).toEqual(['admin']);
	});
});
