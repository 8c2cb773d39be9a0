import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openSqlStore } from '../../src/adapters/sql/open-sql-store.ts';
import { createAuthority } from '../support/certificates.ts';
import { Node, startEmbedded } from '../support/cluster.ts';
import type { DatabaseServer } from '../support/database-server.ts';
import { about, createDoctor, faults } from '../support/doctor.ts';
import { type RunningEtcd, startEtcd } from '../support/etcd.ts';
import { startMariadb } from '../support/mariadb.ts';
import { startPostgres } from '../support/postgres.ts';
import { freePort, temporaryFolder } from '../support/processes.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { startRedisCluster } from '../support/redis-cluster.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = temporaryFolder('doctor');

let redis: TestRedis;
let etcd: RunningEtcd;
let postgres: DatabaseServer;
let storeUrl: string;
const settings = new Map<string, string | number>();
const { doctor, run } = createDoctor(settings);

beforeAll(async () => {
	[redis, etcd, postgres] = await Promise.all([startRedis(), startEtcd(), startPostgres()]);
	storeUrl = await postgres.createDatabase();
	await (await openSqlStore({ url: storeUrl, poolSize: 1, durability: 'process' })).close();
	settings.set('redis.url', redis.url).set('etcd.hosts', etcd.url).set('store.url', storeUrl);
	for (const port of ['site.port', 'api.port', 'connect_ws.port', 'connect_tcp.ports']) {
		settings.set(port, await freePort());
	}
});
afterAll(async () => {
	await Promise.all([redis.stop(), etcd.stop(), postgres.remove()]);
	folder.remove();
});

describe('where nothing is wrong', () => {
	test('one process needs a store and ports, and neither Redis nor etcd', async () => {
		const findings = await doctor({ own: { 'redis.url': 'redis://127.0.0.1:1', 'etcd.hosts': 'http://127.0.0.1:1' } });
		expect(faults(findings).map(({ what }) => what)).toEqual(['mode']);
		for (const server of ['redis', 'etcd']) {
			expect(about(findings, server)).toMatchObject([{ found: 'not used by all modules in one process' }]);
		}
		expect(about(findings, 'port')).toHaveLength(4);
	});

	test('logic needs Redis, etcd and the store, and each is told with its version', async () => {
		const findings = await doctor({ module: 'logic' });
		expect(faults(findings).map(({ what }) => what)).toEqual(['mode']);
		expect(about(findings, 'redis')[0]?.found).toMatch(/^Redis \d+\.\d+\.\d+ at 127\.0\.0\.1:\d+, [\d.]+ ms$/);
		expect(about(findings, 'etcd')[0]?.found).toMatch(/^etcd \d+\.\d+\.\d+ at http:\/\/127\.0\.0\.1:\d+, \d+ ms$/);
		expect(about(findings, 'store')[0]?.found).toMatch(
			/^PostgreSQL \d+\S* .*at 127\.0\.0\.1:\d+\/tschat_1, [\d.]+ ms$/,
		);
		expect(about(findings, 'store tables')).toMatchObject([{ level: 'ok', found: 'up to date' }]);
		expect(about(findings, 'clock')).toHaveLength(2);
	});

	test('people get a line for each thing, and no password', async () => {
		const { code, stdout } = await run([], { module: 'logic' });
		expect(code).toBe(0);
		for (const line of stdout.trimEnd().split('\n')) expect(line).toMatch(/^(ok|warn|fail) +\S+/);
		expect(stdout).not.toContain('secret');
	});

	test.each([
		['', {}],
		[' behind a proxy', { 'connect_tcp.proxy_protocol': 'true', 'proxy.trusted': 'loopback' }],
		[' behind a proxy elsewhere', { 'connect_tcp.proxy_protocol': 'true', 'proxy.trusted': '192.0.2.1' }],
	])('a port that a tschat%s answers on is told as such: another could not start', async (_, settings) => {
		const embedded = await startEmbedded(settings);
		onTestFinished(() => embedded.stop());
		const portOf = (url: string) => new URL(url).port;
		const own = {
			...settings,
			'site.port': portOf(embedded.siteUrl),
			'api.port': portOf(embedded.apiUrl),
			'connect_ws.port': portOf(embedded.wsUrl),
			'connect_tcp.ports': embedded.tcpPorts.join(','),
		};
		const ports = about(await doctor({ own }), 'port');
		expect(new Set(ports.map(({ level }) => level))).toEqual(new Set(['warn']));
		expect(ports.map(({ found }) => found.replace(/^\d+ \(\S+\) /, ''))).toEqual(
			['site', 'api', 'connect-ws', 'connect-tcp', 'connect-tcp'].map(
				(name) => `is in use by a tschat that answers: ${name}`,
			),
		);
	});

	test.each(['plainly', 'by TLS'])('so is one that a module answers calls on %s', async (how) => {
		const authority = createAuthority();
		const { cert, key } = authority.issue('module');
		const tls = { 'rpc.tls_cert': cert, 'rpc.tls_key': key, 'rpc.tls_ca': authority.ca };
		const port = await freePort();
		const own = { 'rpc.host': '127.0.0.1', 'rpc.port': port, ...(how === 'by TLS' && tls) };
		const node = await Node.start('logic', ['--module', 'logic'], { ...Object.fromEntries(settings), ...own });
		onTestFinished(() => node.process.stop());
		expect(about(await doctor({ module: 'logic', own }), 'port')).toMatchObject([
			{ level: 'warn', found: `${port} (rpc.port) is in use by a tschat that answers: rpc` },
		]);
	});
});

