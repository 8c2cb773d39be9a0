import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, startCluster, startEmbedded } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';
import { tokenOf } from '../support/gochat-client.ts';
import { restClient } from '../support/rest-client.ts';
import { type Span, startTraceCollector, type TraceCollector } from '../support/trace-collector.ts';
import { tschatWebSocketClient } from '../support/tschat-client.ts';

let collector: TraceCollector;
let cluster: Cluster;
let token: string;
beforeAll(async () => {
	collector = await startTraceCollector();
	const tracing = { 'tracing.endpoint': collector.url, 'tracing.sample_ratio': 1, 'log.level': 'debug' };
	cluster = await startCluster({ connectWs: 1, connectTcp: 0, logic: 1, task: 1, settings: tracing });
	token = await tokenOf(cluster.apiUrl, 'ann');
});
afterAll(async () => {
	await cluster.stop();
	await collector.close();
});

/** `service name` of each span of a trace, under the one that it is a part of. */
interface Tree {
	readonly [part: string]: Tree;
}

const treeOf = (spans: readonly Span[], parent?: string): Tree =>
	Object.fromEntries(
		spans
			.filter(({ parentSpanId }) => (parentSpanId || undefined) === parent)
			.map((span) => [`${span.service.replace('tschat-', '')} ${span.name}`, treeOf(spans, span.spanId)]),
	);

/** The last trace that began with a span of this name. */
const traceOf = (name: string): readonly Span[] => {
	const { traceId } = collector.spans.findLast((span) => span.name === name) ?? {};
	return collector.spans.filter((span) => span.traceId === traceId);
};

/** Processes send their spans each five seconds. */
const soon = (probe: () => void) => eventually(probe, 20_000);

const fromLogicOn = {
	'logic logic.send': {
		'logic commit': {},
		'task task.deliver': { 'connect-ws connect.write': {} },
	},
};

describe('one trace follows a message', () => {
	test('from the request to the socket', async () => {
		const bob = await tschatWebSocketClient(cluster.wsUrls[0] ?? '', { token });
		await bob.ask({ type: 'join', conv: 'room:1' }, 'joined');
		await restClient(cluster.apiUrl, token)('POST', '/v2/conversations/room:1/messages', { body: 'over HTTP' });
		await bob.until(() => bob.frames.some((frame) => frame.type === 'message') || undefined, 'the message');
		bob.close();

		const name = 'POST /v2/conversations/:conv/messages';
		const whole = { [`api ${name}`]: { 'api logic.send': fromLogicOn } };
		await soon(() => expect(treeOf(traceOf(name))).toEqual(whole));
		const request = traceOf(name).find((span) => span.name === name);
		for (const { service, instance } of traceOf(name))
			expect(`tschat-${instance}`, 'the process that recorded it').toMatch(new RegExp(`^${service}-[\\w-]{10}$`));
		expect(request?.attributes).toContainEqual({ key: 'http.response.status_code', value: { intValue: 201 } });
	});

	test('from one socket to the other', async () => {
		const bob = await tschatWebSocketClient(cluster.wsUrls[0] ?? '', { token });
		await bob.ask({ type: 'join', conv: 'room:2' }, 'joined');
		await bob.ask({ type: 'send', conv: 'room:2', kind: 'text', body: 'over a socket', ref: 'one' }, 'sent');
		await bob.until(() => bob.frames.some((frame) => frame.type === 'message') || undefined, 'the message');
		bob.close();
		const whole = { 'connect-ws frame send': { 'connect-ws logic.send': fromLogicOn } };
		await soon(() => expect(treeOf(traceOf('frame send'))).toEqual(whole));
	});

	test('what was refused is marked by its key, and log lines name the trace', async () => {
		const bob = await tschatWebSocketClient(cluster.wsUrls[0] ?? '', { token });
		await expect(bob.ask({ type: 'history', conv: 'dm:901:902' }, 'messages')).rejects.toThrow('not-found');
		bob.close();
		await soon(() => expect(traceOf('frame history')).not.toEqual([]));
		const frame = traceOf('frame history').find((span) => span.name === 'frame history');
		expect(frame?.attributes).toContainEqual({ key: 'error.type', value: { stringValue: 'not-found' } });
		const [connect] = cluster.nodes('connect-ws');
		expect(connect?.process.output()).toMatch(new RegExp(`"traceId":"${frame?.traceId}".*"frame refused"`));
	});

	test('spans hold no token, no password and no text of a message', () => {
		for (const secret of [token, '111111', 'over HTTP', 'over a socket']) {
			expect(collector.received()).not.toContain(secret);
		}
		expect(collector.spans.length).toBeGreaterThan(10);
	});
});

test('a trace that a client claims is not taken on', async () => {
	const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
	await fetch(`${cluster.apiUrl}/v2/endpoints`, { headers: { traceparent } });
	await soon(() => expect(traceOf('GET /v2/endpoints')).not.toEqual([]));
	expect(collector.received()).not.toContain('0af7651916cd43dd8448eb211c80319c');
});

test('unless that is wanted; without a collector nothing is slower, and nothing fails', async () => {
	const own = await startTraceCollector();
	const embedded = await startEmbedded({
		'tracing.endpoint': own.url,
		'tracing.sample_ratio': 0,
		'tracing.continue_clients': true,
	});
	const ask = restClient(embedded.apiUrl, await tokenOf(embedded.apiUrl, 'demo'));
	// The client itself does not record this one.
	const unsampled = { traceparent: '00-1bf7651916cd43dd8448eb211c80319c-b7ad6b7169203331-02' };
	await fetch(`${embedded.apiUrl}/v2/endpoints`, { headers: unsampled });
	const headers = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
	await fetch(`${embedded.apiUrl}/v2/endpoints`, { headers });
	await soon(() => expect(own.spans.map(({ name }) => name)).toContain('GET /v2/endpoints'));
	expect(new Set(own.spans.map(({ traceId }) => traceId))).toEqual(new Set(['0af7651916cd43dd8448eb211c80319c']));
	await own.close();
	for (let sent = 0; sent < 20; sent += 1) {
		await fetch(`${embedded.apiUrl}/v2/endpoints`, { headers });
		expect((await ask('POST', '/v2/conversations/room:1/messages', { body: 'hi' })).status).toBe(201);
	}
	await embedded.stop();
	expect(await embedded.node.process.exited).toBe(0);
});
