import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createAuthority } from '../support/certificates.ts';
import { Node } from '../support/cluster.ts';
import { about, createDoctor, faults, type Run } from '../support/doctor.ts';
import { type RunningEtcd, startEtcd } from '../support/etcd.ts';
import { freePort, startProcess, temporaryFolder } from '../support/processes.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { startTraceCollector } from '../support/trace-collector.ts';

// What the doctor finds about those that are spoken to by certificates, secrets and headers.

const main = join(import.meta.dirname, '..', '..', 'dist', 'main.js');
const folder = temporaryFolder('doctor-servers');
let redis: TestRedis;
let etcd: RunningEtcd;
const settings = new Map<string, string | number>();
const { doctor, flags } = createDoctor(settings);

beforeAll(async () => {
	[redis, etcd] = await Promise.all([startRedis(), startEtcd()]);
	settings.set('redis.url', redis.url).set('etcd.hosts', etcd.url).set('store.url', `sqlite:${folder.path}/tschat.db`);
});
afterAll(async () => {
	await Promise.all([redis.stop(), etcd.stop()]);
	folder.remove();
});

describe('servers that speak TLS', () => {
	const [authority, stranger] = [createAuthority(), createAuthority()];
	const server = authority.issue('server');

	test('etcd: the settings are named that it takes', async () => {
		const secured = await startEtcd({ tls: { ...server, ca: authority.ca } });
		onTestFinished(() => secured.stop());
		// Node warns of addresses that gRPC takes for names.
		const url = secured.url.replace('127.0.0.1', 'localhost');
		const client = authority.issue('client');
		const shown = { 'etcd.cert': client.cert, 'etcd.key': client.key };
		const ofDoctor = async (own: Run['own']) =>
			about(await doctor({ module: 'site', own: { 'etcd.hosts': url, ...own } }), 'etcd');
		expect(faults(await ofDoctor({ 'etcd.ca': authority.ca, ...shown }))).toEqual([]);
		const uncertified = { todo: expect.stringContaining('name one in etcd.cert and etcd.key') };
		for (const [own, told] of [
			[{ 'etcd.ca': stranger.ca, ...shown }, { todo: expect.stringMatching(/authority .* in etcd\.ca$/) }],
			[{}, { todo: expect.stringMatching(/authority .* in etcd\.ca$/) }],
			[{ 'etcd.ca': authority.ca }, { found: expect.stringMatching(/\(\w+ alert bad certificate\)$/), ...uncertified }],
			[{ 'etcd.hosts': url.replace('https', 'http') }, { todo: expect.stringContaining('https:// if it speaks') }],
		] as const) {
			expect(await ofDoctor(own)).toMatchObject([{ level: 'fail', ...told }]);
		}
	});

	test('Redis: whom to trust, and that rediss:// is to be written', async () => {
		const secured = await startRedis({ tls: server });
		onTestFinished(() => secured.stop());
		for (const [url, todo] of [
			[secured.url, 'NODE_EXTRA_CA_CERTS='],
			[secured.url.replace('rediss:', 'redis:'), 'rediss:// if it speaks TLS'],
		] as const) {
			expect(about(await doctor({ module: 'task', own: { 'redis.url': url } }), 'redis')).toMatchObject([
				{ level: 'fail', todo: expect.stringContaining(todo) },
			]);
		}
	});
});

