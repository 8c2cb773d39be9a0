import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalogue } from '../../src/runtime/metrics/catalogue.ts';
import type { Declaration } from '../../src/runtime/metrics/declaration.ts';
import { type Cluster, type Embedded, startCluster, startEmbedded } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';
import { alertNames, dashboardQueries, rulesFile } from '../support/observability.ts';
import { freePort } from '../support/processes.ts';
import { startPrometheus } from '../support/prometheus.ts';
import { restClient, type SignedIn } from '../support/rest-client.ts';
import { type TschatClient, tschatTcpClient, tschatWebSocketClient } from '../support/tschat-client.ts';

interface Instance {
	readonly service: string;
	readonly serverId: string;
	readonly admin: string;
}

let cluster: Cluster;
let embedded: Embedded;
let embeddedAdmin: string;
let instances: Instance[];
let prometheus: Awaited<ReturnType<typeof startPrometheus>>;
const clients: TschatClient[] = [];
const secrets = ['ann-of-the-secrets', 'a-secret-password', 'the-secret-room', 'a secret text'] as const;
const [name, password, room, body] = secrets;
const tokens: string[] = [];

/** Some of everything: who signs up and in, wrongly too, reads over each gateway, writes, looks at the page, and leaves. */
const chat = async (apiUrl: string, siteUrl: string, readers: (token: string) => Promise<TschatClient>[]) => {
	const anyone = restClient(apiUrl);
	const { token } = (await anyone('POST', '/v2/users', { name, password })).body as SignedIn;
	tokens.push(token);
	expect((await anyone('POST', '/v2/sessions', { name, password: 'wrong one' })).status).toBe(401);
	const ask = restClient(apiUrl, token);
	const { conv } = (await ask('POST', '/v2/rooms', { name: room })).body as { conv: `room:${number}` };
	for (const reader of await Promise.all(readers(token))) {
		clients.push(reader);
		await reader.ask({ type: 'join', conv }, 'joined');
	}
	expect((await ask('POST', `/v2/conversations/${conv}/messages`, { body })).status).toBe(201);
	for (const reader of clients) await reader.message(body);
	expect((await fetch(siteUrl)).status).toBe(200);
	expect((await ask('DELETE', '/v2/sessions/current')).status).toBe(204);
	for (const reader of clients.splice(0)) reader.close();
};

const registered = async (): Promise<Instance[]> => {
	const values = await cluster.etcd.ctl('get', '--prefix', '/tschat/services/', '--print-value-only');
	return values
		.split('\n')
		.filter((line) => line.startsWith('{'))
		.map((line) => JSON.parse(line) as Instance);
};

beforeAll(async () => {
	const adminPort = await freePort();
	embeddedAdmin = `http://127.0.0.1:${adminPort}`;
	[cluster, embedded] = await Promise.all([
		startCluster({ connectWs: 2, connectTcp: 1, logic: 1, task: 1, site: 1 }),
		startEmbedded({ 'admin.port': adminPort }),
	]);
	instances = await registered();
	await chat(cluster.apiUrl, cluster.siteUrls[0] ?? '', (token) => [
		...cluster.wsUrls.map((url) => tschatWebSocketClient(url, { token })),
		tschatTcpClient(cluster.tcpPorts[0]?.[0] ?? 0, { token }),
	]);
	await chat(embedded.apiUrl, embedded.siteUrl, (token) => [
		tschatWebSocketClient(embedded.wsUrl, { token }),
		tschatTcpClient(embedded.tcpPorts[0] ?? 0, { token }),
	]);
	const target = (admin: string, run: string, service: string) => ({
		address: new URL(admin).host,
		labels: { run, service },
	});
	prometheus = await startPrometheus({
		ruleFiles: [rulesFile],
		targets: [
			...instances.map(({ admin, service }) => target(admin, 'cluster', service)),
			target(embeddedAdmin, 'embedded', 'all'),
		],
	});
}, 90_000);
afterAll(async () => {
	await prometheus.stop();
	await Promise.all([cluster.stop(), embedded.stop()]);
});

