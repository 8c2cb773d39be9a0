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

describe('sockets of sessions that have ended', () => {
	let sessions: Sessions;
	/** What logic says. */
	let recent: string[] | null;
	let ended: Set<string>;
	let down: boolean;
	let calls: string[];
	beforeEach(() => {
		[recent, ended, down, calls] = [[], new Set(), false, []];
		const call = async (method: string, params: { ids?: string[] }) => {
			calls.push(method);
			if (down) throw new Error('logic is down');
			if (method === 'logic.recentlyEnded') return { ids: recent };
			return { ended: (params.ids ?? []).filter((id) => ended.has(id)) };
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
		sessions.add('s1', one.channel);
		sessions.add('s1', device.channel);
		sessions.add('s2', other.channel);
		await untilCalled('logic.recentlyEnded', 1);
		const start = performance.now();
		recent = ['s1'];
		expect(await Promise.all([one.whenClosed, device.whenClosed])).toEqual(['revoked', 'revoked']);
		expect(performance.now() - start).toBeLessThan(1000);
		expect(await Promise.race([other.whenClosed, 'open'])).toBe('open');
		expect(sessions.add('s1', socket().channel)).toBe(false);
	});

	test('are found among all when so many have ended that logic does not tell them', async () => {
		const { channel, whenClosed } = socket();
		sessions.add('s1', channel);
		await untilCalled('logic.endedSessions', 1);
		ended.add('s1');
		recent = null;
		expect(await whenClosed).toBe('revoked');
	});

	test('are found among all by the first answer after logic could not be asked for a while', async () => {
		const { channel, whenClosed } = socket();
		sessions.add('s1', channel);
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
