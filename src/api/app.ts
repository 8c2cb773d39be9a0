import type { RequestListener, Server, ServerOptions } from 'node:http';
import cors from '@fastify/cors';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { RpcClient } from '../ports/rpc.ts';
import { ChatError } from '../protocol/errors.ts';
import type { TrustedProxies } from '../runtime/client-address.ts';
import type { Logger } from '../runtime/logger.ts';
import { addDocumentation } from './documentation.ts';
import type { FindEndpoints } from './endpoints.ts';
import { acceptAnyBodyAsJson } from './json-body.ts';
import { requestError } from './request-error.ts';
import { traceRequests } from './tracing.ts';
import { addV1Routes, answerV1Failure, answerV1UnknownRoute } from './v1/routes.ts';
import { answerV2Failure } from './v2/failures.ts';
import { addV2Routes } from './v2/routes.ts';
import { validatorCompiler } from './validator.ts';

export interface AppOptions {
	readonly rpc: RpcClient;
	readonly endpoints: FindEndpoints;
	readonly logger: Logger;
	readonly maxBodyBytes: number;
	readonly trusted: TrustedProxies;
	/** Undefined: requests are not traced. */
	readonly tracing?: { readonly continueClients: boolean } | undefined;
	/** The server that it answers on; plain HTTP unless given. */
	readonly createServer?: (listener: RequestListener, options: ServerOptions) => Server;
}

const timeouts = { requestTimeout: 30_000, keepAliveTimeout: 72_000 };

const isV2 = ({ url }: FastifyRequest): boolean => url.startsWith('/v2/');

/** The HTTP server of the REST API, not yet listening. Requests and their bodies are never logged. */
export const createApp = async (options: AppOptions): Promise<FastifyInstance> => {
	const { rpc, endpoints, logger, maxBodyBytes, trusted, createServer } = options;
	const answerFailure = async (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => {
		const error = requestError(thrown, maxBodyBytes);
		if (error.key === 'internal')
			logger.error({ err: error.cause ?? error, route: request.routeOptions.url }, 'failed');
		if (isV2(request)) return answerV2Failure(error, reply);
		if (request.is404) return answerV1UnknownRoute(request, reply);
		return answerV1Failure(error, { request, reply, rpc });
	};

	const app = fastify({
		...timeouts,
		// Fastify sets them on servers of its own only.
		...(createServer && { serverFactory: (listener: RequestListener) => createServer(listener, timeouts) }),
		bodyLimit: maxBodyBytes,
		trustProxy: trusted,
		// While it drains, requests on open connections are still answered (with `connection: close`).
		return503OnClosing: false,
		exposeHeadRoutes: false,
		frameworkErrors: (_error, request, reply) => {
			if (isV2(request)) answerV2Failure(new ChatError('bad-request'), reply);
			else answerV1UnknownRoute(request, reply);
		},
	});
	app.setValidatorCompiler(validatorCompiler);
	app.setSerializerCompiler(() => (data) => JSON.stringify(data));
	app.setErrorHandler(answerFailure);
	app.setNotFoundHandler((request, reply) =>
		isV2(request) ? answerV2Failure(new ChatError('not-found'), reply) : answerV1UnknownRoute(request, reply),
	);
	if (options.tracing !== undefined) traceRequests(app, options.tracing);
	acceptAnyBodyAsJson(app);
	await app.register(cors, {
		origin: '*',
		methods: 'GET,HEAD,POST,PUT,DELETE',
		strictPreflight: false,
		maxAge: 86_400,
	});
	const addRoutes = (instance: FastifyInstance) => {
		addV1Routes(instance, rpc);
		addV2Routes(instance, { rpc, endpoints });
	};
	addRoutes(app);
	addDocumentation(app, addRoutes);
	return app;
};
