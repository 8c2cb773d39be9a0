import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createEmbeddedRoutes } from '../../../src/adapters/embedded/routes.ts';
import { createEmbeddedRpc } from '../../../src/adapters/embedded/rpc.ts';
import { beyondServed } from '../../../src/connect/admission.ts';
import { createConnectTcpModule } from '../../../src/connect-tcp/module.ts';
import { createConnectWsModule } from '../../../src/connect-ws/module.ts';
import { createMetrics } from '../../../src/runtime/metrics/metrics.ts';
import type { StartedModule } from '../../../src/runtime/module.ts';
import { refusalsIn } from '../../support/raw-http.ts';
import { moduleContext } from '../site/module-context.ts';

const sockets: Socket[] = [];
let gateway: StartedModule;
afterEach(async () => {
	for (const socket of sockets.splice(0)) socket.destroy();
	await gateway.stop();
});

test.each([
	['connect-ws', createConnectWsModule],
	['connect-tcp', createConnectTcpModule],
] as const)('%s counts a connection that is dropped before it is taken', async (service, create) => {
	const metrics = createMetrics();
	const context = await moduleContext({
		advertiseHost: '127.0.0.1',
		limits: { connections_total: 1 },
		metrics: metrics.of(service),
	});
	const { config, ports } = context;
	const rpc = createEmbeddedRpc();
	const started = await create({
		...context,
		config: {
			...config,
			connect_ws: { ...config.connect_ws, host: '127.0.0.1', port: 0 },
			// Those that have not named their client yet are not served, and stay.
			connect_tcp: { ...config.connect_tcp, host: '127.0.0.1', ports: '0', proxy_protocol: true },
		},
		ports: { ...ports, rpc: async () => rpc, routes: async () => createEmbeddedRoutes() },
	});
	gateway = await started.start();
	const port = Number(new URL(gateway.publicUrl ?? '').port);
	const most = 1 + beyondServed;
	const closes = Array.from({ length: most + 1 }, () => {
		const socket = connect(port, '127.0.0.1').on('error', () => {});
		sockets.push(socket);
		return new Promise((resolve) => socket.resume().on('close', resolve));
	});
	await Promise.race(closes);
	expect(refusalsIn(await metrics.text(), 'connections_total')).toBe(1);
});
