import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { ServiceName } from '../../../src/ports/service-registry.ts';
import { loadConfig } from '../../../src/runtime/config.ts';
import { settings, variableOf } from '../../../src/runtime/config-keys.ts';
import { withoutSecrets } from '../../../src/runtime/config-secrets.ts';
import { defaultConfigFile } from '../../../src/runtime/package-info.ts';
import { temporaryFolder } from '../../support/processes.ts';

const folder = temporaryFolder('config');
afterAll(folder.remove);

const fileWith = (toml: string, name = 'config.toml'): string => {
	const path = join(folder.path, name);
	writeFileSync(path, toml);
	return path;
};

const load = (sources: Partial<Parameters<typeof loadConfig>[0]> = {}) =>
	loadConfig({ environment: {}, assignments: [], ...sources });

const faultOf = (sources: Parameters<typeof load>[0]): string => {
	try {
		load(sources);
	} catch (error) {
		return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
	}
	throw new Error('it was taken as valid');
};

describe('where settings come from', () => {
	test('default.toml sets every setting of the schema', () => {
		const config = load();
		expect(config.api.port).toBe(7070);
		expect(
			Object.values(config).flatMap((value) => (typeof value === 'object' ? Object.keys(value) : [value])),
		).toHaveLength(settings.size);
	});

	test('the file wins over the defaults, the environment over the file, --set over all', () => {
		const file = fileWith('[api]\nport = 1001\n[site]\nport = 1001\n[admin]\nport = 1001\n');
		const environment = { TSCHAT_SITE_PORT: '1002', TSCHAT_ADMIN_PORT: '1002' };
		const config = load({ files: [file], environment, assignments: ['admin.port=1003'] });
		expect([config.connect_ws.port, config.api.port, config.site.port, config.admin.port]).toEqual([
			7000, 1001, 1002, 1003,
		]);
	});

	test('a file that sets one key of a section leaves the others', () => {
		expect(load({ files: [fileWith('[connect_ws]\nport = 9000\n')] }).connect_ws).toMatchObject({
			port: 9000,
			path: '/ws',
		});
	});

	test('of several files later ones win, key by key', () => {
		const one = fileWith('[api]\nport = 1001\nhost = "127.0.0.1"\n', 'one.toml');
		const two = fileWith('[api]\nport = 1002\n[site]\nport = 1002\n', 'two.toml');
		const both = load({ files: [one, two] });
		expect([both.api.port, both.api.host, both.site.port]).toEqual([1002, '127.0.0.1', 1002]);
		expect(load({ files: [two, one] }).api.port).toBe(1001);
		expect(faultOf({ files: ['/nowhere.toml', two] })).toContain('there is no config file "/nowhere.toml"');
	});

	test('text of the environment and the command line takes the type of its setting', () => {
		const environment = {
			TSCHAT_AUTH_DEMO_USERS: 'false',
			TSCHAT_MODE: 'production',
			TSCHAT_AUTH_SCRYPT_LOG_N: '17',
			OTHER: 'x',
		};
		const assignments = ['rpc.secret=k3Xq9vLz2mPw=RtY', 'server.id=7', 'connect_ws.allowed_origins=none'];
		const config = load({ environment, assignments });
		expect([config.mode, config.auth.demo_users, config.rpc.secret, config.server.id]).toEqual([
			'production',
			false,
			'k3Xq9vLz2mPw=RtY',
			'7',
		]);
	});

	test('each setting has a variable of its own', () => {
		expect(new Set([...settings.keys()].map(variableOf)).size).toBe(settings.size);
		expect(variableOf('connect_ws.port')).toBe('TSCHAT_CONNECT_WS_PORT');
	});

	test('a PROXY header cannot come before TLS', () => {
		const assignments = ['connect_tcp.proxy_protocol=true', 'tls.cert=c', 'tls.key=k'];
		expect(faultOf({ assignments })).toContain('connect_tcp.proxy_protocol');
	});

	test('the result cannot be changed', () => {
		const config = load();
		expect(Object.isFrozen(config) && Object.values(config).every(Object.isFrozen)).toBe(true);
	});
});

