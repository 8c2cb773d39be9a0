import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Channel } from '../../../src/connect/channel.ts';
import { authenticate } from '../../../src/connect/identity.ts';
import { Sessions } from '../../../src/connect/sessions.ts';
import type { RpcClient } from '../../../src/ports/rpc.ts';

/** A socket, as far as sessions know one. */
const socket = () => {
	let closed: (why: string) => void = () => {};
	const whenClosed = new Promise<string>((resolve) => {
		closed = resolve;
	});
	return { channel: { close: (why: string) => closed(why) } as unknown as Channel, whenClosed };
};

/** When sessions expire that do not in these tests. */
const later = Date.now() + 86_400_000;

describe('sockets of sessions that have ended', () => {
	let sessions: Sessions;
	/** What logic says. */
	let recent: string[] | null;
	let ended: Set<string>;
	let down: boolean;
	let calls: string[];
	/** The sessions that logic was asked for, and when it says that they expire. */
	let asked: string[][];
	let told: number | undefined;
	beforeEach(() => {
		[recent, ended, down, calls] = [[], new Set(), false, []];
		[asked, told] = [[], later];
		const call = async (method: string, params: { ids?: string[] }) => {
			calls.push(method);
			if (down) throw new Error('logic is down');
			if (method === 'logic.recentlyEnded') return { ids: recent };
			asked.push(params.ids ?? []);
			return {
				ended: (params.ids ?? []).filter((id) => ended.has(id)),
				...(told !== undefined && { expiresAt: (params.ids ?? []).map((id) => (ended.has(id) ? 0 : told)) }),
			};
		};
		sessions = new Sessions({ rpc: { call } as unknown as RpcClient, logger: pino({ level: 'silent' }) });
		sessions.start();
	});
	afterEach(() => sessions.stop());

	const countOf = (method: string) => calls.filter((one) => one === method).length;
	const untilCalled = (method: string, times: number) =>
		expect.poll(() => countOf(method), { timeout: 10_000 }).toBeGreaterThanOrEqual(times);

	test('are closed within a second although nobody told, and no others', async () => {
		const [one, device, other] = [socket(), socket(), socket()];
		sessions.add('s1', one.channel, later);
		sessions.add('s1', device.channel, later);
		sessions.add('s2', other.channel, later);
		await untilCalled('logic.recentlyEnded', 1);
		const start = performance.now();
		recent = ['s1'];
		expect(await Promise.all([one.whenClosed, device.whenClosed])).toEqual(['revoked', 'revoked']);
		expect(performance.now() - start).toBeLessThan(1000);
		expect(await Promise.race([other.whenClosed, 'open'])).toBe('open');
		expect(sessions.add('s1', socket().channel, later)).toBe(false);
	});

	test('are found among all when so many have ended that logic does not tell them', async () => {
		const { channel, whenClosed } = socket();
		sessions.add('s1', channel, later);
		await untilCalled('logic.endedSessions', 1);
		ended.add('s1');
		recent = null;
		expect(await whenClosed).toBe('revoked');
	});

	test('are found among all by the first answer after logic could not be asked for a while', async () => {
		const { channel, whenClosed } = socket();
		sessions.add('s1', channel, later);
		await untilCalled('logic.endedSessions', 1);
		down = true;
		ended.add('s1');
		// Longer than the silence after which all are compared.
		await untilCalled('logic.recentlyEnded', countOf('logic.recentlyEnded') + 12);
		const start = performance.now();
		down = false;
		expect(await whenClosed).toBe('revoked');
		expect(performance.now() - start).toBeLessThan(1000);
	});

	describe('that expire', () => {
		/** All have been compared, as they are every 15 s: nothing else finds what expires from here on. */
		const compared = async () => {
			sessions.add('other', socket().channel, later);
			await untilCalled('logic.endedSessions', 1);
			asked = [];
		};

		test('are closed within a second of that, and only those are asked for', async () => {
			await compared();
			const { channel, whenClosed } = socket();
			const expiresAt = Date.now() + 300;
			sessions.add('s1', channel, expiresAt);
			ended.add('s1');
			expect(await whenClosed).toBe('revoked');
			expect(Date.now()).toBeGreaterThanOrEqual(expiresAt);
			expect(Date.now() - expiresAt).toBeLessThan(1000);
			expect(asked).toEqual([['s1']]);
		});

		test('stay when use has moved that, and are closed when it comes', async () => {
			await compared();
			const { channel, whenClosed } = socket();
			sessions.add('s1', channel, Date.now());
			told = Date.now() + 2000;
			await expect.poll(() => asked).toEqual([['s1']]);
			const expiresAt = told;
			expect(await Promise.race([whenClosed, 'open'])).toBe('open');
			ended.add('s1');
			expect(await whenClosed).toBe('revoked');
			expect(Date.now() - expiresAt).toBeGreaterThanOrEqual(0);
			expect(Date.now() - expiresAt).toBeLessThan(1000);
			// Not in between.
			expect(asked).toEqual([['s1'], ['s1']]);
		});

		test('are asked for once a second by a process that is not told of the new time', async () => {
			await compared();
			const start = Date.now();
			told = undefined;
			sessions.add('s1', socket().channel, start);
			await expect.poll(() => asked, { timeout: 5000 }).toEqual([['s1'], ['s1'], ['s1']]);
			expect(Date.now() - start).toBeGreaterThanOrEqual(2000);
		});

		test('are not asked for when their sockets are gone', async () => {
			await compared();
			const { channel } = socket();
			sessions.add('s1', channel, Date.now());
			sessions.remove('s1', channel);
			const { whenClosed, channel: last } = socket();
			sessions.add('s2', last, Date.now());
			ended.add('s2');
			await whenClosed;
			expect(asked).toEqual([['s2']]);
		});
	});

	test('an answer of long ago gives no socket its user: what has ended since may be forgotten', async () => {
		const { channel, whenClosed } = socket();
		const told = { authenticated: () => {} };
		const others = { heartbeat: told, admission: told, rate: told, feeds: { get: () => undefined } };
		const parts = { ...others, sessions, limits: {}, refused: () => {} } as unknown as Parameters<
			typeof authenticate
		>[0];
		const user = { id: 1, name: 'ann' };
		const entered = { user, session: { id: 's1', expiresAt: 0 }, inboxHead: 0, convs: [] };
		expect(authenticate(parts, channel, entered, performance.now() - 5001)).toBe(false);
		expect(await whenClosed).toBe('auth-unavailable');
		expect(channel.identity).toBeUndefined();
		expect(authenticate(parts, socket().channel, entered, performance.now())).toBe(true);
	});
});
