import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/runtime/config.ts';
import { settings, variableOf } from '../../../src/runtime/config-keys.ts';
import { withoutSecrets } from '../../../src/runtime/config-secrets.ts';
import { defaultConfigFile } from '../../../src/runtime/package-info.ts';
import { temporaryFolder } from '../../support/processes.ts';

const folder = temporaryFolder('config');
afterAll(folder.remove);

const fileWith = (toml: string): string => {
	const path = join(folder.path, 'config.toml');
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
		const config = load({ file, environment, assignments: ['admin.port=1003'] });
		expect([config.connect_ws.port, config.api.port, config.site.port, config.admin.port]).toEqual([
			7000, 1001, 1002, 1003,
		]);
	});

	test('a file that sets one key of a section leaves the others', () => {
		expect(load({ file: fileWith('[connect_ws]\nport = 9000\n') }).connect_ws).toMatchObject({
			port: 9000,
			path: '/ws',
		});
	});

	test('text of the environment and the command line takes the type of its setting', () => {
		const environment = {
			TSCHAT_AUTH_DEMO_USERS: 'false',
			TSCHAT_MODE: 'production',
			OTHER: 'x',
		};
		const config = load({ environment, assignments: ['rpc.secret=k3Xq9vLz2mPw=RtY', 'server.id=7'] });
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
		expect(faultOf({ file }).split(file).join('FILE')).toBe(`UsageError: ${fault}`);
	});

	test('TOML that cannot be read, with its place', () => {
		const file = fileWith('[api]\nport = = 3\n');
		const fault = faultOf({ file });
		expect(fault).toContain(`${file}:2:`);
		expect(fault).not.toContain('\n');
	});

	test('a file that is not there', () => {
		expect(faultOf({ file: '/nowhere.toml' })).toBe('UsageError: there is no config file "/nowhere.toml"');
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

describe('production mode', () => {
	const production = ['mode=production', 'auth.demo_users=false'];

	test('refuses demo users', () => {
		expect(faultOf({ assignments: ['mode=production'] })).toContain('auth.demo_users must be false');
	});

	test.each([
		['', 'missing'],
		['tschat-development', 'well known'],
		['changemechangeme', 'well known'],
		['0123456789abcdef', 'well known'],
		['aaaaaaaaaaaaaaaaaaaaaaaa', 'too simple'],
		['k3Xq9vLz2mP', 'too short'],
	])('refuses the rpc secret %j for a module of a cluster', (secret, fault) => {
		const assignments = [...production, `rpc.secret=${secret}`];
		expect(faultOf({ assignments, module: 'logic' })).toContain(
			`rpc.secret is ${fault}: set one of at least 16 characters`,
		);
	});

	test('takes a secret of 16 characters', () => {
		const assignments = [...production, 'rpc.secret=k3Xq9vLz2mPw7RtY'];
		expect(load({ assignments, module: 'logic' }).rpc.secret).toBe('k3Xq9vLz2mPw7RtY');
	});

	test('the shipped production.toml is complete but for the secret, which every process asks for', () => {
		const file = defaultConfigFile.replace('default.toml', 'production.toml');
		expect(load({ file, assignments: ['rpc.secret=k3Xq9vLz2mPw7RtY'] }).mode).toBe('production');
		expect(faultOf({ file, module: 'api' })).toContain('rpc.secret is missing');
		expect(faultOf({ file })).toContain('rpc.secret is missing');
	});
});

test('printed settings hide the secret and the passwords inside URLs, and nothing else', () => {
	const config = load({
		assignments: [
			'store.url=postgres://chat:p@ss/word@db:5432/chat?sslpassword=abc&x=1',
			'redis.url=redis://:hunter22@cache:6379/1',
			'etcd.hosts=http://a:2379,http://root:hunter23@b:2379',
		],
	});
	const { rpc, store, redis, etcd, ...rest } = withoutSecrets(config) as unknown as typeof config;
	expect(rpc).toEqual({ ...config.rpc, secret: '***' });
	expect(store.url).toBe('postgres://chat:***@db:5432/chat?sslpassword=***&x=1');
	expect(redis.url).toBe('redis://:***@cache:6379/1');
	expect(etcd.hosts).toBe('http://a:2379,http://root:***@b:2379');
	expect(config).toMatchObject(rest);
});