describe('what is refused, in one line', () => {
	test.each([
		['[api]\nprot = 1', 'unknown key "api.prot" in FILE; did you mean "api.port"?'],
		['[apii]\nport = 1', 'unknown key "apii.port" in FILE; did you mean "api.port"?'],
		['[apii]', 'unknown key "apii" in FILE'],
		['mod = "production"', 'unknown key "mod" in FILE; did you mean "mode"?'],
		['api = 7070', '"api" in FILE is a section: write [api]'],
		['[api]\nport = "x"', 'api.port (FILE) must be a whole number from 0 to 65535, not "x"'],
		['[api]\nport = 1.5', 'api.port (FILE) must be a whole number from 0 to 65535, not 1.5'],
		['[api]\nport = 65536', 'api.port (FILE) must be a whole number from 0 to 65535, not 65536'],
		['[api.port]\nx = 1', 'api.port (FILE) must be a whole number from 0 to 65535, not {"x":1}'],
		['[admin]\nenabled = "yes"', 'admin.enabled (FILE) must be true or false, not "yes"'],
		['mode = "prod"', 'mode (FILE) must be "development", "production", not "prod"'],
		[
			'[connect_tcp]\nports = "7001,65536"',
			'connect_tcp.ports (FILE) must be ports from 0 to 65535, separated by commas, not "7001,65536"',
		],
		['[site]\nhost = ""', 'site.host (FILE) must be text that is not empty, not ""'],
		['[connect]\nbuckets = 0', 'connect.buckets (FILE) must be a whole number from 1 to 1024, not 0'],
		['[logic]\nmax_waiting = 0', 'logic.max_waiting (FILE) must be a whole number from 1, not 0'],
	])('the file %j', (toml, fault) => {
		const file = fileWith(toml);
		expect(
			faultOf({ files: [file] })
				.split(file)
				.join('FILE'),
		).toBe(`UsageError: ${fault}`);
	});

	test('TOML that cannot be read, with its place', () => {
		const file = fileWith('[api]\nport = = 3\n');
		const fault = faultOf({ files: [file] });
		expect(fault).toContain(`${file}:2:`);
		expect(fault).not.toContain('\n');
	});

	test('a file that is not there', () => {
		expect(faultOf({ files: ['/nowhere.toml'] })).toBe('UsageError: there is no config file "/nowhere.toml"');
	});

	test.each([
		['TSCHAT_CONNECT_WS_PROT', 'unknown variable TSCHAT_CONNECT_WS_PROT; did you mean "TSCHAT_CONNECT_WS_PORT"?'],
		['TSCHAT_SOMETHING_ELSE_ENTIRELY', 'unknown variable TSCHAT_SOMETHING_ELSE_ENTIRELY'],
		['TSCHAT_API_PORT', 'api.port (TSCHAT_API_PORT) must be a whole number from 0 to 65535, not "x"'],
	])('the variable %s', (name, fault) => {
		expect(faultOf({ environment: { [name]: 'x' } })).toBe(`UsageError: ${fault}`);
	});

	test.each([
		['api.prot=1', 'unknown key "api.prot" in --set; did you mean "api.port"?'],
		['connect-ws.port=1', 'unknown key "connect-ws.port" in --set; did you mean "connect_ws.port"?'],
		['api.port', '--set takes section.key=value, not "api.port"'],
		['=1', '--set takes section.key=value, not "=1"'],
		['api.port=', 'api.port (--set) must be a whole number from 0 to 65535, not ""'],
		['auth.demo_users=1', 'auth.demo_users (--set) must be true or false, not "1"'],
	])('--set %s', (assignment, fault) => {
		expect(faultOf({ assignments: [assignment] })).toBe(`UsageError: ${fault}`);
	});

	test('a message never shows a password', () => {
		expect(faultOf({ assignments: ['store.url=postgress://user:hunter22@host/db'] })).not.toContain('hunter22');
		expect(faultOf({ environment: { TSCHAT_REDIS_URL: 'http://:hunter22@host' } })).not.toContain('hunter22');
	});
});

test('a TCP port may not be named twice', () => {
	expect(faultOf({ assignments: ['connect_tcp.ports=7001,7001'] })).toContain(
		'connect_tcp.ports must not name a port twice',
	);
	expect(load({ assignments: ['connect_tcp.ports=0,0'] }).connect_tcp.ports).toBe('0,0');
});