describe('Redis', () => {
	test('that is not there is a fault, and what needs it not is still told', async () => {
		const findings = await doctor({
			module: 'logic',
			own: { 'redis.url': `redis://:s3cret@127.0.0.1:${await freePort()}` },
		});
		expect(about(findings, 'redis')).toMatchObject([{ level: 'fail', found: expect.stringContaining('ECONNREFUSED') }]);
		expect(JSON.stringify(findings)).not.toContain('s3cret');
		expect(faults(about(findings, 'store'))).toEqual([]);
	});

	test('that asks for a password, or refuses the one it gets, is told as such', async () => {
		const locked = await startRedis({ password: 'k3Xq9vLz2mPw7RtY' });
		onTestFinished(() => locked.stop());
		const at = `127.0.0.1:${locked.port}`;
		for (const [url, found] of [
			[`redis://${at}`, `Redis at ${at} asks for a password`],
			[`redis://:s3cret@${at}`, `Redis at ${at} refuses the password`],
		] as const) {
			const findings = await doctor({ module: 'task', own: { 'redis.url': url } });
			const todo = expect.stringContaining('before the host in redis.url');
			expect(about(findings, 'redis')).toMatchObject([{ level: 'fail', found, todo }]);
			expect(JSON.stringify(findings)).not.toContain('s3cret');
		}
	});

	test('that throws away what it is to keep is a fault, once there is a limit', async () => {
		const admin = new Redis(redis.url);
		onTestFinished(async () => {
			await admin.config('SET', 'maxmemory-policy', 'noeviction', 'maxmemory', '0');
			admin.disconnect();
		});
		await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
		expect(about(await doctor({ module: 'task' }), 'redis memory')).toMatchObject([{ level: 'warn' }]);
		await admin.config('SET', 'maxmemory', '100mb');
		expect(about(await doctor({ module: 'task' }), 'redis memory')).toMatchObject([
			{
				level: 'fail',
				found: 'maxmemory 105 MB, maxmemory-policy allkeys-lru',
				todo: expect.stringContaining('noeviction'),
			},
		]);
	});

	test('that hangs is a fault', async () => {
		redis.pause();
		onTestFinished(() => redis.resume());
		expect(about(await doctor({ module: 'task' }), 'redis')).toMatchObject([{ level: 'fail' }]);
	});

	test('that is a replica is a fault', async () => {
		const replica = await startRedis({ args: ['--replicaof', '127.0.0.1', String(redis.port)] });
		onTestFinished(() => replica.stop());
		expect(about(await doctor({ module: 'task', own: { 'redis.url': replica.url } }), 'redis')).toMatchObject([
			{ level: 'fail', found: expect.stringContaining('a slave: it takes no writes') },
		]);
	});

	test('that is a node of a cluster has to be named as one', async () => {
		const cluster = await startRedisCluster();
		onTestFinished(() => cluster.stop());
		const alone = await doctor({ module: 'task', own: { 'redis.url': cluster.nodes[0]?.url ?? '' } });
		expect(about(alone, 'redis')).toMatchObject([{ level: 'fail', todo: expect.stringContaining('redis+cluster://') }]);
		const whole = await doctor({ module: 'task', own: { 'redis.url': cluster.url } });
		expect(about(whole, 'redis')).toHaveLength(3);
		expect(faults(about(whole, 'redis'))).toEqual([]);
	});
});

