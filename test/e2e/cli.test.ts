import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChatStore } from '../../src/ports/chat-store.ts';
import { startEtcd } from '../support/etcd.ts';
import { freePort, type RunningProcess, startProcess, temporaryFolder } from '../support/processes.ts';

const root = join(import.meta.dirname, '..', '..');
const main = join(root, 'dist', 'main.js');
const folder = temporaryFolder('cli');
afterAll(folder.remove);

const set = (settings: Record<string, string | number>): string[] =>
	Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);

/** Nothing of these is shared with another test: any free ports, a store of its own. */
const alone = (name: string): Record<string, string | number> => ({
	'log.level': 'info',
	'store.url': `sqlite:${folder.path}/${name}.db`,
	'site.port': 0,
	'api.port': 0,
	'connect_ws.port': 0,
	'connect_tcp.ports': 0,
});

interface Ended {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs the binary to its end. */
const tschat = (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
	new Promise((resolve) => {
		const options = { cwd: folder.path, env: { ...process.env, ...env }, timeout: 25_000 };
		execFile(process.execPath, [main, ...args], options, (error, stdout, stderr) => {
			resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
		});
	});

const refusal = (code: number, line: string): Ended => ({ code, stdout: '', stderr: `tschat: ${line}\n` });

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

describe('tschat admin', () => {
	const store = { 'store.url': `sqlite:${folder.path}/admin-command.db` };
	const settings = set({ ...store, 'log.level': 'silent' });
	const said = (stdout: string) => ({ code: 0, stdout, stderr: '' });

	/** Whether the store says that ann is one. */
	const isAdmin = async (): Promise<boolean> => {
		const { openSqlStore } = await import('../../src/adapters/sql/open-sql-store.ts');
		const opened = await openSqlStore({ url: store['store.url'], poolSize: 1, durability: 'process' });
		const user = { name: 'Ann', nameKey: 'ann', passwordHash: 'x', createdAt: 1 };
		const id = (await opened.createUser(user))?.id ?? (await opened.userByNameKey('ann'))?.id ?? 0;
		const answer = await opened.isAdmin(id);
		await opened.close();
		return answer;
	};

	beforeAll(isAdmin);

	test('makes a user an administrator, and no more one, by a name in any case', async () => {
		expect(await isAdmin()).toBe(false);
		expect(await tschat(['admin', 'ANN', ...settings])).toEqual(
			said(`ANN is now an administrator in ${store['store.url']}\n`),
		);
		expect(await isAdmin()).toBe(true);
		expect(await tschat(['admin', 'ann', ...settings])).toEqual(
			said(`ann is now an administrator in ${store['store.url']}\n`),
		);
		expect(await tschat([...settings, 'admin', '--revoke', 'ann'])).toEqual(
			said(`ann is no longer an administrator in ${store['store.url']}\n`),
		);
		expect(await isAdmin()).toBe(false);
	});

	test('reads the settings of a file and of the environment', async () => {
		writeFileSync(join(folder.path, 'admin.toml'), `[store]\nurl = "${store['store.url']}"\n[log]\nlevel = "silent"\n`);
		expect(await tschat(['admin', 'ann', '--config', 'admin.toml'])).toEqual(
			said(`ann is now an administrator in ${store['store.url']}\n`),
		);
		const env = { TSCHAT_STORE_URL: store['store.url'], TSCHAT_LOG_LEVEL: 'silent' };
		expect(await tschat(['admin', 'ann', '--revoke'], env)).toEqual(
			said(`ann is no longer an administrator in ${store['store.url']}\n`),
		);
	});

	test.each(['nobody', 'no name at all'])('says that there is no user "%s"', async (name) => {
		const line = `there is no user "${name}" in ${store['store.url']}`;
		expect(await tschat(['admin', name, ...settings])).toEqual(refusal(1, line));
	});

	test('says what is wrong with the store or the settings', async () => {
		const { code, stderr } = await tschat(['admin', 'ann', ...set({ 'store.url': 'sqlite:/dev/null/chat.db' })]);
		expect(code).toBe(1);
		expect(stderr).toMatch(/^tschat: .*\/dev\/null.*store\.url.*\n$/);
		expect(await tschat(['admin', 'ann', '--set', 'stor.url=x'])).toMatchObject({ code: 2 });
		expect(await tschat(['admin'])).toEqual(refusal(2, "missing required argument 'name'; see --help"));
	});

	test('is told by --help', async () => {
		expect((await tschat(['--help'])).stdout).toMatch(/admin .*administrator/);
		const { stdout } = await tschat(['admin', '--help']);
		for (const flag of ['revoke', 'config', 'set']) expect(stdout).toContain(`--${flag}`);
	});
});

describe('tschat ban, unban, mute and unmute', () => {
	const url = `sqlite:${folder.path}/sanction-commands.db`;
	const settings = set({ 'store.url': url, 'log.level': 'silent' });
	const said = (stdout: string) => ({ code: 0, stdout, stderr: '' });
	/** Does something with the store while no command runs. */
	const withStore = async <T>(act: (store: ChatStore) => Promise<T>): Promise<T> => {
		const { openSqlStore } = await import('../../src/adapters/sql/open-sql-store.ts');
		const store = await openSqlStore({ url, poolSize: 1, durability: 'process' });
		return act(store).finally(() => store.close());
	};
	const sanctions = () => withStore((store) => store.sanctions({ limit: 9 }));
	beforeAll(() =>
		withStore(async (store) => {
			for (const name of ['ann', 'boss']) {
				await store.createUser({ name, nameKey: name, passwordHash: 'x', createdAt: 1 });
			}
			await store.setAdmin('boss', true);
		}),
	);

	test('ban and mute for good or for a time, with a reason, and lift it', async () => {
		expect(await tschat(['ban', 'Ann', '--reason', 'spam', ...settings])).toEqual(said(`Ann is banned in ${url}\n`));
		const { code, stdout } = await tschat([...settings, 'mute', 'ann', '--for', '90m']);
		expect([code, stdout]).toEqual([0, expect.stringMatching(/^ann is muted until \d{4}-.*Z in sqlite:.*\n$/)]);
		const [mute, ban] = await sanctions();
		expect(ban).toMatchObject({ kind: 'ban', reason: 'spam', until: null, by: null, lifted: null });
		expect(Math.abs((mute?.until ?? 0) - Date.now() - 90 * 60_000)).toBeLessThan(60_000);
		expect(await tschat(['unban', 'ann', ...settings])).toEqual(said(`ann is no longer banned in ${url}\n`));
		expect(await tschat(['unmute', 'ann', ...settings])).toEqual(said(`ann is no longer muted in ${url}\n`));
		expect(await tschat(['unmute', 'ann', ...settings])).toEqual(refusal(1, `ann is not muted in ${url}`));
	});

	test('are logged, with who did what to whom', async () => {
		const { stderr } = await tschat(['mute', 'ann', ...set({ 'store.url': url })]);
		expect(JSON.parse(stderr)).toMatchObject({ msg: 'user muted', by: null, user: 'ann', until: null, reason: '' });
		const admin = await tschat(['admin', 'ann', '--revoke', ...set({ 'store.url': url })]);
		expect(JSON.parse(admin.stderr)).toMatchObject({
			msg: 'administrators changed',
			by: null,
			user: 'ann',
			admin: false,
		});
	});

	test('say what cannot be done, and how to', async () => {
		const line = 'boss is an administrator: first say  tschat admin --revoke boss';
		expect(await tschat(['ban', 'boss', ...settings])).toEqual(refusal(1, line));
		expect(await tschat(['ban', 'nobody', ...settings])).toEqual(refusal(1, `there is no user "nobody" in ${url}`));
		const { code, stderr } = await tschat(['ban', 'ann', '--for', 'ever', ...settings]);
		expect([code, stderr]).toEqual([2, expect.stringMatching(/^tschat: .*90m, 12h or 7d.*\n$/)]);
		for (const name of ['ban', 'unban', 'mute', 'unmute'])
			expect((await tschat(['--help'])).stdout).toContain(` ${name} `);
	});
});

describe('a command where no store is', () => {
	test.each([['admin'], ['ban'], ['unban'], ['mute'], ['unmute']])(
		'%s names the file, and makes none',
		async (name) => {
			const file = join(folder.path, 'data', 'tschat.db');
			const remedy = 'give --config FILE or --set store.url=…, as the modules have it';
			const env = { TSCHAT_LOG_LEVEL: 'silent' };
			expect(await tschat([name, 'ann'], env)).toEqual(refusal(1, `there is no store at ${file}: ${remedy}`));
			expect(existsSync(join(folder.path, 'data'))).toBe(false);
		},
	);

	test('makes no tables in a database that has none', async () => {
		const file = join(folder.path, 'empty.db');
		writeFileSync(file, '');
		const { code, stderr } = await tschat(['ban', 'ann', ...set({ 'store.url': `sqlite:${file}` })]);
		expect([code, stderr]).toEqual([1, expect.stringContaining(`there is no store at ${file}: `)]);
		const database = new Database(file, { readonly: true });
		expect(database.prepare('select name from sqlite_master').all()).toEqual([]);
		database.close();
	});

	test('doctor makes none either', async () => {
		const { stdout } = await tschat(['doctor', ...set({ 'store.url': 'sqlite:unmade/tschat.db' })]);
		expect(stdout).toContain('not there yet');
		expect(existsSync(join(folder.path, 'unmade'))).toBe(false);
	});
});

test('what makes no calls needs no rpc.secret in production mode, which a module does', async () => {
	const settings = set({ ...alone('no-secret'), 'log.level': 'silent' });
	const production = ['--config', join(root, 'config', 'production.toml'), ...settings];
	for (const args of [
		['admin', 'ann'],
		['ban', 'ann'],
		['unmute', 'ann'],
	])
		expect((await tschat([...args, ...production])).stderr).toMatch(/^tschat: there is no store at/);
	const etcd = `etcd.hosts=http://127.0.0.1:${await freePort()}`;
	expect((await tschat(['top', '--once', '--set', etcd, ...production])).stderr).toContain('cannot reach etcd');
	for (const args of [[], ['--module', 'task'], ['--check-config'], ['doctor']]) {
		const { code, stdout, stderr } = await tschat([...args, ...production]);
		expect(code).not.toBe(0);
		expect(stdout + stderr).toContain('rpc.secret is missing');
	}
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

describe('a process that runs', () => {
	const start = async (
		name: string,
		settings: Record<string, string | number> = {},
		env: Record<string, string> = {},
	) => {
		const args = [main, ...set({ ...alone(name), ...settings })];
		const node = startProcess(process.execPath, args, { cwd: folder.path, env });
		await node.outputMatching(/ready in \d+ ms/);
		return node;
	};

	const addressIn = (node: RunningProcess, pattern: RegExp): string => pattern.exec(node.output())?.[1] ?? '';

	/** What was logged, as `module: message`. */
	const logged = (node: RunningProcess, messages: readonly string[]): string[] =>
		node
			.output()
			.split('\n')
			.filter((line) => line.startsWith('{'))
			.map((line) => JSON.parse(line))
			.filter(({ msg }) => messages.includes(msg))
			.map(({ module, msg }) => `${module}: ${msg}`);

	const order = ['logic', 'task', 'connect-ws', 'connect-tcp', 'api', 'site'];

	test('tells the person where everything is', async () => {
		const node = await start('banner');
		expect(node.output()).toMatch(/site +http:\/\/localhost:\d+\n/);
		expect(node.output()).toMatch(/api +http:\/\/localhost:\d+\n/);
		expect(node.output()).toMatch(/connect-ws +ws:\/\/localhost:\d+\/ws\n/);
		expect(node.output()).toMatch(/connect-tcp +tcp:\/\/localhost:\d+\n/);
		expect(node.output()).toContain(join(folder.path, 'banner.db'));
		expect(node.output()).toContain('demo, test, admin');
		await node.stop();
	});

	test('does not count the time in which npm start built the program', async () => {
		const build = 'setTimeout(() => { performance.mark("tschat-built"); import(process.argv[1]); }, 3000)';
		const began = performance.now();
		const node = startProcess(process.execPath, ['--eval', build, '--', main, ...set(alone('built'))], {
			cwd: folder.path,
		});
		await node.outputMatching(/ready in \d+ ms/);
		const told = Number(addressIn(node, /ready in (\d+) ms/));
		expect(told).toBeGreaterThan(0);
		expect(told).toBeLessThan(performance.now() - began - 2900);
		await node.stop();
	});

	test.each(['SIGTERM', 'SIGINT'] as const)(
		'%s stops the modules in reverse order, with exit code 0',
		async (signal) => {
			const node = await start(signal);
			node.signal(signal);
			expect(await node.exited).toBe(0);
			expect(logged(node, ['started'])).toEqual(order.map((name) => `${name}: started`));
			expect(logged(node, ['deregistered', 'stopped'])).toEqual(
				order.toReversed().flatMap((name) => [`${name}: deregistered`, `${name}: stopped`]),
			);
		},
	);

	test('a signal while it starts stops what has started, with exit code 0', async () => {
		const node = startProcess(process.execPath, [main, ...set(alone('early'))], { cwd: folder.path });
		await node.outputMatching(/"module":"logic".*started/);
		node.signal('SIGTERM');
		expect(await node.exited).toBe(0);
		const ups = logged(node, ['started']);
		expect(logged(node, ['stopped'])).toEqual(ups.map((line) => line.replace('started', 'stopped')).toReversed());
	});

	test('health is answered, readiness names what is missing, and nothing else is served', async () => {
		const node = await start('health');
		const admin = addressIn(node, /(http:\S+)\/readyz/);
		const [health, ready, other] = await Promise.all(
			['/healthz', '/readyz', '/other'].map(async (path) => {
				const response = await fetch(admin + path);
				return [response.status, await response.json()];
			}),
		);
		expect([health, ready, other]).toEqual([
			[200, { status: 'ok' }],
			[200, { status: 'ready' }],
			[404, { status: 'not found' }],
		]);
		await node.stop();
	});

	test('works without the admin port when another program has it, and says so', async () => {
		const other = createServer().listen(0, '127.0.0.1');
		await once(other, 'listening');
		const { port } = other.address() as { port: number };
		const node = await start('admin', { 'admin.port': port });
		expect(node.output()).toContain(`no admin server: port ${port} is in use`);
		other.close();
		await node.stop();
	});

	/** A client that never answers, so that a stop has to wait for it. */
	const stubbornClient = async (node: RunningProcess) => {
		const socket = connect(Number(addressIn(node, /ws:\/\/localhost:(\d+)/)), '127.0.0.1');
		socket.on('error', () => {});
		socket.write(
			'GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
				'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
		);
		await once(socket, 'data');
		return socket;
	};

	test('the second SIGINT that npm makes of one Ctrl-C does not cut the stop short', async () => {
		const node = await start('echo');
		const socket = await stubbornClient(node);
		node.signal('SIGINT');
		node.signal('SIGINT');
		expect(await node.exited).toBe(0);
		expect(logged(node, ['stopped'])).toHaveLength(order.length);
		socket.destroy();
	});

	test('a second signal ends a stop that takes long at once, with exit code 1', async () => {
		const node = await start('impatient');
		const socket = await stubbornClient(node);
		const insisting = setInterval(() => node.signal('SIGTERM'), 50);
		expect(await node.exited).toBe(1);
		clearInterval(insisting);
		expect(node.output()).toMatch(/tschat: second SIGTERM: ended without waiting for connect-ws, .*task.*\n/);
		socket.destroy();
	});

	test('a stop that takes longer than allowed ends with exit code 1 and names what did not stop', async () => {
		const node = await start('slow', { 'server.stop_timeout_ms': 200 });
		const socket = await stubbornClient(node);
		node.signal('SIGTERM');
		expect(await node.exited).toBe(1);
		expect(node.output()).toMatch(/tschat: not stopped within 200 ms: connect-ws, .*\n/);
		socket.destroy();
	});

	test.each(
		[
			["throw(Error('broken'))", 'uncaught exception'],
			["Promise.reject(Error('broken'))", 'unhandled rejection'],
		].map(([fault = '', name = '']) => [name, fault]),
	)('an %s is logged, and stops it in order with exit code 1', async (_, fault) => {
		const code = encodeURIComponent(`process.once('SIGUSR2',()=>{${fault}})`);
		const node = await start('fault', {}, { NODE_OPTIONS: `--import=data:text/javascript,${code}` });
		node.signal('SIGUSR2');
		expect(await node.exited).toBe(1);
		expect(node.output()).toContain('tschat: unexpected error, stopping: broken\n');
		expect(logged(node, ['unexpected error, stopping'])).toEqual(['all: unexpected error, stopping']);
		expect(logged(node, ['stopped'])).toHaveLength(order.length);
	});
});
