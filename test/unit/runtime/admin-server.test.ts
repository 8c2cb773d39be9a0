import { afterEach, expect, test } from 'vitest';
import { type AdminServer, askMissing, type Missing, startAdminServer } from '../../../src/runtime/admin-server.ts';
import { createMetrics } from '../../../src/runtime/metrics/metrics.ts';

let server: AdminServer | undefined;
afterEach(() => server?.close());

const readiness = async (missing: Missing): Promise<[number, unknown]> => {
	server = await startAdminServer({
		host: '127.0.0.1',
		port: 0,
		advertiseHost: '192.0.2.1',
		missing: async () => missing,
		metrics: createMetrics(),
	});
	const response = await fetch(`${server.url}/readyz`);
	return [response.status, await response.json()];
};

test('it is ready when no module misses anything', async () => {
	expect(await readiness({})).toEqual([200, { status: 'ready' }]);
});

test('otherwise it answers 503 and names what each module misses', async () => {
	const missing = { logic: ['the store'], api: ['logic', 'Redis'] };
	expect(await readiness(missing)).toEqual([503, { status: 'not ready', missing }]);
});

test('on all interfaces it tells others the address that they can reach', async () => {
	const metrics = createMetrics();
	const missing = async () => ({});
	server = await startAdminServer({ host: '0.0.0.0', port: 0, advertiseHost: '192.0.2.1', missing, metrics });
	expect(server.url).toMatch(/^http:\/\/192\.0\.2\.1:\d+$/);
});

test('a module whose check hangs or fails is named, and holds up the answer for two seconds at most', async () => {
	const began = performance.now();
	const hanging = askMissing(() => new Promise(() => {}));
	const failing = askMissing(() => Promise.reject(new Error('password')));
	expect(await Promise.all([hanging, failing])).toEqual([['no answer within 2000 ms'], ['its check failed']]);
	expect(performance.now() - began).toBeLessThan(4000);
});

test('Prometheus reads what was counted', async () => {
	const metrics = createMetrics();
	metrics.of('logic').counter('tschat_messages_accepted_total', {})(7);
	server = await startAdminServer({
		host: '127.0.0.1',
		port: 0,
		advertiseHost: 'a',
		missing: async () => ({}),
		metrics,
	});
	const response = await fetch(`${server.url}/metrics`);
	expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
	expect(await response.text()).toContain('tschat_messages_accepted_total{module="logic"} 7\n');
});