describe('etcd', () => {
	test('that is not there is a fault; one host of several is a warning', async () => {
		const gone = `http://127.0.0.1:${await freePort()}`;
		expect(about(await doctor({ module: 'site', own: { 'etcd.hosts': gone } }), 'etcd')).toMatchObject([
			{ level: 'fail' },
		]);
		const one = about(await doctor({ module: 'site', own: { 'etcd.hosts': `${etcd.url},${gone}` } }), 'etcd');
		expect(faults(one)).toMatchObject([{ level: 'warn', found: expect.stringContaining(gone) }]);
	});

	test('modules of another version are told', async () => {
		const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
		const instance = {
			service: 'logic',
			serverId: 'old',
			rpc: null,
			publicUrl: null,
			admin: null,
			version: '0.0.9',
			startedAt: 1,
		};
		await etcd.ctl('put', '/tschat/services/logic/old', JSON.stringify(instance));
		onTestFinished(async () => void (await etcd.ctl('del', '/tschat/services/logic/old')));
		expect(about(await doctor({ module: 'api' }), 'version')).toMatchObject([
			{ level: 'warn', found: `tschat ${version}, but 0.0.9 runs too (1 logic)` },
		]);
	});
});

describe('the store', () => {
	const query = async (...texts: string[]) => {
		const client = new pg.Client({ connectionString: storeUrl });
		await client.connect();
		for (const text of texts) await client.query(text);
		await client.end();
	};

	test('that is not there is a fault', async () => {
		const gone = `postgres://tschat:s3cret@127.0.0.1:${await freePort()}/tschat`;
		const findings = await doctor({ module: 'logic', own: { 'store.url': gone } });
		expect(about(findings, 'store')).toMatchObject([{ level: 'fail', found: expect.stringContaining('ECONNREFUSED') }]);
		expect(JSON.stringify(findings)).not.toContain('s3cret');
	});

	test('that has no such database, or lets nobody in, is told as such', async () => {
		const mariadb = await startMariadb();
		onTestFinished(() => mariadb.remove());
		const other = await mariadb.createDatabase();
		const [create, correct] = ['create the database, or correct its name', 'correct user and password in store.url'];
		for (const [url, found, todo] of [
			[storeUrl.replace(/tschat_1$/, 'none'), 'database "none" does not exist', create],
			[storeUrl.replace('tschat:', 'nobody:'), 'role "nobody" does not exist', 'let that user in there'],
			[other.replace(/tschat_1$/, 'none'), "Unknown database 'none'", create],
			[other.replace(':secret@', ':s3cret@'), "Access denied for user 'tschat'", correct],
		] as const) {
			const findings = await doctor({ module: 'logic', own: { 'store.url': url } });
			expect(about(findings, 'store')).toMatchObject([
				{ level: 'fail', found: expect.stringContaining(found), todo: expect.stringContaining(todo) },
			]);
			expect(JSON.stringify(findings)).not.toContain('s3cret');
		}
		const [only] = about(await doctor({ module: 'logic', own: { 'store.url': other } }), 'store');
		expect(only?.found).toMatch(/^MariaDB .* at 127\.0\.0\.1:\d+\/tschat_1, /);
	});

	test('that is read-only is a fault', async () => {
		const database = new URL(storeUrl).pathname.slice(1);
		await query(`alter database ${database} set default_transaction_read_only = on`);
		onTestFinished(() =>
			query(
				'set default_transaction_read_only = off',
				`alter database ${database} reset default_transaction_read_only`,
			),
		);
		expect(about(await doctor({ module: 'logic' }), 'store write')).toMatchObject([
			{ level: 'fail', found: expect.stringContaining('read-only') },
		]);
	});

	test('that others write to all the time is no fault, but told', async () => {
		const file = join(folder.path, 'busy.db');
		await (await openSqlStore({ url: `sqlite:${file}`, poolSize: 1, durability: 'process' })).close();
		const writer = new Database(file);
		onTestFinished(() => void writer.close());
		writer.exec('begin immediate');
		expect(about(await doctor({ own: { 'store.url': `sqlite:${file}` } }), 'store write')).toMatchObject([
			{ level: 'warn', found: expect.stringContaining('others write all the time') },
		]);
	});

	test('whose file cannot be made is a fault', async () => {
		expect(
			faults(await doctor({ own: { 'store.url': 'sqlite:/proc/none/tschat.db' } })).map(({ what }) => what),
		).toContain('store write');
	});

	test('that lacks tables is told, and that a newer version made is a fault', async () => {
		const file = join(folder.path, 'migrations.db');
		const own = { 'store.url': `sqlite:${file}` };
		await (await openSqlStore({ url: `sqlite:${file}`, poolSize: 1, durability: 'process' })).close();
		const database = new Database(file);
		onTestFinished(() => void database.close());
		const [last] = database.prepare('select name from kysely_migration order by name desc limit 1').all() as {
			name: string;
		}[];
		database.prepare('delete from kysely_migration where name = ?').run(last?.name);
		expect(about(await doctor({ own }), 'store tables')).toMatchObject([
			{ level: 'warn', found: `1 migrations to come (${last?.name})` },
		]);
		const put = database.prepare("insert into kysely_migration values (?, '2030-01-01')");
		for (const name of [last?.name, '9999-future']) put.run(name);
		expect(about(await doctor({ own }), 'store tables')).toMatchObject([
			{ level: 'fail', found: 'made by a newer tschat (9999-future)' },
		]);
	});

	test('looking changes nothing', async () => {
		const client = new pg.Client({ connectionString: storeUrl });
		await client.connect();
		onTestFinished(() => client.end());
		const count = async () =>
			(await client.query('select (select count(*) from logs) as logs, (select count(*) from pg_tables) as tables'))
				.rows;
		const before = await count();
		await doctor({ module: 'logic' });
		expect(await count()).toEqual(before);
	});
});

