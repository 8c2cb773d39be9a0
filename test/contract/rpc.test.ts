import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createEmbeddedRpc } from '../../src/adapters/embedded/rpc.ts';
import { roomKey } from '../../src/protocol/logs.ts';
import { freePort } from '../support/processes.ts';
import { rpcContract } from './rpc.contract.ts';
import { gate, handlersWith, type NetworkHarness, networkHarness } from './rpc-support.ts';

rpcContract('embedded', async () => {
	const client = createEmbeddedRpc();
	return {
		client,
		serve: (service, serverId, given) => client.serve(service, serverId, handlersWith(service, given)),
		close: () => client.close(),
	};
});

rpcContract('network', () => networkHarness());

const named =
	(name: string) =>
	async ({ id }: { id: number }) => ({ id, name });
const credentials = { name: 'demo', password: '111111' };

describe('network: what fails on the way', () => {
	let net: NetworkHarness;
	beforeEach(async () => {
		net = await networkHarness();
	});
	afterEach(() => net.close());

	test('a server killed under a call: an idempotent one is answered by another, any other ends as unavailable', async () => {
		const hung = gate<never>();
		const arrived = [gate(), gate()] as const;
		const host = await net.createRpc();
		const one = await host.serve(
			'logic',
			'one',
			handlersWith('logic', {
				'logic.user': () => {
					arrived[0].open();
					return hung.promise;
				},
				'logic.register': () => {
					arrived[1].open();
					return hung.promise;
				},
			}),
		);
		const link = await net.link(one);
		await net.register('logic', 'one', link.address);
		const user = net.client.call('logic.user', { id: 7 });
		const register = net.client.call('logic.register', credentials);
		register.catch(() => {});
		await Promise.all([arrived[0].promise, arrived[1].promise]);
		let registered = 0;
		await net.serve('logic', 'two', {
			'logic.user': named('two'),
			'logic.register': async () => {
				registered += 1;
				return { token: 'x', user: { id: 1, name: 'demo' } };
			},
		});
		await link.process.stop({ signal: 'SIGKILL' });
		expect(await user).toEqual({ id: 7, name: 'two' });
		await expect(register).rejects.toMatchObject({ key: 'unavailable' });
		expect(registered).toBe(0);
		hung.end();
	});

	test('a call that surely never left is made elsewhere, idempotent or not', async () => {
		await net.register('logic', 'gone', `ws://127.0.0.1:${await freePort()}`);
		await net.serve('logic', 'two', {
			'logic.register': async () => ({ token: 'x', user: { id: 1, name: 'demo' } }),
		});
		const calls = Array.from({ length: 8 }, () => net.client.call('logic.register', credentials));
		expect(await Promise.all(calls)).toHaveLength(8);
	});

	test('a stopped server delays only calls to itself, and idempotent ones leave it; once it runs again it is used again', async () => {
		let answeredByOne = () => {};
		const host = await net.createRpc();
		const one = await host.serve(
			'logic',
			'one',
			handlersWith('logic', {
				'logic.user': async ({ id }) => {
					answeredByOne();
					return { id, name: 'one' };
				},
			}),
		);
		const link = await net.link(one);
		await net.register('logic', 'one', link.address);
		await net.serve('logic', 'two', { 'logic.user': named('two') });
		const call = (serverId?: string) =>
			net.client.call('logic.user', { id: 7 }, { deadlineMs: 3000, ...(serverId !== undefined && { serverId }) });
		const before = await Promise.all([call(), call(), call(), call()]);
		expect(new Set(before.map(({ name }) => name))).toEqual(new Set(['one', 'two']));

		link.process.signal('SIGSTOP');
		const calls = Array.from({ length: 40 }, () => call());
		const start = performance.now();
		expect(await call('two')).toEqual({ id: 7, name: 'two' });
		expect(performance.now() - start).toBeLessThan(500);
		expect((await Promise.all(calls)).every(({ name }) => name === 'two')).toBe(true);

		const used = new Promise<void>((resolve) => {
			answeredByOne = resolve;
		});
		link.process.signal('SIGCONT');
		let back = false;
		void used.then(() => {
			back = true;
		});
		while (!back) await call();
	});

	test('a handler that never answers costs a caller one try, not the call, and is then avoided', async () => {
		const hung = gate<never>();
		let asked = 0;
		await net.serve('logic', 'one', {
			'logic.user': () => {
				asked += 1;
				return hung.promise;
			},
		});
		await net.serve('logic', 'two', { 'logic.user': named('two') });
		for (let turn = 0; turn < 50; turn++)
			expect(await net.client.call('logic.user', { id: 7 }, { deadlineMs: 900 })).toEqual({ id: 7, name: 'two' });
		expect(asked).toBeGreaterThan(0);
		expect(asked).toBeLessThan(5);
		hung.end();
	});

	test('a server that answers nothing at all is noticed before a long deadline is over', async () => {
		const host = await net.createRpc();
		const login = async () => ({ token: 'x', user: { id: 1, name: 'demo' } });
		const one = await host.serve('logic', 'one', handlersWith('logic', { 'logic.register': login }));
		const link = await net.link(one);
		await net.register('logic', 'one', link.address);
		await net.client.call('logic.register', credentials);
		link.process.signal('SIGSTOP');
		const call = net.client.call('logic.register', credentials, { deadlineMs: 25_000 });
		await expect(call).rejects.toMatchObject({ key: 'unavailable' });
	});

	test('the server with the fewest calls under way is asked first', async () => {
		const hold = gate();
		let arrived = 0;
		const three = gate();
		await net.serve('logic', 'one', {
			'logic.heads': async () => {
				arrived += 1;
				if (arrived === 3) three.open();
				await hold.promise;
				return { heads: [] };
			},
			'logic.user': named('one'),
		});
		await net.serve('logic', 'two', {
			'logic.user': async ({ id }) => {
				await hold.promise;
				return { id, name: 'two' };
			},
		});
		const held = Array.from({ length: 3 }, () => net.client.call('logic.heads', { keys: [] }, { serverId: 'one' }));
		await three.promise;
		const calls = Array.from({ length: 3 }, () => net.client.call('logic.user', { id: 7 }));
		hold.open();
		expect((await Promise.all(calls)).map(({ name }) => name)).toEqual(['two', 'two', 'two']);
		await Promise.all(held);
	});

	test('a new instance is used within a second, one that left is not', async () => {
		const one = await net.createRpc();
		const served = await one.serve('logic', 'one', handlersWith('logic', { 'logic.user': named('one') }));
		const registration = await net.register('logic', 'one', served.address);
		expect(await net.client.call('logic.user', { id: 7 })).toEqual({ id: 7, name: 'one' });
		const start = performance.now();
		await net.serve('logic', 'two', { 'logic.user': named('two') });
		while ((await net.client.call('logic.user', { id: 7 })).name !== 'two');
		expect(performance.now() - start).toBeLessThan(1000);
		await registration.deregister();
		for (let turn = 0; turn < 10; turn++)
			expect(await net.client.call('logic.user', { id: 7 })).toEqual({ id: 7, name: 'two' });
	});

	test('a server that comes back on the same address answers the calls that waited for it', async () => {
		const port = await freePort();
		const first = await net.createRpc({ port });
		const { address } = await first.serve('logic', 'one', handlersWith('logic', { 'logic.user': named('first') }));
		await net.register('logic', 'one', address);
		expect(await net.client.call('logic.user', { id: 7 })).toEqual({ id: 7, name: 'first' });
		await first.close();
		const call = net.client.call('logic.user', { id: 7 });
		const second = await net.createRpc({ port });
		await second.serve('logic', 'one', handlersWith('logic', { 'logic.user': named('second') }));
		expect(await call).toEqual({ id: 7, name: 'second' });
	});

	test('a server that stops hands its calls to another', async () => {
		const stopping = await net.serve('logic', 'one', { 'logic.user': named('one') });
		await net.serve('logic', 'two', { 'logic.user': named('two') });
		await Promise.all(Array.from({ length: 10 }, () => net.client.call('logic.user', { id: 7 })));
		const calls = Array.from({ length: 200 }, () => net.client.call('logic.user', { id: 7 }));
		await stopping.close();
		calls.push(...Array.from({ length: 200 }, () => net.client.call('logic.user', { id: 7 })));
		expect((await Promise.all(calls)).every(({ id }) => id === 7)).toBe(true);
	});

	test('a server that stops hands on what it has not begun, also what may not be repeated', async () => {
		const signedIn = (token: string) => async () => ({ token, user: { id: 7, name: 'ada' } });
		let finish = () => {};
		const slow = new Promise<void>((resolve) => {
			finish = resolve;
		});
		const hold = async () => slow.then(() => ({ id: 7, name: 'one' }));
		const stopping = await net.serve('logic', 'one', { 'logic.login': signedIn('one'), 'logic.user': hold });
		const held = net.client.call('logic.user', { id: 7 });
		const logIn = () => net.client.call('logic.login', { name: 'ada', password: 'secret' });
		expect((await logIn()).token).toBe('one');
		const stopped = stopping.close();
		await net.serve('logic', 'two', { 'logic.login': signedIn('two') });
		const tokens = await Promise.all(Array.from({ length: 20 }, async () => (await logIn()).token));
		expect(tokens).toEqual(tokens.map(() => 'two'));
		finish();
		await Promise.all([held, stopped]);
	});

	test('two services of one process share a port and are told apart', async () => {
		const host = await net.createRpc();
		const logic = await host.serve('logic', 'l', handlersWith('logic', { 'logic.user': named('l') }));
		const connect = (closed: number) => handlersWith('connect', { 'connect.closeSessions': async () => ({ closed }) });
		const one = await host.serve('connect', 'c1', connect(1));
		const two = await host.serve('connect', 'c2', connect(2));
		expect([one.address, two.address]).toEqual([logic.address, logic.address]);
		await net.register('logic', 'l', logic.address);
		await net.register('connect', 'c1', one.address);
		await net.register('connect', 'c2', two.address);
		const close = (serverId: string) => net.client.call('connect.closeSessions', { ids: [] }, { serverId });
		expect(await Promise.all([close('c2'), close('c1')])).toEqual([{ closed: 2 }, { closed: 1 }]);
		await one.close();
		expect(await net.client.call('logic.user', { id: 7 })).toEqual({ id: 7, name: 'l' });
		expect(await close('c2')).toEqual({ closed: 2 });
		await expect(close('c1')).rejects.toMatchObject({ key: 'unavailable' });
	});

	test('a long deadline is not spent on finding a server', async () => {
		const caller = await net.createRpc({ deadlineMs: 200 });
		const before = performance.now();
		const call = caller.call('logic.user', { id: 7 }, { deadlineMs: 20_000 });
		await expect(call).rejects.toMatchObject({ key: 'unavailable' });
		expect(performance.now() - before).toBeLessThan(5000);
	});

	test('a process with another secret gets no answer', async () => {
		await net.serve('logic', 'one', { 'logic.user': named('one') });
		const stranger = await net.createRpc({ secret: 'guessed' });
		const call = stranger.call('logic.user', { id: 7 }, { deadlineMs: 300 });
		await expect(call).rejects.toMatchObject({ key: 'unavailable' });
	});

	test('a request over the size limit fails in the caller and harms no other call', async () => {
		await net.serve('logic', 'one', { 'logic.user': named('one'), 'logic.heads': async () => ({ heads: [] }) });
		const keys = Array.from({ length: 1000 }, (_, index) => roomKey(10 ** 14 + index));
		const ids = keys.map((key) => key.repeat(8));
		const user = net.client.call('logic.user', { id: 7 });
		await expect(net.client.call('logic.endedSessions', { ids })).rejects.toMatchObject({ key: 'bad-request' });
		expect(await user).toEqual({ id: 7, name: 'one' });
		const many = Array.from({ length: 20 }, () => net.client.call('logic.heads', { keys }));
		expect(await Promise.all(many)).toHaveLength(20);
	});
});
