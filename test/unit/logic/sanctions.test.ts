import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ParamsOf } from '../../../src/protocol/rpc.ts';
import { startLogic } from './start-logic.ts';

type Account = Awaited<ReturnType<Awaited<ReturnType<typeof startLogic>>['register']>>;

let logic: Awaited<ReturnType<typeof startLogic>>;
let adm: Account;
let ann: Account;
let bob: Account;
/** What the connect server was asked to close. */
let closed: string[][];
beforeEach(async () => {
	logic = await startLogic();
	closed = [];
	await logic.startConnectServer('connect-1', async (ids) => ({ closed: closed.push([...ids].sort()) }));
	[adm, ann, bob] = [await logic.register('adm'), await logic.register('ann'), await logic.register('bob')];
	await logic.store.setAdmin('adm', true);
});
afterEach(() => logic.stop());

type Imposed = Pick<ParamsOf<'logic.impose'>, 'kind'> & Partial<ParamsOf<'logic.impose'>>;
const impose = (user: Account, { kind, token = adm.token, until = null, reason = 'spam' }: Imposed) =>
	logic.call('logic.impose', { token, userId: user.user.id, kind, until, reason });
const lift = (user: Account, kind: 'ban' | 'mute', { token } = adm) =>
	logic.call('logic.lift', { token, userId: user.user.id, kind });
const login = (name: string) => logic.call('logic.login', { name, password: 'a password' });
const idOf = async ({ token }: Account) => (await logic.call('logic.checkAuth', { token })).session.id;
let refs = 0;
const send = (from: Account, to: ParamsOf<'logic.send'>['to'], ref = `r${++refs}`) =>
	logic.call('logic.send', { sender: { user: from.user }, to, body: 'hello', ref });
const refused = (key: string, more: object = {}) => expect.objectContaining({ key, ...more });

describe('a ban', () => {
	test('ends all sessions, closes their sockets, and refuses the log-in, until when it is told', async () => {
		const second = await login('ann');
		const ids = [await idOf(ann), await idOf(second)].sort();
		const until = Date.now() + 60_000;
		await impose(ann, { kind: 'ban', until });
		expect(closed).toEqual([ids]);
		for (const { token } of [ann, second]) {
			await expect(logic.call('logic.me', { token })).rejects.toEqual(refused('unauthorized'));
			await expect(logic.call('logic.enter', { token, convs: [] })).rejects.toEqual(refused('unauthorized'));
		}
		await expect(login('ann')).rejects.toEqual(refused('banned', { until, retryable: false }));
		await expect(login('bob')).resolves.toBeDefined();
	});

	test('is not told to who does not know the password', async () => {
		await impose(ann, { kind: 'ban' });
		const guess = logic.call('logic.login', { name: 'ann', password: 'a guess' });
		await expect(guess).rejects.toEqual(refused('wrong-credentials'));
		await expect(login('ann')).rejects.toEqual(refused('banned', { until: undefined }));
	});

	test('leaves no session to those who sign in meanwhile', async () => {
		const lines = Promise.allSettled(Array.from({ length: 40 }, () => login('ann')));
		await impose(ann, { kind: 'ban' });
		for (const outcome of await lines) {
			if (outcome.status === 'rejected') expect(['banned', 'too-many-attempts']).toContain(outcome.reason.key);
			else
				await expect(logic.call('logic.me', { token: outcome.value.token })).rejects.toEqual(refused('unauthorized'));
		}
		expect(await logic.store.sessionsOfUser(ann.user.id)).toEqual([]);
	});

	test('is over when it is lifted', async () => {
		await impose(ann, { kind: 'ban' });
		await lift(ann, 'ban');
		await expect(login('ann')).resolves.toBeDefined();
		await expect(lift(ann, 'ban')).rejects.toEqual(refused('not-found'));
	});
});

