import { fileURLToPath } from 'node:url';
import { Etcd3 } from 'etcd3';
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { createEmbeddedRegistry } from '../../src/adapters/embedded/registry.ts';
import { openEtcdRegistry } from '../../src/adapters/etcd/registry.ts';
import type { RegistryWatch, ServiceRegistry } from '../../src/ports/service-registry.ts';
import { type RunningEtcd, startEtcd } from '../support/etcd.ts';
import { eventually } from '../support/eventually.ts';
import { freePort, type RunningProcess, startProcess } from '../support/processes.ts';
import { idsOf, instanceOf, serviceRegistryContract, untilIds } from './service-registry.contract.ts';

const leaseSeconds = 2;

const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown) => void unhandled.push(reason);
beforeAll(() => void process.on('unhandledRejection', onUnhandled));
afterAll(() => {
	process.off('unhandledRejection', onUnhandled);
	expect(unhandled).toEqual([]);
});

serviceRegistryContract('embedded', async () => {
	const registry = createEmbeddedRegistry();
	return { near: registry, far: registry };
});

test('embedded: when all worker numbers are held a claim is refused, and one that is released can be claimed', async () => {
	const registry = createEmbeddedRegistry();
	const claims = await Promise.all(Array.from({ length: 1024 }, () => registry.claimWorker('many')));
	await expect(registry.claimWorker('late')).rejects.toMatchObject({ key: 'unavailable' });
	await claims[77]?.release();
	expect((await registry.claimWorker('late')).number).toBe(77);
	await claims[77]?.release();
	await expect(registry.claimWorker('later')).rejects.toMatchObject({ key: 'unavailable' });
});

let shared: RunningEtcd;
beforeAll(async () => {
	shared = await startEtcd();
});
afterAll(() => shared.stop());

serviceRegistryContract('etcd', async () => {
	const open = () => openEtcdRegistry({ hosts: [shared.url], prefix: '/contract', leaseSeconds });
	return { near: await open(), far: await open() };
});

const prefix = '/outage';
const ownerPath = fileURLToPath(new URL('fixtures/registry-owner.mjs', import.meta.url));

/** An etcd with processes around it, all gone when the test is over. */
interface Cluster {
	readonly etcd: RunningEtcd;
	open(options?: { hosts?: string[]; seconds?: number }): Promise<ServiceRegistry>;
	/** A process of its own, which registers a `task` and prints the ids of the `logic` instances that it sees. */
	startOwner(serverId: string, seconds?: number): Promise<RunningProcess>;
}

const startCluster = async ({ onTestFinished }: TestContext): Promise<Cluster> => {
	const etcd = await startEtcd();
	onTestFinished(() => etcd.kill());
	return {
		etcd,
		open: async ({ hosts = [etcd.url], seconds = leaseSeconds } = {}) => {
			const registry = await openEtcdRegistry({ hosts, prefix, leaseSeconds: seconds });
			onTestFinished(() => registry.close());
			return registry;
		},
		startOwner: async (serverId, seconds = leaseSeconds) => {
			const options = { hosts: [etcd.url], prefix, leaseSeconds: seconds };
			const owner = startProcess('node', [
				ownerPath,
				JSON.stringify(options),
				JSON.stringify(instanceOf('task', serverId)),
			]);
			onTestFinished(() => owner.stop({ signal: 'SIGKILL' }));
			await owner.outputMatching(/^sees/m);
			return owner;
		},
	};
};

/** Every list that the watch showed, from now on. */
const recordOf = (watch: RegistryWatch): string[][] => {
	const record = [idsOf(watch)];
	watch.onChange(() => record.push(idsOf(watch)));
	return record;
};

const delay = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
/** An outage that no lease survives has no event to wait for. */
const longerThanTheLease = () => delay(leaseSeconds * 1000 + 1_000);

/** Writes `{}` under each key. */
const putAll = async (etcd: RunningEtcd, keys: readonly string[]): Promise<void> => {
	const client = new Etcd3({ hosts: etcd.url });
	await Promise.all(keys.map((key) => client.put(key).value('{}')));
	client.close();
};

/** The instances in etcd itself, as a registry that has known nothing before finds them. */
const stored = async (etcd: RunningEtcd): Promise<string[]> => {
	const fresh = await openEtcdRegistry({ hosts: [etcd.url], prefix, leaseSeconds });
	const ids = idsOf(await fresh.watch(['logic', 'task']));
	await fresh.close();
	return ids;
};

/** Two processes that know each other, and what one shows of the other in every moment to come. */
const twoThatKnowEachOther = async (context: TestContext) => {
	const { etcd, open } = await startCluster(context);
	// A history longer than one that begins anew will soon be.
	await putAll(
		etcd,
		Array.from({ length: 200 }, (_, index) => `/elsewhere/${index}`),
	);
	const [near, far] = [await open(), await open()];
	await near.register(instanceOf('logic', 'stays'));
	await far.register(instanceOf('task', 'also-stays'));
	const leaving = await near.register(instanceOf('logic', 'leaves'));
	const watch = await far.watch(['logic', 'task']);
	await untilIds(watch, ['also-stays', 'leaves', 'stays']);
	return { etcd, near, far, leaving, watch, record: recordOf(watch), claim: await near.claimWorker('near') };
};

