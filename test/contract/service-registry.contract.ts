import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RegistryWatch, ServiceInstance, ServiceName, ServiceRegistry } from '../../src/ports/service-registry.ts';

export const instanceOf = (service: ServiceName, serverId: string): ServiceInstance => ({
	service,
	serverId,
	rpc: `ws://10.0.0.1:9000/${serverId}`,
	publicUrl: service === 'connect-ws' ? 'ws://10.0.0.1:7000/ws' : null,
	admin: null,
	version: '1.2.3',
	startedAt: 1_700_000_000_000,
});

/** The ids that a watch shows, in an order that can be compared. */
export const idsOf = (watch: RegistryWatch): string[] =>
	watch
		.instances()
		.map(({ serverId }) => serverId)
		.sort();

/** Resolves with the milliseconds it took, once the watch shows these ids and no others. */
export const untilIds = (watch: RegistryWatch, ids: readonly string[], timeoutMs = 10_000): Promise<number> => {
	const began = performance.now();
	const wanted = [...ids].sort().join();
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => reject(new Error(`wanted ${wanted}, got ${idsOf(watch)}`)), timeoutMs);
		const look = () => {
			if (idsOf(watch).join() !== wanted) return;
			clearTimeout(timer);
			resolve(performance.now() - began);
		};
		watch.onChange(look);
		look();
	});
};

/** Where modules register, and where they are looked for: in a cluster, two processes. */
export interface TwoRegistries {
	readonly near: ServiceRegistry;
	readonly far: ServiceRegistry;
}

/** What every service registry promises. */
export const serviceRegistryContract = (adapter: string, open: () => Promise<TwoRegistries>): void => {
	describe(`${adapter} service registry`, () => {
		let near: ServiceRegistry;
		let far: ServiceRegistry;
		beforeAll(async () => {
			({ near, far } = await open());
		});
		afterAll(async () => {
			await near.close();
			await far.close();
		});

		test('an instance is seen by watches opened before and after it registered, until it deregisters', async () => {
			const before = await far.watch(['logic']);
			const instance = instanceOf('logic', 'logic-1');
			const registration = await near.register(instance);
			await untilIds(before, ['logic-1'], 1_000);
			const after = await near.watch(['logic']);
			await untilIds(after, ['logic-1'], 1_000);
			expect(before.instances()).toEqual([instance]);
			expect((await far.watch(['logic'])).instances()).toEqual([instance]);

			await registration.deregister();
			await untilIds(before, [], 1_000);
			await untilIds(after, [], 1_000);
		});

		test('a watch shows only the services that it asked for', async () => {
			const watch = await far.watch(['connect-ws', 'connect-tcp']);
			const everyChange: string[][] = [];
			watch.onChange(() => everyChange.push(idsOf(watch)));
			const registrations = [
				await near.register(instanceOf('task', 'task-1')),
				await near.register(instanceOf('connect-ws', 'ws-1')),
				await near.register(instanceOf('connect-tcp', 'tcp-1')),
			];
			await untilIds(watch, ['tcp-1', 'ws-1']);
			expect(everyChange).toEqual([['ws-1'], ['tcp-1', 'ws-1']]);
			for (const registration of registrations) await registration.deregister();
			await untilIds(watch, []);
		});

		test('an instance that registers again under its id shows as it is now, once', async () => {
			const watch = await far.watch(['site']);
			await near.register(instanceOf('site', 'site-1'));
			await untilIds(watch, ['site-1']);
			const seen = new Promise<void>((resolve) => {
				watch.onChange(() => watch.instances()[0]?.version === '2.0.0' && resolve());
			});
			const registration = await near.register({ ...instanceOf('site', 'site-1'), version: '2.0.0' });
			await seen;
			expect(watch.instances()).toHaveLength(1);
			await registration.deregister();
			await untilIds(watch, []);
		});

		test('a closed watch hears nothing more', async () => {
			const [closed, open] = [await far.watch(['api']), await far.watch(['api'])];
			let heard = 0;
			closed.onChange(() => heard++);
			closed.close();
			const registration = await near.register(instanceOf('api', 'api-1'));
			await untilIds(open, ['api-1']);
			await registration.deregister();
			await untilIds(open, []);
			expect(heard).toBe(0);
		});

		test('worker numbers are all different, however many are claimed at once', async () => {
			const claims = await Promise.all(
				Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? near : far).claimWorker(`owner-${index}`)),
			);
			const numbers = claims.map(({ number }) => number);
			expect(new Set(numbers).size).toBe(50);
			for (const number of numbers) {
				expect(Number.isInteger(number) && number >= 0 && number <= 1023, `${number}`).toBe(true);
			}
			await Promise.all(claims.map((claim) => claim.release()));
		});
	});
};
