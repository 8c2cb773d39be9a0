import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { drainable } from '../runtime/http-drain.ts';
import { addressOf } from '../runtime/listen.ts';
import type { CreateModule } from '../runtime/module.ts';
import { createWebServer } from '../runtime/secure-server.ts';
import { createSite } from './app.ts';

/** The built page, seen from src/site as from dist/site. */
const pageFolder = join(import.meta.dirname, '../../dist/page');

/** The browser chat's files, and where its API and WebSocket are. `folder` is where the built page is. */
export const siteModuleOf =
	(folder: string): CreateModule =>
	async ({ config, logger, metrics, ports, clientHost, alone, certificates }) => {
		const registry = await ports.registry();
		return {
			service: 'site',
			start: async () => {
				const watch = await registry.watch(['connect-ws']);
				const app = await createSite({
					folder,
					config,
					logger,
					metrics,
					watch,
					fallbackHost: clientHost(config.site.host),
					createServer: (listener, options) => createWebServer(certificates, listener, options),
				});
				const drain = drainable(app, { alone });
				await app.listen({ host: await addressOf(config.site.host), port: config.site.port });
				const { port } = app.server.address() as AddressInfo;
				return {
					rpc: null,
					publicUrl: `${certificates === undefined ? 'http' : 'https'}://${clientHost(config.site.host)}:${port}`,
					notReady: async () => [],
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

export const createSiteModule: CreateModule = siteModuleOf(pageFolder);
