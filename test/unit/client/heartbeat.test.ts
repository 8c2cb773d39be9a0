import { afterEach, describe, expect, test, vi } from 'vitest';
import { Heartbeat } from '../../../src/client/heartbeat.ts';

afterEach(() => vi.unstubAllGlobals());

/** Timers as those of a page that has been hidden for long: all that is due runs together, at wake-ups that are far apart. */
const lateTimers = (everyMs: number) => {
	const { setTimeout: after, clearTimeout: cancel } = globalThis;
	const beganAt = performance.now();
	const timers = new Map<number, ReturnType<typeof setTimeout>>();
	const next = () => everyMs - ((performance.now() - beganAt) % everyMs);
	const start = (id: number, act: () => void, dueAt: number, intervalMs?: number) => {
		const wake = () => {
			const isDue = performance.now() >= dueAt;
			if (!isDue) start(id, act, dueAt, intervalMs);
			else if (intervalMs !== undefined) start(id, act, performance.now() + intervalMs, intervalMs);
			if (isDue) act();
		};
		timers.set(id, after(wake, next()));
		return id;
	};
	const begin = (act: () => void, ms: number, intervalMs?: number) =>
		start(timers.size, act, performance.now() + ms, intervalMs);
	const end = (id: number | undefined) => cancel(timers.get(id ?? -1));
	vi.stubGlobal('setTimeout', (act: () => void, ms: number) => begin(act, ms));
	vi.stubGlobal('setInterval', (act: () => void, ms: number) => begin(act, ms, ms));
	vi.stubGlobal('clearTimeout', end);
	vi.stubGlobal('clearInterval', end);
};

describe('the heartbeat', () => {
	test('pings at its interval, and finds a peer dead that was not heard for that and the grace', async () => {
		let pings = 0;
		let heardAt = 0;
		await new Promise<void>((resolve) => {
			const ping = () => {
				pings += 1;
				if (pings > 3) return;
				heartbeat.heard();
				heardAt = performance.now();
			};
			const heartbeat = new Heartbeat(40, { ping, dead: () => resolve(heartbeat.stop()) }, 60);
		});
		expect(performance.now() - heardAt).toBeGreaterThanOrEqual(99);
		expect(pings).toBeGreaterThanOrEqual(4);
	});

	test('gives a peer three seconds to answer a ping, besides the time between pings', async () => {
		const startedAt = performance.now();
		await new Promise<void>((resolve) => {
			const heartbeat = new Heartbeat(500, { ping: () => {}, dead: () => resolve(heartbeat.stop()) });
		});
		expect(performance.now() - startedAt).toBeLessThan(4000);
	});

	test('does not give up a peer that answers every ping, though timers run so late that none went out for long', async () => {
		lateTimers(200);
		await new Promise<void>((resolve, reject) => {
			let answers = 0;
			const ping = () =>
				setImmediate(() => {
					answers += 1;
					heartbeat.heard();
					if (answers === 5) resolve(heartbeat.stop());
				});
			const dead = () => reject(new Error(`given up after ${answers} answers`));
			const heartbeat = new Heartbeat(40, { ping, dead }, 60);
		});
	});

	test('finds a peer dead that does not answer, though timers run late', async () => {
		lateTimers(200);
		const startedAt = performance.now();
		let pings = 0;
		const ping = () => {
			pings += 1;
		};
		await new Promise<void>((resolve) => {
			const heartbeat = new Heartbeat(40, { ping, dead: () => resolve(heartbeat.stop()) }, 60);
		});
		expect(pings).toBeGreaterThan(0);
		expect(performance.now() - startedAt).toBeLessThan(1000);
	});

	test('asks before it gives a peer up, should the timer of the pings run later than the one that finds the silence', async () => {
		vi.stubGlobal('setInterval', () => undefined);
		let pings = 0;
		await new Promise<void>((resolve) => {
			const ping = () => {
				pings += 1;
				if (pings < 3) setImmediate(() => heartbeat.heard());
			};
			const heartbeat = new Heartbeat(40, { ping, dead: () => resolve(heartbeat.stop()) }, 60);
		});
		expect(pings).toBe(3);
	});
});
