import { describe, expect, test } from 'vitest';
import { Heartbeat } from '../../../src/client/heartbeat.ts';

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
});
