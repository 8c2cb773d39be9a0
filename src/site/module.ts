import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import fastify, { type FastifyRequest } from 'fastify';
import type { CreateModule } from '../runtime/module.ts';
import { contentSecurityPolicy, publicUrlsOf } from './public-urls.ts';

/** The package's site/ folder, seen from src/site as from dist/site. */
const root = join(import.meta.dirname, '../../site');

/** The browser chat's files, and where its API and WebSocket are. */
export const createSiteModule: CreateModule = async ({ config, advertiseHost }) => ({
	service: 'site',
	start: async () => {
		// Behind a proxy only the page's own URLs depend on the forwarded host and protocol; no decision about rights does.
		const app = fastify({ trustProxy: true, requestTimeout: 30_000, return503OnClosing: false });
		const publicUrls = ({ host, protocol }: FastifyRequest) =>
			publicUrlsOf(config, { host, secure: protocol === 'https' }, advertiseHost);

		app.addHook('onRequest', (request, reply, done) => {
			reply.headers({
				'content-security-policy': contentSecurityPolicy(publicUrls(request)),
				'x-content-type-options': 'nosniff',
				'referrer-policy': 'no-referrer',
			});
			done();
		});
		app.get('/config.json', (request, reply) => reply.header('cache-control', 'no-store').send(publicUrls(request)));
		app.setNotFoundHandler((_request, reply) => reply.code(404).type('text/plain; charset=utf-8').send('not found'));
		app.setErrorHandler((_error, _request, reply) =>
			reply.code(400).type('text/plain; charset=utf-8').send('bad request'),
		);
		// The files' names stay the same over versions: browsers ask each time, and mostly get "not modified".
		await app.register(fastifyStatic, {
			root,
			cacheControl: false,
			setHeaders: (reply) => reply.setHeader('cache-control', 'no-cache'),
		});

		await app.listen({ host: config.site.host, port: config.site.port });
		const { port } = app.server.address() as AddressInfo;
		return {
			rpc: null,
			publicUrl: `http://${advertiseHost}:${port}`,
			notReady: async () => [],
			stop: async () => {
				const limit = setTimeout(() => app.server.closeAllConnections(), config.server.stop_timeout_ms / 2);
				await app.close();
				clearTimeout(limit);
			},
		};
	},
});
