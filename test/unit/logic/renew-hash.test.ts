import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPasswords } from '../../../src/logic/password.ts';
import { startLogic } from './start-logic.ts';

const password = 'a password';
let logic: Awaited<ReturnType<typeof startLogic>>;
let weak: string;
beforeEach(async () => {
	logic = await startLogic(['auth.demo_users=false', 'auth.scrypt_log_n=11']);
	await logic.register('ann');
	weak = await createPasswords(10).hash(password);
	await store(weak);
});
afterEach(() => logic.stop());

const stored = async (): Promise<string> => (await logic.store.userByNameKey('ann'))?.passwordHash ?? '';
const store = async (next: string): Promise<void> => {
	const user = await logic.store.userByNameKey('ann');
	expect(await logic.store.setPasswordHash(user?.id ?? 0, next, user?.passwordHash ?? '')).toBe(true);
};
const login = (given = password) => logic.call('logic.login', { name: 'ann', password: given });

test('a log-in has a weaker hash made anew with the configured cost, and the password stays', async () => {
	await login();
	await expect.poll(stored).toContain('$ln=11,');
	await login();
	const renewed = await stored();
	await login();
	expect(await stored()).toBe(renewed);
});

test('a wrong password changes nothing', async () => {
	await expect(login('not it')).rejects.toMatchObject({ key: 'wrong-credentials' });
	expect(await stored()).toBe(weak);
});

test('of many log-ins at once, each that finds the hash made anew by another succeeds all the same', async () => {
	const signedIn = await Promise.all(Array.from({ length: 12 }, () => login()));
	for (const { token } of signedIn) expect(await logic.call('logic.checkAuth', { token })).toBeDefined();
	await expect.poll(stored).toContain('$ln=11,');
});

test('a change of the password succeeds although log-ins make the hash anew, and is never undone by one', async () => {
	for (let round = 0; round < 5; round += 1) {
		const { token } = await login(round === 0 ? password : `password ${round}`);
		await store(await createPasswords(10).hash(password));
		const next = `password ${round + 1}`;
		const logins = Promise.allSettled(Array.from({ length: 4 }, () => login()));
		await logic.call('logic.changePassword', { token, current: password, next });
		await logins;
		await login(next);
		await expect(login()).rejects.toMatchObject({ key: 'wrong-credentials' });
	}
});
