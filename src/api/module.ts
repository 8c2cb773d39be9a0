import type { AddressInfo } from 'node:net';
import { trustedProxies } from '../runtime/client-address.ts';
import { drainable } from '../runtime/http-drain.ts';
import { addressOf } from '../runtime/listen.ts';
import type { CreateModule } from '../runtime/module.ts';
import { createWebServer } from '../runtime/secure-server.ts';
import { createApp } from './app.ts';
import { createEndpoints } from './endpoints.ts';

/** How long logic may take to show that it is there. */
const readyDeadlineMs = 1000;

/** The REST API: gochat's routes and those of v2, as calls to logic. */
export const createApiModule: CreateModule = async (context) => {
	const { config, logger, metrics, ports, clientHost, alone, certificates } = context;
	const [rpc, registry] = await Promise.all([ports.rpc(), ports.registry()]);
	const { host, port, public_url, allowed_origins, max_body_bytes } = config.api;
	const { endpoint, continue_clients } = config.tracing;

	return {
		service: 'api',
		start: async () => {
			const watch = await registry.watch(['connect-ws', 'connect-tcp']);
			const endpoints = createEndpoints({ watch, rpc });
			const app = await createApp({
				rpc,
				endpoints,
				logger,
				metrics,
				limits: config.limits,
				maxBodyBytes: max_body_bytes,
				allowedOrigins: allowed_origins,
				trusted: trustedProxies(config.proxy.trusted),
				tracing: endpoint === '' ? undefined : { continueClients: continue_clients },
				createServer: (listener, options) => createWebServer(certificates, listener, options),
			});
			const drain = drainable(app, { alone });
			await app.listen({ host: await addressOf(host), port });
			const address = app.server.address() as AddressInfo;
			return {
				rpc: null,
				publicUrl:
					public_url || `${certificates === undefined ? 'http' : 'https'}://${clientHost(host)}:${address.port}`,
				notReady: async () => {
					try {
						await rpc.call('logic.heads', { keys: [] }, { deadlineMs: readyDeadlineMs });
						return [];
					} catch {
						return ['logic'];
					}
				},
				stop: async () => {
					const limit = setTimeout(() => app.server.closeAllConnections(), config.server.stop_timeout_ms / 2);
					await drain();
					await app.close();
					clearTimeout(limit);
					watch.close();
				},
			};
		},
	};
};
