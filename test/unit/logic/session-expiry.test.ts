import { afterEach, beforeEach, expect, test } from 'vitest';
import { startLogic } from './start-logic.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
let logic: Awaited<ReturnType<typeof startLogic>>;
beforeEach(async () => {
	logic = await startLogic(['auth.demo_users=false', 'auth.session_idle_days=2', 'auth.session_days=5']);
});
afterEach(() => logic.stop());

/** A session of ann that was last used so long ago. */
const sessionUsed = async (agoMs: number, absoluteMs = 5 * dayMs) => {
	const { token } = await logic.register('ann');
	const { session } = await logic.call('logic.checkAuth', { token });
	await logic.store.touchSessions([session.id], { at: Date.now() - agoMs, idleMs: 2 * dayMs, absoluteMs });
	return { token, id: session.id };
};
const stored = async (id: string) => (await logic.store.sessionsById([id]))[0];
const daysLeft = async (id: string) => (((await stored(id))?.expiresAt ?? 0) - Date.now()) / dayMs;

test('a new session expires when it is not used for the idle days', async () => {
	const { token } = await logic.register('ann');
	const { session } = await logic.call('logic.checkAuth', { token });
	expect((session.expiresAt - Date.now()) / dayMs).toBeCloseTo(2, 3);
});

test.each([
	['a call with its token', (token: string, _id: string) => logic.call('logic.me', { token })],
	['an open socket', (_token: string, id: string) => logic.call('logic.endedSessions', { ids: [id] })],
])('%s moves the expiry on', async (_what, use) => {
	const { token, id } = await sessionUsed(1.9 * dayMs);
	expect(await daysLeft(id)).toBeLessThan(0.2);
	await use(token, id);
	await expect.poll(() => daysLeft(id)).toBeGreaterThan(1.9);
	const { items } = await logic.call('logic.sessions', { token });
	expect(items[0]?.usedAt).toBeGreaterThan(Date.now() - 10_000);
});

test('use is written down once an hour at most', async () => {
	const { token, id } = await sessionUsed(0.9 * hourMs);
	const before = await stored(id);
	const other = await logic.call('logic.login', { name: 'ann', password: 'a password' });
	const { session } = await logic.call('logic.checkAuth', { token: other.token });
	await logic.store.touchSessions([session.id], { at: Date.now() - 2 * hourMs, idleMs: dayMs, absoluteMs: dayMs });
	await logic.call('logic.me', { token });
	await logic.call('logic.me', { token: other.token });
	// Both uses would be written together.
	await expect.poll(async () => (await stored(session.id))?.usedAt).toBeGreaterThan(Date.now() - hourMs);
	expect(await stored(id)).toEqual(before);
});

test('a session that was not used for the idle days is refused, and use does not revive it', async () => {
	const { token, id } = await sessionUsed(2 * dayMs + 1);
	await expect(logic.call('logic.me', { token })).rejects.toMatchObject({ key: 'unauthorized' });
	expect(await logic.call('logic.endedSessions', { ids: [id] })).toEqual({ ended: [id], expiresAt: [0] });
	expect((await stored(id))?.expiresAt).toBeLessThan(Date.now());
});

test('use moves no session beyond the absolute days', async () => {
	const user = await logic.register('ann');
	const createdAt = Date.now() - 4 * dayMs;
	const { hashToken } = await import('../../../src/logic/token.ts');
	const session = { id: 'old', tokenHash: hashToken('old'), userId: user.user.id, device: '', createdAt };
	await logic.store.createSession({ ...session, expiresAt: createdAt + 4.5 * dayMs });
	await logic.call('logic.me', { token: 'old' });
	await expect.poll(async () => (await stored('old'))?.expiresAt).toBe(createdAt + 5 * dayMs);
});