describe('this machine', () => {
	test('a clock that is wrong is told beside that of Redis and of the database', async () => {
		const shift = join(folder.path, 'shift.mjs');
		writeFileSync(shift, 'const now = Date.now; Date.now = () => now() - 90_000;\n');
		const clocks = about(await doctor({ module: 'logic', command: [process.execPath, '--import', shift] }), 'clock');
		expect(clocks.map(({ level }) => level)).toEqual(['fail', 'fail']);
		// Half of a slow answer's time is what the comparison may be off by.
		for (const { found } of clocks) expect(found).toMatch(/^(89\.[5-9]|90\.[0-5]) s behind the clock of /);
	});

	test('a port that another program has is a fault that names the setting', async () => {
		const other = createServer((socket) => socket.end('220 smtp\r\n'));
		await new Promise<void>((resolve) => other.listen(0, '0.0.0.0', resolve));
		onTestFinished(() => void other.close());
		const { port } = other.address() as { port: number };
		for (const [module, setting] of [
			['api', 'api.port'],
			['site', 'site.port'],
			['connect-ws', 'connect_ws.port'],
			['connect-tcp', 'connect_tcp.ports'],
			['logic', 'rpc.port'],
		] as const) {
			const own = { 'rpc.host': '0.0.0.0', [setting]: port };
			expect(about(await doctor({ module, own }), 'port')).toContainEqual({
				level: 'fail',
				what: 'port',
				found: `${port} is in use by another program`,
				todo: `stop that one, or set ${setting}`,
			});
		}
	});

	test('too few open files are told where connections need them', async () => {
		const command = ['prlimit', '--nofile=600:600', process.execPath];
		expect(about(await doctor({ module: 'connect-ws', command }), 'files')).toMatchObject([{ level: 'warn' }]);
		expect(about(await doctor({ module: 'api', command }), 'files')).toEqual([]);
	});
});