const expectNobodyVanished = (record: readonly string[][]) => {
	for (const ids of record) expect(ids).toEqual(expect.arrayContaining(['also-stays', 'stays']));
};

describe.concurrent('etcd service registry in trouble', () => {
	test('an outage longer than the lease changes nothing for watches, and what happened in it is made good after', async (context) => {
		const { etcd, near, far, leaving, watch, record, claim } = await twoThatKnowEachOther(context);
		const { number } = claim;
		await etcd.stop();
		await near.register(instanceOf('logic', 'came-in-the-outage'));
		const began = performance.now();
		await leaving.deregister();
		expect(performance.now() - began).toBeLessThan(1_200);
		await expect(far.claimWorker('in the outage')).rejects.toMatchObject({ key: 'unavailable' });
		await longerThanTheLease();
		expect(record).toHaveLength(1);

		await etcd.start();
		await untilIds(watch, ['also-stays', 'came-in-the-outage', 'stays']);
		await far.register(instanceOf('logic', 'came-after'));
		await untilIds(watch, ['also-stays', 'came-after', 'came-in-the-outage', 'stays']);
		await longerThanTheLease();
		expectNobodyVanished(record);
		expect(await stored(etcd)).toEqual(idsOf(watch));
		expect(claim.number).toBe(number);
	});

	test('an etcd that hangs until every lease has run out takes nobody off the list', async (context) => {
		const { etcd, watch, record, claim } = await twoThatKnowEachOther(context);
		const { number } = claim;
		etcd.pause();
		await longerThanTheLease();
		expect(record).toHaveLength(1);
		etcd.resume();
		await eventually(async () => expect(await stored(etcd)).toEqual(['also-stays', 'leaves', 'stays']));
		await longerThanTheLease();
		expectNobodyVanished(record);
		expect(idsOf(watch)).toEqual(['also-stays', 'leaves', 'stays']);
		expect(claim.number).toBe(number);
		expect(await etcd.ctl('get', `${prefix}/workers/${number}`)).toContain('near');
	});

	test('an etcd that comes back without its data is filled again, and nobody vanishes meanwhile', async (context) => {
		const { etcd, far, leaving, watch, record, claim } = await twoThatKnowEachOther(context);
		const { number } = claim;
		await etcd.startEmpty();
		await eventually(async () => expect(await stored(etcd)).toEqual(['also-stays', 'leaves', 'stays']));
		await leaving.deregister();
		await untilIds(watch, ['also-stays', 'stays']);
		await far.register(instanceOf('logic', 'came-after'));
		await untilIds(watch, ['also-stays', 'came-after', 'stays']);
		await longerThanTheLease();
		expectNobodyVanished(record);
		expect(await stored(etcd)).toEqual(['also-stays', 'came-after', 'stays']);
		expect(await etcd.ctl('get', `${prefix}/workers/${number}`)).toContain('near');
	});

	test('a killed process is gone within two leases after a start or outage, within one in quiet times', {
		timeout: 60_000,
	}, async (context) => {
		const seconds = 4;
		const { open, startOwner } = await startCluster(context);
		const registry = await open({ seconds });
		const watch = await registry.watch(['task']);
		const [first, second] = await Promise.all([startOwner('first', seconds), startOwner('second', seconds)]);
		await untilIds(watch, ['first', 'second']);

		first.signal('SIGKILL');
		expect(await untilIds(watch, ['second'], 15_000)).toBeLessThan(3 * seconds * 1000);
		second.signal('SIGKILL');
		expect(await untilIds(watch, [])).toBeLessThan(1.5 * seconds * 1000);
	});

	test('an owner that was stopped for longer than its lease registers again when it runs on', async (context) => {
		const { open, startOwner } = await startCluster(context);
		const watch = await (await open()).watch(['task']);
		const owner = await startOwner('sleeper');
		await untilIds(watch, ['sleeper']);
		owner.signal('SIGSTOP');
		await untilIds(watch, []);
		owner.signal('SIGCONT');
		await untilIds(watch, ['sleeper'], 3_000);
	});

	test('a registration and a worker number whose lease is revoked are back within seconds', async (context) => {
		const { etcd, open } = await startCluster(context);
		const owner = await open();
		await owner.register(instanceOf('logic', 'revoked'));
		const { number } = await owner.claimWorker('revoked owner');
		const revokeAll = async () => {
			for (const [lease] of (await etcd.ctl('lease', 'list')).matchAll(/[0-9a-f]{12,}/g)) {
				await etcd.ctl('lease', 'revoke', lease);
			}
		};
		await revokeAll();
		await eventually(async () => {
			expect(await stored(etcd)).toEqual(['revoked']);
			expect(await etcd.ctl('get', `${prefix}/workers/${number}`)).toContain('revoked owner');
		}, 4_000);
	});

	test('when all worker numbers are held a claim is refused, and one that is released can be claimed', async (context) => {
		const { etcd, open } = await startCluster(context);
		const [near, far] = [await open({ seconds: 30 }), await open({ seconds: 30 })];
		const first = await near.claimWorker('first');
		const numbers = Array.from({ length: 1024 }, (_, number) => number).filter((number) => number !== first.number);
		await putAll(
			etcd,
			numbers.map((number) => `${prefix}/workers/${number}`),
		);

		await expect(far.claimWorker('late')).rejects.toMatchObject({ key: 'unavailable' });
		await first.release();
		expect((await far.claimWorker('late')).number).toBe(first.number);
		await first.release();
		await expect(near.claimWorker('later')).rejects.toMatchObject({ key: 'unavailable' });
	});

	test('a worker number that somebody else holds after an outage is given up for another', async (context) => {
		const { etcd, open } = await startCluster(context);
		const claim = await (await open()).claimWorker('first');
		const { number } = claim;
		await etcd.ctl('put', `${prefix}/workers/${number}`, '{"owner":"somebody else"}');
		await eventually(() => expect(claim.number).not.toBe(number));
		expect(await etcd.ctl('get', `${prefix}/workers/${claim.number}`)).toContain('first');
		await claim.release();
		expect(await etcd.ctl('get', '--prefix', `${prefix}/workers/`)).toContain('somebody else');
		expect(await etcd.ctl('get', '--prefix', `${prefix}/workers/`)).not.toContain('first');
	});

	test('changes are seen across a compaction, also those made and compacted while a watch was cut off', async (context) => {
		const { etcd, open, startOwner } = await startCluster(context);
		const registry = await open();
		const compact = async () => {
			const status = JSON.parse(await etcd.ctl('endpoint', 'status', '--write-out=json'));
			await etcd.ctl('compact', String(status[0].Status.header.revision));
		};
		const early = await registry.register(instanceOf('logic', 'early'));
		const watcher = await startOwner('watcher');
		await watcher.outputMatching(/^sees early$/m);
		await compact();
		await registry.register(instanceOf('logic', 'middle'));
		await watcher.outputMatching(/^sees early,middle$/m);

		watcher.signal('SIGSTOP');
		await etcd.kill();
		await etcd.start();
		await early.deregister();
		await registry.register(instanceOf('logic', 'late'));
		await eventually(async () => expect(await stored(etcd)).toEqual(expect.arrayContaining(['late', 'middle'])));
		await compact();
		watcher.signal('SIGCONT');
		await watcher.outputMatching(/^sees late,middle$/m);
	});

	test('values that are not instances, or stand under the wrong key, are ignored', async (context) => {
		const { etcd, open } = await startCluster(context);
		const registry = await open();
		const watch = await registry.watch(['logic']);
		const put = (id: string, value: string) => etcd.ctl('put', `${prefix}/services/logic/${id}`, value);
		await put('no-json', '{"service":');
		await put('wrong-type', JSON.stringify({ ...instanceOf('logic', 'wrong-type'), rpc: 7 }));
		await put('another', JSON.stringify(instanceOf('logic', 'valid')));
		await put('valid', JSON.stringify(instanceOf('logic', 'valid')));
		await untilIds(watch, ['valid']);
		expect(idsOf(await (await open()).watch(['logic']))).toEqual(['valid']);
	});

	test('closing takes what is registered off the list at once, and ends in bounded time when etcd hangs', async (context) => {
		const { etcd, open } = await startCluster(context);
		const [near, far] = [await open(), await open()];
		await near.register(instanceOf('logic', 'closes'));
		const claim = await near.claimWorker('closes');
		const watch = await far.watch(['logic']);
		await untilIds(watch, ['closes']);
		await near.close();
		await untilIds(watch, [], 1_000);
		expect(await etcd.ctl('get', `${prefix}/workers/${claim.number}`)).toBe('');

		await far.register(instanceOf('logic', 'hangs'));
		etcd.pause();
		const began = performance.now();
		await far.close();
		expect(performance.now() - began).toBeLessThan(1_500);
		etcd.resume();
	});

	test('one dead host among several does not matter', async (context) => {
		const { etcd, open } = await startCluster(context);
		const dead = `http://127.0.0.1:${await freePort()}`;
		const [near, far] = [await open({ hosts: [dead, etcd.url] }), await open({ hosts: [etcd.url, dead] })];
		const watch = await far.watch(['logic']);
		await near.register(instanceOf('logic', 'reachable'));
		await untilIds(watch, ['reachable']);
		const record = recordOf(watch);
		await longerThanTheLease();
		expect(record).toEqual([['reachable']]);
	});

	test('an etcd that cannot be reached at start is named in one line', async () => {
		const url = `http://127.0.0.1:${await freePort()}`;
		const began = performance.now();
		await expect(openEtcdRegistry({ hosts: [url], prefix, leaseSeconds })).rejects.toMatchObject({
			key: 'unavailable',
			message: `cannot reach etcd at ${url} (connect ECONNREFUSED ${url.slice(7)}): start it, or correct etcd.hosts`,
		});
		expect(performance.now() - began).toBeLessThan(5_000);
	});
});
