import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEmbeddedRpc } from '../../../../src/adapters/embedded/rpc.ts';
import { ChatError } from '../../../../src/protocol/errors.ts';
import { createMetrics } from '../../../../src/runtime/metrics/metrics.ts';
import { reader } from '../../../support/metric-values.ts';

const metrics = createMetrics();
const metric = reader(metrics);
const rpc = createEmbeddedRpc({ metrics: metrics.of('all') });
let calls = 0;

beforeEach(async () => {
	await rpc.serve('connect', 'one', {
		'connect.deliver': async () => ({}),
		'connect.closeSessions': async () => {
			throw new ChatError('overloaded');
		},
		'connect.status': async () => {
			calls += 1;
			return { connections: calls };
		},
		'connect.stats': () => Promise.reject(new Error('a fault')),
	});
});
afterEach(() => rpc.close());

test('calls are counted by method on both sides, with how long they took and how they failed', async () => {
	const to = { serverId: 'one' };
	await rpc.call('connect.status', {}, to);
	await rpc.call('connect.status', {}, to);
	await expect(rpc.call('connect.closeSessions', { ids: [] }, to)).rejects.toMatchObject({ key: 'overloaded' });
	await expect(rpc.call('connect.stats', {}, to)).rejects.toMatchObject({ key: 'internal' });
	await expect(rpc.call('connect.status', {}, { serverId: 'none', deadlineMs: 10 })).rejects.toMatchObject({
		key: 'unavailable',
	});
	for (const [side, status] of [
		['client', 3],
		['server', 2],
	] as const) {
		const count = (method: string) => metric(`tschat_rpc_${side}_duration_seconds_count`, { method });
		expect(await Promise.all(['connect.status', 'connect.closeSessions', 'connect.stats'].map(count))).toEqual([
			status,
			1,
			1,
		]);
		const errors = (method: string, error: string) => metric(`tschat_rpc_${side}_errors_total`, { method, error });
		expect(await errors('connect.closeSessions', 'overloaded')).toBe(1);
		expect(await errors('connect.stats', 'internal')).toBe(1);
	}
	expect(await metric('tschat_rpc_client_errors_total', { method: 'connect.status', error: 'unavailable' })).toBe(1);
	expect(await metric('tschat_rpc_client_duration_seconds_sum', { method: 'connect.status' })).toBeGreaterThan(0.005);
});