describe('settings that mean something only together', () => {
	test.each([
		[['tls.cert=/c.pem'], 'tls.key missing: set all of tls.cert, tls.key, or none'],
		[['tls.key=/k.pem'], 'tls.cert missing: set all of tls.cert, tls.key, or none'],
		[
			['rpc.tls_cert=/c.pem'],
			'rpc.tls_key and rpc.tls_ca missing: set all of rpc.tls_cert, rpc.tls_key, rpc.tls_ca, or none',
		],
		[['etcd.user=root'], 'etcd.password missing: set all of etcd.user, etcd.password, or none'],
		[['etcd.cert=/c.pem', 'etcd.key=/k.pem'], 'etcd.ca is missing: without it etcd.cert is shown to nobody'],
		[['etcd.ca=/ca.pem'], 'etcd.hosts must be https:// URLs where etcd.ca is set'],
	])('%j', (assignments, fault) => {
		expect(faultOf({ assignments })).toBe(`UsageError: ${fault}`);
	});

	test.each([
		['https://chat.example.org/', '"https://chat.example.org/" is no origin; browsers send "https://chat.example.org"'],
		[
			'https://chat.example.org:443',
			'"https://chat.example.org:443" is no origin; browsers send "https://chat.example.org"',
		],
		['https://', '"https://" is no origin'],
	])('an origin that no browser sends: %s', (origin, fault) => {
		const assignments = [`connect_ws.allowed_origins=https://a.example,${origin}`];
		expect(faultOf({ assignments })).toBe(`UsageError: connect_ws.allowed_origins: ${fault}`);
	});
});

describe('secrets in files', () => {
	const inFile = (text: string): string => {
		const path = join(folder.path, 'secret');
		writeFileSync(path, text);
		return path;
	};

	test('TSCHAT_…_FILE names a file with the setting; one line end is not part of it', () => {
		const environment = { TSCHAT_RPC_SECRET_FILE: inFile('k3Xq9vLz2mPw7RtY \n') };
		expect(load({ environment }).rpc.secret).toBe('k3Xq9vLz2mPw7RtY ');
		const store = { TSCHAT_STORE_URL_FILE: inFile('postgres://chat:hunter22@db/chat\r\n') };
		expect(load({ environment: store }).store.url).toBe('postgres://chat:hunter22@db/chat');
	});

	test('is for secrets only, and faults are told in one line', () => {
		const missing = join(folder.path, 'none');
		expect(faultOf({ environment: { TSCHAT_RPC_SECRET_FILE: missing } })).toBe(
			`UsageError: cannot read the file "${missing}" that TSCHAT_RPC_SECRET_FILE names (ENOENT)`,
		);
		expect(faultOf({ environment: { TSCHAT_RPC_SECRET_FILE: missing, TSCHAT_RPC_SECRET: 'x' } })).toBe(
			'UsageError: TSCHAT_RPC_SECRET and TSCHAT_RPC_SECRET_FILE are both set: leave out one',
		);
		expect(faultOf({ environment: { TSCHAT_API_PORT_FILE: missing } })).toContain(
			'unknown variable TSCHAT_API_PORT_FILE',
		);
		const wrong = { TSCHAT_STORE_URL_FILE: inFile('postgress://user:hunter22@host/db') };
		expect(faultOf({ environment: wrong })).toContain('store.url (TSCHAT_STORE_URL_FILE) must be');
		expect(faultOf({ environment: wrong })).not.toContain('hunter22');
	});
});

