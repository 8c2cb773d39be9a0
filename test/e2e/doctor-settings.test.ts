import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuthority } from '../support/certificates.ts';
import { about, createDoctor, type Run } from '../support/doctor.ts';
import { freePort, temporaryFolder } from '../support/processes.ts';

// What the doctor says of settings alone: no server is there.

const folder = temporaryFolder('doctor-settings');
const settings = new Map<string, string | number>([['store.url', `sqlite:${folder.path}/tschat.db`]]);
const { doctor, run } = createDoctor(settings);

beforeAll(async () => {
	const [redis, etcd] = [await freePort(), await freePort()];
	settings.set('redis.url', `redis://127.0.0.1:${redis}`).set('etcd.hosts', `http://127.0.0.1:${etcd}`);
	for (const port of ['site.port', 'api.port', 'connect_ws.port', 'connect_tcp.ports']) {
		settings.set(port, await freePort());
	}
});
afterAll(folder.remove);

describe('settings', () => {
	test('an unknown one is a fault that names the one that was meant', async () => {
		const [only, ...others] = await doctor({ own: { 'api.prt': 1 } });
		expect(others).toEqual([]);
		expect(only).toMatchObject({
			level: 'fail',
			what: 'config',
			found: expect.stringContaining('did you mean "api.port"?'),
		});
	});

	test('what production mode refuses, as the secret that everybody knows, is a fault each, in a line of its own', async () => {
		const file = join(folder.path, 'production.toml');
		writeFileSync(file, 'mode = "production"\n[auth]\nscrypt_log_n = 10\n');
		const { code, stdout } = await run(['--config', file], { module: 'logic', own: { 'store.url': 'sqlite:none.db' } });
		expect(code).toBe(1);
		expect(stdout.trimEnd().split('\n')).toEqual(
			['auth\\.demo_users', 'rpc\\.secret is well known', 'auth\\.scrypt_log_n'].map((refused) =>
				expect.stringMatching(`^fail {2}config {2}${refused}.* … correct it`),
			),
		);
	});
});

describe('ports for clients in production mode', () => {
	const production = {
		...{ mode: 'production', 'auth.demo_users': 'false', 'auth.scrypt_log_n': 15, 'rpc.secret': 'k3Xq9vLz2mPw7RtY' },
		'connect_ws.allowed_origins': 'https://chat.example',
		'store.url': `sqlite:${folder.path}/production.db`,
	};
	const ofDoctor = async (own: Run['own'], module?: string) =>
		about(await doctor({ own: { ...production, ...own }, ...(module !== undefined && { module }) }), 'plain ports');

	test('that are plain and reached from elsewhere are told by their settings', async () => {
		const hosts = ['site.host', 'api.host', 'connect_ws.host', 'connect_tcp.host'];
		const open = Object.fromEntries(hosts.map((host) => [host, '0.0.0.0']));
		const closed = Object.fromEntries(hosts.map((host) => [host, '127.0.0.1']));
		expect(await ofDoctor(open)).toMatchObject([
			{ level: 'warn', todo: expect.stringContaining(`set ${hosts.join(', ')} to 127.0.0.1`) },
		]);
		expect(await ofDoctor({ ...closed, 'api.host': '0.0.0.0' })).toMatchObject([
			{ level: 'warn', todo: expect.stringContaining('set api.host to 127.0.0.1') },
		]);
		expect(await ofDoctor(open, 'connect-ws')).toMatchObject([
			{ level: 'warn', todo: expect.stringContaining('set connect_ws.host to') },
		]);
		expect(await ofDoctor(open, 'logic')).toEqual([]);
		expect(await ofDoctor(closed)).toEqual([]);
		const { cert, key } = createAuthority().issue('clients');
		expect(await ofDoctor({ ...open, 'tls.cert': cert, 'tls.key': key })).toEqual([]);
	});
});

describe('certificates', () => {
	const authority = createAuthority();

	test('that can be used are told with the date of expiry; without any there is nothing to say', async () => {
		const { cert, key } = authority.issue('long', { days: 90 });
		const findings = await doctor({ own: { 'tls.cert': cert, 'tls.key': key } });
		expect(about(findings, 'tls')).toMatchObject([
			{ level: 'ok', found: expect.stringMatching(/^tls\.cert is valid until \d{4}-\d\d-\d\d$/) },
		]);
		expect(about(await doctor(), 'tls')).toEqual([]);
	});

	test('that cannot be used are faults, as a start says them', async () => {
		const [one, other, old] = [authority.issue('one'), authority.issue('other'), authority.issue('old', { days: -1 })];
		for (const [cert, key, found] of [
			['/none.pem', one.key, 'tls.cert: cannot read /none.pem (ENOENT)'],
			[one.cert, other.key, `tls.key: ${other.key} is not the key of ${one.cert}`],
			[old.cert, old.key, expect.stringContaining(' expired on ')],
		]) {
			const findings = await doctor({ own: { 'tls.cert': cert, 'tls.key': key } });
			expect(about(findings, 'tls')).toMatchObject([{ level: 'fail', found }]);
		}
	});
});
