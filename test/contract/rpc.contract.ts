import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ChatError, tooMany } from '../../src/protocol/errors.ts';
import type { HandlersOf } from '../../src/protocol/rpc.ts';
import { gate, handlersWith, type RpcHarness } from './rpc-support.ts';

const demo = { id: 7, name: 'demo' };

/** What every adapter of the Rpc port promises. */
export const rpcContract = (name: string, open: () => Promise<RpcHarness>): void => {
	describe(`${name}: the Rpc port`, () => {
		let rpc: RpcHarness;
		beforeEach(async () => {
			rpc = await open();
		});
		afterEach(() => rpc.close());

		test('a call is answered with what the handler returns', async () => {
			await rpc.serve('logic', 'one', { 'logic.user': async ({ id }) => ({ id, name: `user ${id} ✓` }) });
			expect(await rpc.client.call('logic.user', { id: 12 })).toEqual({ id: 12, name: 'user 12 ✓' });
		});

		test('a ChatError of the handler reaches the caller with its key and reason', async () => {
			await rpc.serve('logic', 'one', {
				'logic.register': () => Promise.reject(new ChatError('name-taken', 'demo is taken')),
			});
			const call = rpc.client.call('logic.register', { name: 'demo', password: '111111' });
			await expect(call).rejects.toSatisfy(
				(error) => error instanceof ChatError && error.key === 'name-taken' && error.message === 'demo is taken',
			);
		});

		test('a ChatError that knows when to come back tells the caller', async () => {
			const refusals = [tooMany('too-many-attempts', 1234.5), new ChatError('too-many-attempts')];
			await rpc.serve('logic', 'one', { 'logic.login': () => Promise.reject(refusals.shift()) });
			const call = () => rpc.client.call('logic.login', { name: 'demo', password: '111111' });
			await expect(call()).rejects.toMatchObject({ key: 'too-many-attempts', retryAfterMs: 1234.5 });
			await expect(call()).rejects.toMatchObject({ key: 'too-many-attempts', retryAfterMs: undefined });
		});

		test('any other error of the handler is told as internal, without its text', async () => {
			await rpc.serve('logic', 'one', {
				'logic.user': () => {
					throw new Error('SELECT secret FROM users');
				},
			});
			const call = rpc.client.call('logic.user', { id: 1 });
			await expect(call).rejects.toMatchObject({ key: 'internal', message: 'internal error' });
		});

		test('params that do not fit are refused, and the server goes on', async () => {
			let calls = 0;
			await rpc.serve('logic', 'one', {
				'logic.user': async () => {
					calls += 1;
					return demo;
				},
			});
			await expect(rpc.client.call('logic.user', { id: -1 })).rejects.toMatchObject({ key: 'bad-request' });
			expect(calls).toBe(0);
			expect(await rpc.client.call('logic.user', { id: 7 })).toEqual(demo);
		});

		test('a result that does not fit is an internal error, and the server goes on', async () => {
			const results = [{ id: 'seven' } as unknown as typeof demo, demo];
			await rpc.serve('logic', 'one', { 'logic.user': async () => results.shift() ?? demo });
			await expect(rpc.client.call('logic.user', { id: 7 })).rejects.toMatchObject({ key: 'internal' });
			expect(await rpc.client.call('logic.user', { id: 7 })).toEqual(demo);
		});

		test('a service with a missing or an undeclared handler is not served', async () => {
			const { 'logic.send': _, ...missing } = handlersWith('logic', {});
			const undeclared = { ...handlersWith('logic', {}), 'logic.destroy': async () => ({}) };
			await expect(rpc.client.serve('logic', 'a', missing as HandlersOf<'logic'>)).rejects.toThrow('logic.send');
			await expect(rpc.client.serve('logic', 'b', undeclared)).rejects.toThrow('logic.destroy');
		});

		test('a call that is not answered in time ends as timeout', async () => {
			const hung = gate<never>();
			await rpc.serve('logic', 'one', { 'logic.user': () => hung.promise, 'logic.register': () => hung.promise });
			const start = performance.now();
			const idempotent = rpc.client.call('logic.user', { id: 7 }, { deadlineMs: 200 });
			const other = rpc.client.call('logic.register', { name: 'demo', password: '111111' }, { deadlineMs: 200 });
			await expect(idempotent).rejects.toMatchObject({ key: 'timeout' });
			await expect(other).rejects.toMatchObject({ key: 'timeout' });
			expect(performance.now() - start).toBeLessThan(1000);
			hung.end();
		});

		test('a call with a server id reaches that server and no other', async () => {
			for (const [serverId, closed] of [
				['one', 1],
				['two', 2],
				['three', 3],
			] as const)
				await rpc.serve('connect', serverId, { 'connect.closeSessions': async () => ({ closed }) });
			const ids = ['two', 'one', 'three', 'two', 'two'];
			const results = await Promise.all(
				ids.map((serverId) => rpc.client.call('connect.closeSessions', { ids: [] }, { serverId })),
			);
			expect(results.map(({ closed }) => closed)).toEqual([2, 1, 3, 2, 2]);
		});

		test('a call to a server id that nobody has ends as unavailable', async () => {
			await rpc.serve('connect', 'one', { 'connect.closeSessions': async () => ({ closed: 1 }) });
			const call = rpc.client.call('connect.closeSessions', { ids: [] }, { serverId: 'two', deadlineMs: 300 });
			await expect(call).rejects.toMatchObject({ key: 'unavailable' });
		});

		test('without any server a call waits for the first one', async () => {
			const call = rpc.client.call('logic.user', { id: 7 });
			await rpc.serve('logic', 'one', { 'logic.user': async () => demo });
			expect(await call).toEqual(demo);
		});

		test('without any server until the deadline a call ends as unavailable', async () => {
			const call = rpc.client.call('logic.user', { id: 7 }, { deadlineMs: 200 });
			await expect(call).rejects.toMatchObject({ key: 'unavailable' });
		});

		test('a thousand calls at once each get their own answer, whatever the order of answering', async () => {
			await rpc.serve('logic', 'one', {
				'logic.user': async ({ id }) => {
					for (let turn = id % 7; turn > 0; turn--) await new Promise(setImmediate);
					return { id, name: String(id) };
				},
			});
			const ids = Array.from({ length: 1000 }, (_, index) => index + 1);
			const results = await Promise.all(ids.map((id) => rpc.client.call('logic.user', { id })));
			expect(results.map(({ name }) => Number(name))).toEqual(ids);
		});

		test('a slow call does not hold back one made at the same moment', async () => {
			const slow = gate();
			await rpc.serve('logic', 'one', {
				'logic.user': () => slow.promise.then(() => demo),
				'logic.heads': async () => ({ heads: [3] }),
			});
			const waiting = rpc.client.call('logic.user', { id: 7 });
			expect(await rpc.client.call('logic.heads', { keys: ['room:1'] })).toEqual({ heads: [3] });
			slow.open();
			expect(await waiting).toEqual(demo);
		});

		test('a server that closes answers the calls under way first, and takes no new ones', async () => {
			const arrived = gate();
			const finish = gate();
			const server = await rpc.serve('logic', 'one', {
				'logic.user': async () => {
					arrived.open();
					await finish.promise;
					return demo;
				},
			});
			const underWay = rpc.client.call('logic.user', { id: 7 });
			await arrived.promise;
			const closed = server.close();
			const late = rpc.client.call('logic.user', { id: 7 }, { deadlineMs: 300 });
			await expect(late).rejects.toMatchObject({ key: 'unavailable' });
			finish.open();
			expect(await underWay).toEqual(demo);
			await closed;
		});

		test('after close every call is refused', async () => {
			await rpc.serve('logic', 'one', { 'logic.user': async () => demo });
			await rpc.client.close();
			await expect(rpc.client.call('logic.user', { id: 7 })).rejects.toMatchObject({ key: 'unavailable' });
		});
	});
};