describe('production mode', () => {
	/** Nothing is missing. */
	const production = [
		'mode=production',
		'auth.demo_users=false',
		'auth.scrypt_log_n=17',
		'rpc.secret=k3Xq9vLz2mPw7RtY',
		'connect_ws.allowed_origins=https://chat.example.org',
	];
	const refusalOf = (assignments: readonly string[], module?: ServiceName): string =>
		faultOf({ assignments: [...production, ...assignments], module });

	test('takes what names its secret and its origins, as one process and as each module', () => {
		for (const module of [undefined, 'api', 'logic', 'connect-ws', 'connect-tcp', 'task', 'site'] as const) {
			expect(load({ assignments: production, module }).rpc.secret).toBe('k3Xq9vLz2mPw7RtY');
		}
	});

	test('refuses nothing to a command that runs no module, but for settings that are wrong in any mode', () => {
		const files = [defaultConfigFile.replace('default.toml', 'production.toml')];
		expect(load({ files, module: 'none' }).mode).toBe('production');
		expect(faultOf({ files, module: 'none', assignments: ['tls.cert=/c.pem'] })).toContain('tls.key missing');
		expect(load({ assignments: ['rpc.secret='], module: 'none' }).rpc.secret).toBe('');
	});

	test('refuses demo users, and tells everything that it refuses at once', () => {
		const told = faultOf({ assignments: ['mode=production'], module: 'logic' }).split('\n  ');
		expect(told[0]).toBe('UsageError: production mode refuses this:');
		expect(told[1]).toContain('auth.demo_users must be false');
		expect(told[2]).toContain('rpc.secret is well known');
		expect(refusalOf(['auth.demo_users=true'])).toMatch(/^UsageError: auth.demo_users must be false[^\n]*$/);
	});

	test.each([
		['', 'missing'],
		['tschat-development', 'well known'],
		['changemechangeme', 'well known'],
		['0123456789abcdef', 'well known'],
		['aaaaaaaaaaaaaaaaaaaaaaaa', 'too simple'],
		['k3Xq9vLz2mP', 'too short'],
	])('refuses the rpc secret %j, for a module and for one process', (secret, fault) => {
		const told = `rpc.secret is ${fault}: set one of at least 16 characters`;
		expect(refusalOf([`rpc.secret=${secret}`], 'logic')).toContain(told);
		expect(refusalOf([`rpc.secret=${secret}`])).toContain(told);
	});

	test('refuses a weak secret that is accepted beside the one that is sent', () => {
		expect(refusalOf(['rpc.other_secret=tschat-development'], 'api')).toContain('rpc.other_secret is well known');
	});

	test.each([
		['store.url=postgres://tschat:tschat-development@postgres:5432/tschat', 'store.url'],
		['store.url=mysql://chat:chat@db/chat', 'store.url'],
		['store.url=postgres://db/chat?user=chat&password=postgres', 'store.url'],
		['redis.url=redis://:redis123@cache:6379', 'redis.url'],
		['redis.url=rediss://:111111@cache:6379', 'redis.url'],
		['redis.url=redis+cluster://:redis@a:6379,b:6379,c:6379', 'redis.url'],
	])('refuses a password that is well known or too simple: %s', (assignment, setting) => {
		const fault = `UsageError: ${setting} holds a password that is well known or too simple: choose another`;
		expect(refusalOf([assignment], 'logic')).toBe(fault);
	});

	test('refuses the same of etcd, and takes servers that ask for none', () => {
		expect(refusalOf(['etcd.user=root', 'etcd.password=etcd'])).toContain('etcd.password holds a password');
		const none = ['store.url=postgres://chat@db/chat', 'redis.url=redis://cache'];
		expect(load({ assignments: [...production, ...none] }).redis.url).toBe('redis://cache');
	});

	test('refuses cheap password hashes where passwords are hashed', () => {
		expect(refusalOf(['auth.scrypt_log_n=14'], 'logic')).toContain('auth.scrypt_log_n must be 15 or more');
		expect(refusalOf(['auth.scrypt_log_n=14'])).toContain('auth.scrypt_log_n must be 15 or more');
		expect(load({ assignments: [...production, 'auth.scrypt_log_n=14'], module: 'task' }).mode).toBe('production');
	});

	test('refuses any origin where browsers connect', () => {
		for (const origins of ['*', 'https://a.example, *']) {
			const assignment = `connect_ws.allowed_origins=${origins}`;
			expect(refusalOf([assignment], 'connect-ws')).toContain('connect_ws.allowed_origins must name the origins');
			expect(refusalOf([assignment])).toContain('connect_ws.allowed_origins must name the origins');
			expect(load({ assignments: [...production, assignment], module: 'logic' }).mode).toBe('production');
		}
	});

	test('refuses plain calls that leave the machine, unless the network is said to be trusted', () => {
		expect(refusalOf(['rpc.host=0.0.0.0'], 'api')).toContain(
			'rpc.host 0.0.0.0 is reached from other machines: set rpc.tls_cert',
		);
		const tls = ['rpc.tls_cert=/c.pem', 'rpc.tls_key=/k.pem', 'rpc.tls_ca=/ca.pem'];
		for (const settings of [tls, ['rpc.trusted_network=true']]) {
			const assignments = [...production, 'rpc.host=0.0.0.0', ...settings];
			expect(load({ assignments, module: 'api' }).rpc.host).toBe('0.0.0.0');
		}
		expect(load({ assignments: [...production, 'rpc.host=0.0.0.0'] }).mode).toBe('production');
	});

	test('the shipped production.toml asks for the secret, the origins and TLS between modules, and for nothing else', () => {
		const file = defaultConfigFile.replace('default.toml', 'production.toml');
		const secret = 'rpc.secret=k3Xq9vLz2mPw7RtY';
		const origins = 'connect_ws.allowed_origins=https://chat.example.org';
		expect(faultOf({ files: [file] })).toContain('rpc.secret is missing');
		expect(faultOf({ files: [file], module: 'api' })).toContain('rpc.secret is missing');
		expect(faultOf({ files: [file], assignments: [secret] })).toContain('connect_ws.allowed_origins must name');
		expect(load({ files: [file], assignments: [secret, origins] }).mode).toBe('production');
		expect(faultOf({ files: [file], assignments: [secret, origins], module: 'api' })).toContain(
			'rpc.trusted_network = true',
		);
		const trusted = [secret, origins, 'rpc.trusted_network=true'];
		expect(load({ files: [file], assignments: trusted, module: 'connect-ws' }).auth.scrypt_log_n).toBe(17);
	});
});