describe('a mute', () => {
	test('refuses what the user writes, in rooms and direct conversations, and nothing else', async () => {
		const until = Date.now() + 60_000;
		await impose(ann, { kind: 'mute', until });
		const own = refused('muted', { until, retryable: false });
		await expect(send(ann, { roomId: 1 })).rejects.toEqual(own);
		await expect(send(ann, { userId: bob.user.id })).rejects.toEqual(own);
		await expect(
			logic.call('logic.send', { sender: { token: ann.token }, to: { roomId: 1 }, body: 'hello', ref: 'r' }),
		).rejects.toEqual(own);
		const { seq } = await send(bob, { roomId: 1 });
		expect(seq).toBe(1);
		const page = await logic.call('logic.history', { caller: { token: ann.token }, conv: 'room:1', limit: 9 });
		expect(page.items).toHaveLength(1);
		expect(closed).toEqual([]);
	});

	test('shows no typing of the user', async () => {
		await impose(ann, { kind: 'mute' });
		await logic.call('logic.typing', { user: ann.user, conv: 'room:1' });
		await logic.call('logic.typing', { user: bob.user, conv: 'room:1' });
		expect((await logic.next('typing')).user).toEqual(bob.user);
	});

	test('leaves what was accepted before: a retry gets the first answer', async () => {
		const first = await send(ann, { roomId: 1 }, 'early');
		await impose(ann, { kind: 'mute' });
		expect(await send(ann, { roomId: 1 }, 'early')).toEqual(first);
		await expect(send(ann, { roomId: 2 }, 'early')).rejects.toEqual(refused('muted'));
	});

	test('is over when it is lifted, and when its time has come', async () => {
		await impose(ann, { kind: 'mute' });
		await lift(ann, 'mute');
		await send(ann, { roomId: 1 });
		await impose(ann, { kind: 'mute', until: Date.now() + 150 });
		await expect(send(ann, { roomId: 1 })).rejects.toEqual(refused('muted'));
		await expect.poll(() => send(ann, { roomId: 1 }).catch(() => undefined)).toBeDefined();
	});

	test('that another process imposed or lifted holds within a second, and costs no look into the store for each message', async () => {
		let looks = 0;
		const { mutedUsers } = logic.store;
		logic.store.mutedUsers = (at) => {
			looks += 1;
			return mutedUsers(at);
		};
		await send(ann, { roomId: 1 });
		const row = { userId: ann.user.id, kind: 'mute', until: null, reason: '', by: null, at: Date.now() } as const;
		await logic.store.impose(row);
		const start = performance.now();
		let sent = 0;
		for (;;) {
			const outcome = await send(ann, { roomId: 1 }).catch((error: unknown) => error);
			if (outcome instanceof Error) break;
			sent += 1;
		}
		expect(performance.now() - start).toBeLessThan(1000);
		expect(sent).toBeGreaterThan(20);
		expect(looks).toBeLessThan(6);
		await logic.store.lift({ ...row, at: Date.now() });
		await expect.poll(() => send(ann, { roomId: 1 }).catch(() => undefined), { timeout: 1000 }).toBeDefined();
	});
});

describe('administrators alone', () => {
	test('may ban, mute, lift, list, and end the sessions of others', async () => {
		const { token } = bob;
		const attempts = [
			impose(ann, { kind: 'ban', token }),
			impose(ann, { kind: 'mute', token }),
			lift(ann, 'ban', bob),
			logic.call('logic.sanctions', { token, all: true, limit: 9 }),
			logic.call('logic.endSessionsOf', { token, userId: ann.user.id }),
		];
		for (const attempt of attempts) await expect(attempt).rejects.toEqual(refused('forbidden'));
		await expect(impose(ann, { kind: 'ban', token: 'none' })).rejects.toEqual(refused('unauthorized'));
		await expect(logic.call('logic.me', { token: ann.token })).resolves.toBeDefined();
	});

	test('but not against themselves or another administrator', async () => {
		await logic.store.setAdmin('bob', true);
		for (const other of [adm, bob]) {
			for (const kind of ['ban', 'mute'] as const) {
				await expect(impose(other, { kind })).rejects.toEqual(refused('forbidden'));
			}
			const end = logic.call('logic.endSessionsOf', { token: adm.token, userId: other.user.id });
			await expect(end).rejects.toEqual(refused('forbidden'));
		}
	});

	test('and not against nobody, into the past, or with a reason that no database keeps', async () => {
		const nobody = logic.call('logic.lift', { token: adm.token, userId: 999, kind: 'ban' });
		await expect(nobody).rejects.toEqual(refused('user-unknown'));
		await expect(impose(ann, { kind: 'ban', until: Date.now() - 1 })).rejects.toEqual(refused('bad-request'));
		await expect(impose(ann, { kind: 'ban', reason: 'nul\0' })).rejects.toEqual(refused('bad-request'));
	});

	test('end all sessions of a user, who may sign in again', async () => {
		const ids = [await idOf(ann), await idOf(await login('ann'))].sort();
		await logic.call('logic.endSessionsOf', { token: adm.token, userId: ann.user.id });
		expect(closed).toEqual([ids]);
		await expect(login('ann')).resolves.toBeDefined();
	});

	test('see what is in force, page by page, and what has been, with who did it', async () => {
		await impose(ann, { kind: 'mute', reason: 'loud' });
		await impose(bob, { kind: 'ban' });
		await lift(bob, 'ban');
		await impose(bob, { kind: 'mute' });
		const list = (more: object) => logic.call('logic.sanctions', { token: adm.token, all: false, limit: 9, ...more });
		const { items } = await list({});
		expect(items).toMatchObject([
			{ kind: 'mute', user: bob.user },
			{ kind: 'mute', user: ann.user, by: adm.user, reason: 'loud', until: null, lifted: null },
		]);
		const first = await list({ userId: bob.user.id, all: true, limit: 1 });
		expect(first).toMatchObject({ items: [{ kind: 'mute' }], next: items[0]?.id });
		const second = await list({ userId: bob.user.id, all: true, limit: 1, before: first.next });
		expect(second).toMatchObject({ items: [{ kind: 'ban', lifted: { by: adm.user } }], next: null });
	});
});

test('what another process has ended is told to connect servers that ask, for some seconds', async () => {
	const id = await idOf(ann);
	expect(await logic.call('logic.recentlyEnded', {})).toEqual({ ids: [] });
	await logic.store.endSessionsOfUser(ann.user.id, 'all', Date.now());
	await expect.poll(() => logic.call('logic.recentlyEnded', {}), { timeout: 500 }).toEqual({ ids: [id] });
});
