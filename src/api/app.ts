import cors from '@fastify/cors';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { RpcClient } from '../ports/rpc.ts';
import { ChatError } from '../protocol/errors.ts';
import { clientOf } from '../runtime/client-address.ts';
import { dataHeaders } from '../runtime/http/common-headers.ts';
import { createHttpLimits, type HttpLimitOptions, httpServerOptions } from '../runtime/http/http-limits.ts';
import { countRequests } from '../runtime/metrics/http.ts';
import { addDocumentation } from './documentation.ts';
import type { FindEndpoints } from './endpoints.ts';
import { acceptAnyBodyAsJson } from './json-body.ts';
import { limitCalls } from './limited-calls.ts';
import { isTooLarge, requestError } from './request-error.ts';
import { traceRequests } from './tracing.ts';
import { addV1Routes, answerV1Failure, answerV1UnknownRoute } from './v1/routes.ts';
import { answerV2Failure } from './v2/failures.ts';
import { addV2Routes } from './v2/routes.ts';
import { validatorCompiler } from './validator.ts';

export interface AppOptions extends HttpLimitOptions {
	readonly rpc: RpcClient;
	readonly endpoints: FindEndpoints;
	readonly maxBodyBytes: number;
	/** Origins whose pages may read answers, separated by commas; `*` for any. */
	readonly allowedOrigins: string;
	/** Undefined: requests are not traced. */
	readonly tracing?: { readonly continueClients: boolean } | undefined;
}

const isV2 = ({ url }: FastifyRequest): boolean => url.startsWith('/v2/');

const addSecurityHeaders = ({ protocol }: FastifyRequest, reply: FastifyReply): void => {
	// The page at /docs has a policy of its own.
	reply.headers(dataHeaders(protocol === 'https'));
};

const corsOrigins = (allowed: string): string | string[] =>
	allowed.trim() === '*' ? '*' : allowed.split(',').map((origin) => origin.trim().toLowerCase());

/** The HTTP server of the REST API, not yet listening. Requests and their bodies are never logged. */
export const createApp = async (options: AppOptions): Promise<FastifyInstance> => {
	const { endpoints, logger, maxBodyBytes, allowedOrigins, trusted, limits, metrics } = options;
	const refusals = (limit: string) => metrics.counter('tschat_limit_refusals_total', { limit });
	const refused = { calls: refusals('http_calls'), body: refusals('http_body_bytes') };
	const rpc = limitCalls(options.rpc, limits.http_calls, refused.calls);
	const answerFailure = async (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => {
		const error = requestError(thrown, maxBodyBytes);
		if (isTooLarge(thrown)) refused.body();
		if (error.key === 'internal')
			logger.error({ err: error.cause ?? error, route: request.routeOptions.url }, 'failed');
		if (isV2(request)) return answerV2Failure(error, reply);
		if (request.is404) return answerV1UnknownRoute(request, reply);
		return answerV1Failure(error, { request, reply, rpc });
	};

	const app = fastify({
		...httpServerOptions(options),
		bodyLimit: maxBodyBytes,
		trustProxy: trusted,
		// While it drains, requests on open connections are still answered (with `connection: close`).
		return503OnClosing: false,
		frameworkErrors: (_error, request, reply) => {
			addSecurityHeaders(request, reply);
			limit(request, reply, (refusal) => {
				if (isV2(request)) answerV2Failure(refusal ?? new ChatError('bad-request'), reply);
				else if (refusal === undefined) answerV1UnknownRoute(request, reply);
				else void answerV1Failure(refusal, { request, reply, rpc });
			});
		},
	});
	countRequests(app, options.metrics);
	app.setValidatorCompiler(validatorCompiler);
	app.setSerializerCompiler(() => (data) => JSON.stringify(data));
	app.setErrorHandler(answerFailure);
	app.setNotFoundHandler((request, reply) =>
		isV2(request) ? answerV2Failure(new ChatError('not-found'), reply) : answerV1UnknownRoute(request, reply),
	);
	app.addHook('onRequest', (request, reply, done) => {
		addSecurityHeaders(request, reply);
		done();
	});
	if (options.tracing !== undefined) traceRequests(app, options.tracing);
	acceptAnyBodyAsJson(app);
	const { onRequest: limit, onSend: limitUnread } = createHttpLimits(app, options);
	const isPreflight = ({ method }: FastifyRequest) => method === 'OPTIONS';
	// CORS answers these itself.
	app.addHook('onRequest', (request, reply, done) => (isPreflight(request) ? limit(request, reply, done) : done()));
	await app.register(cors, {
		origin: corsOrigins(allowedOrigins),
		exposedHeaders: 'retry-after',
		methods: 'GET,HEAD,POST,PUT,DELETE',
		strictPreflight: false,
		maxAge: 86_400,
	});
	// After CORS: a page may read that it was refused.
	app.addHook('onRequest', (request, reply, done) => (isPreflight(request) ? done() : limit(request, reply, done)));
	const addRoutes = (instance: FastifyInstance) => {
		const services = { rpc, endpoints, clientOf: ({ raw }: FastifyRequest) => clientOf(raw, trusted) };
		addV1Routes(instance, services);
		addV2Routes(instance, services);
	};
	addRoutes(app);
	addDocumentation(app, addRoutes, limitUnread);
	return app;
};
