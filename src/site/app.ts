import { existsSync } from 'node:fs';
import type { RequestListener, Server, ServerOptions } from 'node:http';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { RegistryWatch } from '../ports/service-registry.ts';
import { trustedProxies } from '../runtime/client-address.ts';
import type { Config } from '../runtime/config-schema.ts';
import { StartError } from '../runtime/failures.ts';
import { publicUrlsOf, soundArrival } from './public-urls.ts';
import { securityHeaders } from './security-headers.ts';

interface SiteOptions {
	/** Where the built page is: index.html, assets/ and, beside each file, what is compressed of it. */
	readonly folder: string;
	readonly config: Config;
	/** Of connect-ws. */
	readonly watch: RegistryWatch;
	/** By which the page finds servers when the browser names no host. */
	readonly fallbackHost: string;
	/** The server that it answers on; plain HTTP unless given. */
	readonly createServer?: (listener: RequestListener, options: ServerOptions) => Server;
}

const timeouts = { requestTimeout: 30_000, keepAliveTimeout: 72_000 };

/** The paths at which the page shows something; it reads from the address which. */
const pagePaths = ['/', '/status'];

/** A build gives what is in assets/ another name when its content changes, so nobody ever has to ask again. */
const cacheControlOf = (path: string): string =>
	/[/\\]assets[/\\][^/\\]+-[\w-]{8,}\.[^/\\]+$/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';

const text = (reply: FastifyReply, status: number, words: string): FastifyReply =>
	reply.code(status).type('text/plain; charset=utf-8').send(words);

/** The HTTP server of the page, not yet listening. Throws `StartError` when the page is not built. */
export const createSite = async (options: SiteOptions): Promise<FastifyInstance> => {
	const { folder, config, watch, fallbackHost, createServer } = options;
	// What ends TLS itself does so for the api and connect-ws too, whatever a proxy before it says.
	const endsTls = config.tls.cert !== '';
	if (!existsSync(join(folder, 'index.html'))) throw new StartError(`there is no page in ${folder}: run npm run build`);

	const publicUrls = ({ host, protocol }: FastifyRequest) => {
		const arrival = soundArrival({ host, secure: endsTls || protocol === 'https' }, fallbackHost);
		return { arrival, urls: publicUrlsOf(config, arrival) };
	};
	const addHeaders = (request: FastifyRequest, reply: FastifyReply): void => {
		const { arrival, urls } = publicUrls(request);
		reply.headers(securityHeaders(urls, arrival, watch.instances()));
		if (endsTls) reply.header('strict-transport-security', 'max-age=31536000');
	};

	const app = fastify({
		...timeouts,
		// Fastify sets them on servers of its own only.
		...(createServer && { serverFactory: (listener: RequestListener) => createServer(listener, timeouts) }),
		trustProxy: trustedProxies(config.proxy.trusted),
		return503OnClosing: false,
		// A path that is none does not come as far as the hook.
		frameworkErrors: (_error, request, reply) => {
			addHeaders(request, reply);
			text(reply, 400, 'bad request');
		},
	});
	app.addHook('onRequest', (request, reply, done) => {
		addHeaders(request, reply);
		done();
	});
	app.setNotFoundHandler((_request, reply) => text(reply, 404, 'not found'));
	app.setErrorHandler((_error, _request, reply) => text(reply, 400, 'bad request'));

	await app.register(fastifyStatic, {
		root: folder,
		// The files that are there now are all that is ever served.
		wildcard: false,
		globIgnore: ['**/*.{br,gz}'],
		index: false,
		preCompressed: true,
		cacheControl: false,
		setHeaders: (reply, path) => {
			reply.setHeader('cache-control', cacheControlOf(path));
			reply.setHeader('vary', 'accept-encoding');
		},
	});
	for (const path of pagePaths) app.get(path, (_request, reply) => reply.sendFile('index.html'));
	app.get('/config.json', (request, reply) => reply.header('cache-control', 'no-store').send(publicUrls(request).urls));
	return app;
};
