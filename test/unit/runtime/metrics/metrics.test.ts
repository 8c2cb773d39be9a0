import { expect, test } from 'vitest';
import { createMetrics } from '../../../../src/runtime/metrics/metrics.ts';

const lines = async (metrics: ReturnType<typeof createMetrics>, name: string): Promise<string[]> =>
	(await metrics.text()).split('\n').filter((line) => line.startsWith(name));

test('counts add up, whoever counts, each module for itself', async () => {
	const metrics = createMetrics();
	const one = metrics.of('logic').counter('tschat_messages_accepted_total', {});
	const other = metrics.of('logic').counter('tschat_messages_accepted_total', {});
	one();
	one(3);
	other();
	metrics.of('task').counter('tschat_messages_accepted_total', {})(2);
	const expected = [
		'tschat_messages_accepted_total{module="logic"} 5',
		'tschat_messages_accepted_total{module="task"} 2',
	];
	expect(await lines(metrics, 'tschat_messages_accepted_total')).toEqual(expected);
	expect(await lines(metrics, 'tschat_messages_accepted_total')).toEqual(expected);
});

test('what is kept elsewhere is read at each scrape, until its owner ends that', async () => {
	const metrics = createMetrics();
	let connections = 1;
	const end = metrics.of('connect-ws').read('tschat_connections', {}, () => connections);
	metrics.of('connect-ws').read('tschat_connections', {}, async () => 10);
	metrics.of('connect-tcp').read('tschat_connections', {}, () => undefined);
	expect(await lines(metrics, 'tschat_connections')).toEqual(['tschat_connections{module="connect-ws"} 11']);
	connections = 2;
	expect(await lines(metrics, 'tschat_connections')).toEqual(['tschat_connections{module="connect-ws"} 12']);
	end();
	expect(await lines(metrics, 'tschat_connections')).toEqual(['tschat_connections{module="connect-ws"} 10']);
});

test('durations fall into buckets', async () => {
	const metrics = createMetrics();
	const observe = metrics.of('connect-ws').histogram('tschat_delivery_duration_seconds', {});
	observe(0.003);
	observe(0.2);
	const shown = await lines(metrics, 'tschat_delivery_duration_seconds');
	expect(shown).toContain('tschat_delivery_duration_seconds_bucket{le="0.005",module="connect-ws"} 1');
	expect(shown).toContain('tschat_delivery_duration_seconds_bucket{le="0.25",module="connect-ws"} 2');
	expect(shown).toContain('tschat_delivery_duration_seconds_count{module="connect-ws"} 2');
});

test('those of Node.js are there when they are asked for', async () => {
	const text = await createMetrics({ ofNode: true }).text();
	for (const name of [
		'nodejs_eventloop_lag_p99_seconds',
		'nodejs_gc_duration_seconds',
		'process_resident_memory_bytes',
	])
		expect(text).toContain(name);
});
