import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { commandLine, refusal, root, set } from '../support/command-line.ts';
import { startEtcd } from '../support/etcd.ts';
import { freePort } from '../support/processes.ts';

const { folder, alone, tschat } = commandLine('cli');
afterAll(folder.remove);

describe('asked for information', () => {
	test('--version prints the version of the package', async () => {
		const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
		expect(await tschat(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
	});

	test('--help names every flag and every module', async () => {
		const { code, stdout } = await tschat(['--help']);
		expect(code).toBe(0);
		for (const flag of ['module', 'config', 'set', 'check-config', 'print-config', 'version', 'help']) {
			expect(stdout).toContain(`--${flag}`);
		}
		for (const name of ['api', 'logic', 'connect-ws', 'connect-tcp', 'task', 'site']) expect(stdout).toContain(name);
	});

	test('--check-config says that the settings are valid', async () => {
		expect(await tschat(['--check-config'])).toEqual({ code: 0, stdout: 'the configuration is valid\n', stderr: '' });
	});

	test('--print-config prints settings that can be loaded again, without secrets', async () => {
		const secrets = { 'rpc.secret': 'hunter22', 'store.url': 'postgres://chat:hunter22@db/chat' };
		const printed = await tschat(['--print-config', ...set({ ...secrets, 'api.port': 7171 })]);
		expect(printed).toMatchObject({ code: 0, stderr: '' });
		expect(printed.stdout).not.toContain('hunter22');
		const file = join(folder.path, 'printed.toml');
		writeFileSync(file, printed.stdout);
		expect((await tschat(['--config', file, '--print-config'])).stdout).toBe(printed.stdout);
		expect(printed.stdout).toContain('port = 7171');
	});

	test('--config may be given several times, before a command and after it: later ones win, key by key', async () => {
		writeFileSync(join(folder.path, 'one.toml'), '[log]\nlevel = "silent"\n[store]\nurl = "sqlite:one.db"\n');
		writeFileSync(join(folder.path, 'two.toml'), '[store]\nurl = "sqlite:two.db"\n');
		const { stdout } = await tschat(['--config', 'one.toml', '--config', 'two.toml', '--print-config']);
		expect(stdout).toContain('level = "silent"');
		expect(stdout).toContain('url = "sqlite:two.db"');
		for (const args of [
			['doctor', '--json'],
			['admin', 'ann'],
			['ban', 'ann'],
			['unmute', 'ann'],
			['top', '--once'],
		]) {
			const ended = await tschat(['--config', 'none.toml', ...args, '--config', 'two.toml']);
			expect(ended.stdout + ended.stderr).toMatch(/there is no config file \\?"none\.toml\\?"/);
		}
	});
});

describe('wrong usage ends with exit code 2 and one line that names the remedy', () => {
	test.each([
		[['--modul', 'api'], "unknown option '--modul' (Did you mean --module?); see --help"],
		[['api'], '"api" is a module: write --module api'],
		[['docter'], 'unknown command "docter"; did you mean "doctor"?'],
		[['--config'], "option '--config <file>' argument missing; see --help"],
		[['--module', 'logik'], 'unknown module "logik"; did you mean "logic"?'],
		[['--config', 'none.toml', '--check-config'], 'there is no config file "none.toml"'],
		[
			['--check-config', '--module', 'api', ...set({ mode: 'production', 'auth.demo_users': 'false' })],
			'rpc.secret is well known: set one of at least 16 characters, the same for all modules (TSCHAT_RPC_SECRET)',
		],
	])('%j', async (args, line) => {
		expect(await tschat(args)).toEqual(refusal(2, line));
	});

	test('an unknown key of a file', async () => {
		writeFileSync(join(folder.path, 'config.toml'), '[api]\nprot = 7171\n');
		expect(await tschat(['--config', 'config.toml'])).toEqual(
			refusal(2, 'unknown key "api.prot" in config.toml; did you mean "api.port"?'),
		);
	});

	test('an unknown variable', async () => {
		expect(await tschat([], { TSCHAT_API_PROT: '1' })).toEqual(
			refusal(2, 'unknown variable TSCHAT_API_PROT; did you mean "TSCHAT_API_PORT"?'),
		);
	});
});

describe('what it needs and is not there ends with exit code 1 and one line that names the remedy', () => {
	const quiet = { 'log.level': 'silent' };

	test.each(['api', 'connect_tcp'])('a port of %s that is in use', async (section) => {
		const other = createServer().listen(0, '127.0.0.1');
		await once(other, 'listening');
		const { port } = other.address() as { port: number };
		const setting = `${section}.${section === 'connect_tcp' ? 'ports' : 'port'}`;
		const args = set({ ...alone(`port-${section}`), ...quiet, [setting]: port, [`${section}.host`]: '127.0.0.1' });
		const ended = await tschat(args);
		other.close();
		expect(ended).toEqual(refusal(1, `port ${port} is in use: stop the other program or set ${setting}`));
	});

	test('a certificate that cannot be used, before anything is waited for', async () => {
		const files = (section: string, keys: readonly string[]) =>
			Object.fromEntries(keys.map((key) => [`${section}.${key}`, '/none.pem']));
		const own = files('tls', ['cert', 'key']);
		const fault = (setting: string) => refusal(1, `${setting}: cannot read /none.pem (ENOENT)`);
		expect(await tschat(set({ ...alone('cert'), ...quiet, ...own }))).toEqual(fault('tls.cert'));
		const rpc = files('rpc', ['tls_cert', 'tls_key', 'tls_ca']);
		expect(await tschat(['--module', 'logic', ...set({ ...quiet, ...rpc })])).toEqual(fault('rpc.tls_cert'));
		const etcd = { 'etcd.hosts': 'https://127.0.0.1:2379', 'etcd.ca': '/none.pem' };
		expect(await tschat(['--module', 'api', ...set({ ...quiet, ...etcd })])).toEqual(fault('etcd.ca'));
		// To check the settings says the same.
		for (const [setting, args] of [
			['tls.cert', set(own)],
			['rpc.tls_cert', ['--module', 'logic', ...set(rpc)]],
			['etcd.ca', ['--module', 'api', ...set(etcd)]],
		] as const)
			expect(await tschat(['--check-config', ...args])).toEqual({ ...fault(setting), code: 2 });
	});

	test('a host that is not of this machine', async () => {
		expect(await tschat(set({ ...alone('host'), ...quiet, 'api.host': '192.0.2.1' }))).toEqual(
			refusal(1, 'cannot listen on 192.0.2.1, which is no address of this machine: set api.host'),
		);
	});

	test('a store that cannot be opened', async () => {
		const { code, stdout, stderr } = await tschat(set({ ...quiet, 'store.url': 'sqlite:/dev/null/tschat.db' }));
		expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
		expect(stderr).toMatch(/^tschat: .*\/dev\/null.*store\.url.*\n$/);
	});

	test('an etcd that does not answer', async () => {
		const hosts = `http://root:hunter22@127.0.0.1:${await freePort()}`;
		const args = set({ ...alone('etcd'), ...quiet, 'etcd.hosts': hosts });
		const { code, stdout, stderr } = await tschat(['--module', 'site', ...args]);
		expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
		expect(stderr).toMatch(/^tschat: cannot reach etcd at .*etcd\.hosts\n$/);
		expect(stderr).not.toContain('hunter22');
	});

	test('a Redis that does not answer', async () => {
		const etcd = await startEtcd();
		const url = `redis://:hunter22@127.0.0.1:${await freePort()}`;
		const args = set({ ...alone('redis'), ...quiet, 'etcd.hosts': etcd.url, 'redis.url': url });
		const { code, stdout, stderr } = await tschat(['--module', 'task', ...args]);
		await etcd.stop();
		expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
		expect(stderr).toMatch(/^tschat: cannot reach Redis at .*redis\.url\n$/);
		expect(stderr).not.toContain('hunter22');
	});
});
