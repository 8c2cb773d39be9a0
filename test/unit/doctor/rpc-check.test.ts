import { expect, test, vi } from 'vitest';
import { checkRpc } from '../../../src/doctor/checks/rpc-check.ts';
import type { Examination } from '../../../src/doctor/examination.ts';
import type { ServiceInstance } from '../../../src/ports/service-registry.ts';

test('without a certificate of its own that can be used nobody is called, and nobody else is blamed', async () => {
	const call = vi.fn(async () => 1);
	const instances = ['logic', 'connect-ws'].map((service) => ({ service, rpc: '127.0.0.1:1' }) as ServiceInstance);
	const look = (tlsCert: string) =>
		checkRpc({
			config: { rpc: { tls_cert: tlsCert, tls_key: '/nowhere', tls_ca: '/nowhere', tls_name: '' } },
			module: 'task',
			probes: { etcd: async () => ({ instances }), call },
		} as unknown as Examination);

	expect(await look('/nowhere')).toEqual([
		expect.objectContaining({ level: 'warn', found: expect.stringContaining('no module was called') }),
	]);
	expect(call).not.toHaveBeenCalled();
	expect(await look('')).toMatchObject([{ level: 'ok' }, { level: 'ok' }]);
});