describe('docker compose', () => {
	const docker = join(import.meta.dirname, '..', '..', '..', 'docker');
	const lines = (file: string, pattern: RegExp): [string, string][] =>
		[...readFileSync(join(docker, file), 'utf8').matchAll(pattern)].map(([, name = '', value = '']) => [name, value]);

	/** The variables of all modules, as compose makes them of a `.env`. */
	const environmentWith = (dotEnv: Readonly<Record<string, string>>): Record<string, string> => {
		const image = { TSCHAT_RPC_HOST: '0.0.0.0' };
		const settings = lines('compose.yaml', /^ +(TSCHAT_\w+): "?([^"\n]*)"?$/gm).map(([name, text]) => {
			const value = text.replace(/\$\{(\w+):-([^}]*)\}/g, (_, variable, fallback) => dotEnv[variable] || fallback);
			return [name, value];
		});
		return { ...image, ...Object.fromEntries(settings) };
	};
	const example = Object.fromEntries(lines('.env.example', /^(\w+)=(.*)$/gm));
	const modules = ['api', 'logic', 'connect-ws', 'connect-tcp', 'task', 'site'] as const;

	test('without a .env it is the demo', () => {
		for (const module of modules) expect(load({ environment: environmentWith({}), module }).mode).toBe('development');
	});

	test('with .env.example as it comes, or with passwords of the demo, production mode does not start', () => {
		expect(faultOf({ environment: environmentWith(example), module: 'api' })).toContain('rpc.secret is well known');
		const environment = environmentWith({ ...example, TSCHAT_RPC_SECRET: 'k3Xq9vLz2mPw7RtY' });
		expect(faultOf({ environment, module: 'logic' })).toContain(
			'store.url holds a password that is well known or too simple',
		);
	});

	test('with the secret, the password and the origins filled in, every module starts, and so do commands', () => {
		const filled = {
			TSCHAT_RPC_SECRET: 'k3Xq9vLz2mPw7RtY',
			POSTGRES_PASSWORD: 'b8WnT4yQe6',
			TSCHAT_CONNECT_WS_ALLOWED_ORIGINS: 'https://chat.example.org',
		};
		const environment = environmentWith({ ...example, ...filled });
		for (const module of [...modules, undefined]) {
			expect(load({ environment, module })).toMatchObject({ mode: 'production', auth: { scrypt_log_n: 17 } });
		}
	});
});

test('printed settings hide the secret and the passwords inside URLs, and nothing else', () => {
	const config = load({
		assignments: [
			'store.url=postgres://chat:p@ss/word@db:5432/chat?sslpassword=abc&x=1',
			'redis.url=redis://:hunter22@cache:6379/1',
			'tracing.endpoint=https://hunter26@otel:4318/v1/traces?api_key=hunter27&x=1',
			'etcd.hosts=http://a:2379,http://root:hunter23@b:2379',
			'etcd.user=root',
			'etcd.password=hunter24',
			'rpc.other_secret=hunter25',
		],
	});
	const { rpc, store, redis, etcd, tracing, ...rest } = withoutSecrets(config) as unknown as typeof config;
	expect(rpc).toEqual({ ...config.rpc, secret: '***', other_secret: '***' });
	expect(store.url).toBe('postgres://chat:***@db:5432/chat?sslpassword=***&x=1');
	expect(redis.url).toBe('redis://:***@cache:6379/1');
	expect(tracing.endpoint).toBe('https://***@otel:4318/v1/traces?api_key=***&x=1');
	expect(etcd).toMatchObject({ hosts: 'http://a:2379,http://root:***@b:2379', user: 'root', password: '***' });
	expect(config).toMatchObject(rest);
});
