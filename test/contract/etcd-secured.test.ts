import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { probeEtcd } from '../../src/adapters/etcd/probe.ts';
import { openEtcdRegistry } from '../../src/adapters/etcd/registry.ts';
import { checkEtcd } from '../../src/doctor/checks/etcd-check.ts';
import type { Examination } from '../../src/doctor/examination.ts';
import { readCertificates } from '../../src/runtime/certificates.ts';
import { createAuthority, type KeyPair } from '../support/certificates.ts';
import { type RunningEtcd, startEtcd } from '../support/etcd.ts';
import { instanceOf, serviceRegistryContract, untilIds } from './service-registry.contract.ts';

const authority = createAuthority();
const stranger = createAuthority();
const pair = authority.issue('etcd');
const root = { name: 'root', password: 'of-these-tests' };
const pemOf = ({ cert, key }: KeyPair) =>
	readCertificates({
		cert: { setting: 'etcd.cert', path: cert },
		key: { setting: 'etcd.key', path: key },
	});
const client = { ca: authority.pem, ...pemOf(authority.issue('client')) };

let etcd: RunningEtcd;
const open = (options: Partial<Parameters<typeof openEtcdRegistry>[0]> = {}) =>
	openEtcdRegistry({ hosts: [etcd.url], prefix: '/secured', leaseSeconds: 2, pem: client, user: root, ...options });

beforeAll(async () => {
	etcd = await startEtcd({ tls: { ...pair, ca: authority.ca }, rootPassword: root.password });
});
afterAll(() => etcd.stop());

serviceRegistryContract('etcd with TLS, certificates of clients, and authentication', async () => ({
	near: await open(),
	far: await open(),
}));

describe('etcd with TLS and authentication', () => {
	test('is out of reach, for a reason that is told, without the right authority, certificate, user and password', async () => {
		const reasonFor = (options: Parameters<typeof open>[0]) => open(options).then(() => 'open', String);
		const reasons = await Promise.all([
			reasonFor({ pem: { ...client, ca: stranger.pem } }),
			reasonFor({ pem: { ca: authority.pem } }),
			reasonFor({ pem: { ...client, ...pemOf(stranger.issue('client')) } }),
			reasonFor({ user: { ...root, password: 'not-of-these-tests' } }),
			reasonFor({ user: undefined }),
		]);
		const unreachable = (why: string, cure: string) => `ChatError: cannot reach etcd at ${etcd.url} (${why}): ${cure}`;
		const uncertified = unreachable(
			'sslv3 alert bad certificate',
			'it demands a certificate that its authority signed: name one in etcd.cert and etcd.key',
		);
		const refused = (why: string) =>
			`ChatError: etcd at ${etcd.url} refuses (etcdserver: ${why}): correct etcd.user and etcd.password`;
		expect(reasons).toEqual([
			unreachable(
				'unable to verify the first certificate',
				'name the authority that signed its certificate in etcd.ca',
			),
			uncertified,
			uncertified,
			refused('authentication failed, invalid user ID or password'),
			// Without a user, etcd takes the name in the certificate for one.
			refused('permission denied'),
		]);
	});

	test('the doctor tells of a user without the rights to read and write under the prefix, and leaves nothing there', async () => {
		const user = { name: 'module', password: 'of-these-tests' };
		await etcd.ctl('user', 'add', `${user.name}:${user.password}`);
		await etcd.ctl('role', 'add', 'modules');
		await etcd.ctl('user', 'grant-role', user.name, 'modules');
		const prefix = '/limited';
		const check = () =>
			checkEtcd({
				config: { etcd: { prefix, lease_seconds: 2 } },
				module: 'logic',
				probes: { etcd: () => probeEtcd({ hosts: [etcd.url], prefix, leaseSeconds: 2, pem: client, user }) },
			} as unknown as Examination).then((findings) => findings.filter(({ what }) => what !== 'etcd'));
		const failed = {
			level: 'fail',
			found: expect.stringMatching(/^keys under \/limited\/ cannot be .*permission denied\)$/),
			todo: expect.stringMatching(/^give the user readwrite on \/limited\/: /),
		};
		const granted = { what: 'etcd lease', level: 'ok' };
		expect(await check()).toMatchObject([granted, failed]);
		await etcd.ctl('role', 'grant-permission', 'modules', '--prefix', 'read', '/limited/');
		expect(await check()).toMatchObject([granted, failed]);
		await etcd.ctl('role', 'grant-permission', 'modules', '--prefix', 'readwrite', '/limited/');
		expect(await check()).toMatchObject([granted, { what: 'etcd rights', level: 'ok' }]);
		expect(await etcd.ctl('get', '--prefix', '/limited/')).toBe('');
	});

	test('a registry outlives a restart of etcd, which forgets the tokens that it gave', async () => {
		const [near, far] = [await open(), await open()];
		const watch = await far.watch(['task']);
		await near.register(instanceOf('task', 'before'));
		await untilIds(watch, ['before']);
		await etcd.stop();
		await etcd.start();
		await near.register(instanceOf('task', 'after'));
		await untilIds(watch, ['after', 'before']);
		await near.close();
		await far.close();
	});
});