/** A series of each module that shows a metric; what has a series only once something went wrong may come from any of them. */
const wanted = Object.entries<Declaration>(catalogue).flatMap(
	([metric, { kind, modules, labels, adapter, optional }]) => {
		if (optional) return [];
		const series = kind === 'histogram' ? `${metric}_count` : metric;
		const some = labels.includes('error') && labels.includes('method');
		const ofCluster = some
			? [`${series}{run="cluster"}`]
			: modules.map((module) => `${series}{run="cluster",module="${module}"}`);
		if (adapter === 'cluster') return ofCluster;
		const names = adapter === 'always' ? ['all'] : modules;
		return [...ofCluster, ...names.map((module) => `${series}{run="embedded",module="${module}"}`)];
	},
);

describe('Prometheus', () => {
	test('finds all instances up', async () => {
		expect(instances.map(({ service }) => service).sort()).toEqual([
			'api',
			'connect-tcp',
			'connect-ws',
			'connect-ws',
			'logic',
			'site',
			'task',
		]);
		await eventually(async () => expect(await prometheus.query('up == 1')).toHaveLength(instances.length + 1));
	});

	test('finds every metric of the catalogue, of each module that shows it, in a cluster and in one process', async () => {
		await eventually(async () => {
			const found = await Promise.all(wanted.map(async (series) => (await prometheus.query(series)).length > 0));
			expect(wanted.filter((_, index) => !found[index])).toEqual([]);
		});
	});

	test('sees what happened', async () => {
		const value = async (query: string) => (await prometheus.query(query)).map((series) => Number(series.value[1]));
		await eventually(async () => {
			expect(await value('sum by (run) (tschat_messages_accepted_total)')).toEqual([1, 1]);
			expect(await value('sum(tschat_messages_delivered_total{run="cluster"})')).toEqual([3]);
			expect(await value('sum(tschat_delivery_duration_seconds_count{run="cluster"})')).toEqual([3]);
			expect(await value('sum by (run) (tschat_sign_ins_total{outcome="wrong-credentials"})')).toEqual([1, 1]);
			expect(await value('sum(tschat_connection_closes_total{run="cluster", reason="revoked"})')).toEqual([3]);
			expect(await value('max(tschat_queue_items)')).toEqual([0]);
			expect(await value('min(tschat_ready)')).toEqual([1]);
		});
	});

	test('has loaded all alerts, and none of them goes off', async () => {
		const { groups } = (await prometheus.get('rules')) as {
			groups: { rules: { name: string; state: string; lastError?: string }[] }[];
		};
		const rules = groups.flatMap((group) => group.rules);
		expect(new Set(rules.map((rule) => rule.name))).toEqual(new Set(alertNames));
		expect(rules.filter(({ state, lastError }) => state === 'firing' || lastError !== undefined)).toEqual([]);
	});

	test.each(dashboardQueries)('understands the dashboard: $title, $query', async ({ query }) => {
		await expect(prometheus.query(query)).resolves.toBeDefined();
	});

	test('is shown no name, token or text of anybody', async () => {
		const admins = [embeddedAdmin, ...instances.map(({ admin }) => admin)];
		const texts = await Promise.all(admins.map(async (admin) => (await fetch(`${admin}/metrics`)).text()));
		for (const text of texts) for (const secret of [...secrets, ...tokens]) expect(text).not.toContain(secret);
	});

	test('is told who is not ready, and when that is over', async () => {
		const ready = async () => {
			const [series] = await prometheus.query('tschat_ready{run="cluster", module="task"}');
			return series?.value[1];
		};
		await cluster.redis.kill();
		await eventually(async () => expect(await ready()).toBe('0'));
		await eventually(async () =>
			expect(await prometheus.query('ALERTS{alertname="TschatNotReady", module="task"}')).toHaveLength(1),
		);
		await cluster.redis.restart();
		await eventually(async () => expect(await ready()).toBe('1'));
		await eventually(async () => {
			expect(await prometheus.query('tschat_redis_reconnects_total{run="cluster", module="task"} > 0')).toHaveLength(1);
		});
	});

	test('is told of a process that was killed', async () => {
		await cluster.nodes('connect-ws')[1]?.kill();
		await eventually(async () =>
			expect(await prometheus.query('ALERTS{alertname="TschatModuleDown", service="connect-ws"}')).toHaveLength(1),
		);
	});
});
