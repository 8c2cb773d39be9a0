import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { RegistryWatch } from '../ports/service-registry.ts';
import { ChatError, errorKinds } from '../protocol/errors.ts';
import { trustedProxies } from '../runtime/client-address.ts';
import type { Config } from '../runtime/config-schema.ts';
import { StartError } from '../runtime/failures.ts';
import { createHttpLimits, type HttpLimitOptions, httpServerOptions, retryAfter } from '../runtime/http/http-limits.ts';
import type { Logger } from '../runtime/logger.ts';
import { countRequests } from '../runtime/metrics/http.ts';
import type { Metrics } from '../runtime/metrics/metrics.ts';
import { publicUrlsOf, soundArrival } from './public-urls.ts';
import { securityHeaders } from './security-headers.ts';

interface SiteOptions {
	/** Where the built page is: index.html, assets/ and, beside each file, what is compressed of it. */
	readonly folder: string;
	readonly config: Config;
	readonly logger: Logger;
	readonly metrics: Metrics;
	/** Of connect-ws. */
	readonly watch: RegistryWatch;
	/** By which the page finds servers when the browser names no host. */
	readonly fallbackHost: string;
	readonly createServer?: HttpLimitOptions['createServer'];
}

/** The paths at which the page shows something; it reads from the address which. */
const pagePaths = ['/', '/status'];

/** A build gives what is in assets/ another name when its content changes, so nobody ever has to ask again. */
const cacheControlOf = (path: string): string =>
	/[/\\]assets[/\\][^/\\]+-[\w-]{8,}\.[^/\\]+$/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';

const text = (reply: FastifyReply, status: number, words: string): FastifyReply =>
	reply.code(status).type('text/plain; charset=utf-8').send(words);

const answerError = (error: ChatError, reply: FastifyReply): FastifyReply =>
	text(reply.headers(retryAfter(error)), errorKinds[error.key].httpStatus, error.message);

/** The HTTP server of the page, not yet listening. Throws `StartError` when the page is not built. */
export const createSite = async (options: SiteOptions): Promise<FastifyInstance> => {
	const { folder, config, logger, metrics, watch, fallbackHost, createServer } = options;
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
	};

	const trusted = trustedProxies(config.proxy.trusted);
	const limitOptions = { limits: config.limits, trusted, metrics, logger, createServer };
	const app = fastify({
		...httpServerOptions(limitOptions),
		trustProxy: trusted,
		return503OnClosing: false,
		// A path that is none does not come as far as the hook.
		frameworkErrors: (_error, request, reply) => {
			addHeaders(request, reply);
			limit(request, reply, (refusal) =>
				refusal === undefined ? text(reply, 400, 'bad request') : answerError(refusal, reply),
			);
		},
	});
	countRequests(app, options.metrics);
	app.addHook('onRequest', (request, reply, done) => {
		addHeaders(request, reply);
		done();
	});
	app.setNotFoundHandler((_request, reply) => text(reply, 404, 'not found'));
	app.setErrorHandler((error: Error & { readonly statusCode?: number }, _request, reply) => {
		if (error instanceof ChatError) return answerError(error, reply);
		if ((error.statusCode ?? 500) < 500) return text(reply, 400, 'bad request');
		logger.error({ err: error }, 'failed');
		return text(reply, 500, 'something went wrong');
	});
	const { onRequest: limit } = createHttpLimits(app, limitOptions);
	app.addHook('onRequest', limit);

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