describe('calls between modules', () => {
	const secret = 'k3Xq9vLz2mPw7RtY';
	/** A logic of a cluster of its own, and what a doctor for an api finds that calls it with other settings. */
	const logicWith = async (own: NonNullable<Run['own']>) => {
		const cluster = {
			'rpc.host': '127.0.0.1',
			'rpc.secret': secret,
			'etcd.prefix': `/rpc-${await freePort()}`,
			...own,
		};
		const node = await Node.start('logic', ['--module', 'logic'], { ...Object.fromEntries(settings), ...cluster });
		onTestFinished(() => node.process.stop());
		const call = async (other: Run['own'] = {}) =>
			about(await doctor({ module: 'api', own: { ...cluster, ...other } }), 'rpc');
		return { node, call };
	};

	test('a module that runs is called: it answers, or refuses the secret, or does not answer', async () => {
		const { node, call } = await logicWith({ 'rpc.other_secret': 'another-one-b8WnT4yQ', 'etcd.lease_seconds': 60 });
		const at = expect.stringMatching(/^logic \S+ at ws:\/\/127\.0\.0\.1:\d+ answers, \d+ ms$/);
		expect(await call()).toMatchObject([{ level: 'ok', found: at }]);
		expect(await call({ 'rpc.secret': 'another-one-b8WnT4yQ' })).toMatchObject([{ level: 'ok' }]);
		const wrong = await call({ 'rpc.secret': 'wrong-secret-p5RdM2' });
		expect(wrong).toMatchObject([
			{
				level: 'fail',
				found: expect.stringMatching(/refuses the rpc\.secret of this process/),
				todo: expect.stringMatching(/rpc\.secret of the cluster here.*rpc\.other_secret/),
			},
		]);
		expect(JSON.stringify(wrong)).not.toContain('p5RdM2');
		await node.kill();
		expect(await call()).toMatchObject([{ level: 'warn', found: expect.stringContaining('does not answer') }]);
	});

	test('certificates that do not fit together are told by the setting', async () => {
		const [authority, stranger] = [createAuthority(), createAuthority()];
		const [module, strange] = [authority.issue('module'), stranger.issue('strange')];
		const tls = { 'rpc.tls_cert': module.cert, 'rpc.tls_key': module.key, 'rpc.tls_ca': authority.ca };
		const { call } = await logicWith(tls);
		expect(await call()).toMatchObject([{ level: 'ok' }]);
		const both = join(folder.path, 'both.pem');
		writeFileSync(both, Buffer.concat([authority.pem, stranger.pem]));
		const strangers = { 'rpc.tls_cert': strange.cert, 'rpc.tls_key': strange.key };
		for (const [own, todo] of [
			[{ ...strangers, 'rpc.tls_ca': stranger.ca }, 'into rpc.tls_ca'],
			[{ ...strangers, 'rpc.tls_ca': both }, 'that signed rpc.tls_cert into its rpc.tls_ca'],
			[{ 'rpc.tls_name': 'modules.example' }, 'rpc.tls_name'],
			[{ 'rpc.tls_cert': '', 'rpc.tls_key': '', 'rpc.tls_ca': '' }, 'rpc.tls_cert, rpc.tls_key and rpc.tls_ca'],
		] as const) {
			expect(await call(own)).toMatchObject([{ level: 'fail', todo: expect.stringContaining(todo) }]);
		}
	});

	const authority = createAuthority();

	test('by which other modules would not take this one are faults, in the doctor and at a start', async () => {
		const own = (name: string, { cert, key } = authority.issue('module')) => ({
			...{ 'rpc.tls_cert': cert, 'rpc.tls_key': key, 'rpc.tls_ca': authority.ca },
			...{ 'rpc.host': '127.0.0.1', 'rpc.advertise': name },
		});
		const strange = createAuthority().issue('strange');
		for (const [unfit, found] of [
			[own('', strange), `rpc.tls_cert: ${strange.cert} leads to no authority in ${authority.ca}`],
			[own('192.0.2.7'), 'does not hold the name 192.0.2.7 by which others call it (rpc.advertise)'],
			[{ ...own(''), 'rpc.tls_name': 'modules.example' }, 'the name modules.example that rpc.tls_name demands'],
		] as const) {
			expect(faults(about(await doctor({ module: 'logic', own: unfit }), 'tls'))).toMatchObject([
				{ level: 'fail', found: expect.stringContaining(found) },
			]);
			const started = startProcess('node', [main, '--module', 'logic', ...flags(unfit)]);
			expect(await started.exited).toBe(1);
			expect(started.output()).toContain(found);
		}
		// Nobody calls a task.
		expect(faults(about(await doctor({ module: 'task', own: own('192.0.2.7') }), 'tls'))).toMatchObject([
			{ level: 'warn', found: expect.stringContaining('is valid until') },
			{ level: 'warn', found: expect.stringContaining('is valid until') },
		]);
	});
});

describe('the collector of traces', () => {
	const ofDoctor = async (endpoint: string, command?: readonly string[]) =>
		about(await doctor({ own: { 'tracing.endpoint': endpoint }, ...(command && { command }) }), 'tracing');

	test('is sent an export without spans; one that does not take it is a warning', async () => {
		const collector = await startTraceCollector();
		onTestFinished(() => collector.close());
		expect(await ofDoctor(collector.url)).toMatchObject([{ level: 'ok' }]);
		expect(collector.received()).toBe('{"resourceSpans":[]}');
		const gone = `http://127.0.0.1:${await freePort()}/v1/traces`;
		expect(await ofDoctor(gone)).toMatchObject([{ level: 'warn', found: expect.stringContaining('ECONNREFUSED') }]);
		expect(about(await doctor(), 'tracing')).toEqual([]);
	});

	test('gets the headers that are configured, and a wrong path or key is told without them', async () => {
		const server = createServer(({ url, headers }, response) => {
			const status = url === '/v1/traces' ? (headers['x-key'] === 'k3y' ? 200 : 401) : 404;
			response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		onTestFinished(() => void server.close());
		const at = `http://user:s3cret@127.0.0.1:${(server.address() as { port: number }).port}`;
		const withKey = (key: string) => ['env', `OTEL_EXPORTER_OTLP_HEADERS=x-key=${key}`, process.execPath];
		expect(await ofDoctor(`${at}/v1/traces`, withKey('k3y'))).toMatchObject([{ level: 'ok' }]);
		const findings = [
			...(await ofDoctor(at, withKey('k3y'))),
			...(await ofDoctor(`${at}/v1/traces`, withKey('0ther'))),
		];
		expect(findings).toMatchObject([
			{ level: 'warn', found: expect.stringMatching(/answers 404$/), todo: expect.stringContaining('/v1/traces') },
			{ level: 'warn', found: expect.stringMatching(/answers 401$/), todo: expect.stringContaining('_HEADERS') },
		]);
		expect(JSON.stringify(findings)).not.toMatch(/s3cret|k3y|0ther/);
	});
});
