import type { IncomingMessage, RequestListener, Server, ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest, onSendHookHandler } from 'fastify';
import { ChatError, tooMany } from '../../protocol/errors.ts';
import { clientOf, type TrustedProxies } from '../client-address.ts';
import type { Config } from '../config-schema.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { createAddressRates } from './address-rates.ts';
import { answerClientError } from './client-error.ts';
import { limitConnections } from './connection-limits.ts';
import { endStill } from './still-connections.ts';
import { createUnreadLimit, limitPipelining } from './unread-answers.ts';

/** What an HTTP server needs for its limits. */
export interface HttpLimitOptions {
	readonly limits: Config['limits'];
	readonly trusted: TrustedProxies;
	readonly metrics: Metrics;
	readonly logger: Logger;
	/** The server that it answers on; plain HTTP unless given. */
	readonly createServer?: ((listener: RequestListener, options: ServerOptions) => Server) | undefined;
}

type RequestHook = (request: FastifyRequest, reply: FastifyReply, done: (error?: ChatError) => void) => void;

/** How often Node looks for requests that are too slow, in ms; after its default of 30 s they would be found long after their time. */
const slowCheckMs = 1000;
/** What of an answer costs as much as a request, in characters. */
const sizePerRequest = 16_384;
/** How long a connection may stand still while an answer is due to be made or taken: longer than any call takes. */
const stillMs = 60_000;
/** How long a connection may wait for the next request. */
const keepAliveMs = 72_000;

/** Settings of Fastify and of Node's server: how large a head may be, how slow a request; who breaks them is counted, and told. */
export const httpServerOptions = ({ limits, metrics, createServer }: HttpLimitOptions) => {
	const refused = new Map(
		['http_header_bytes', 'http_request_timeout'].map((limit) => [
			limit,
			metrics.counter('tschat_limit_refusals_total', { limit }),
		]),
	);
	const timeouts = { requestTimeout: limits.http_request_timeout_ms, keepAliveTimeout: keepAliveMs };
	const http: ServerOptions = {
		...timeouts,
		maxHeaderSize: limits.http_header_bytes,
		// Node's own refusal counts for nobody, and has none of the headers: one without a host is refused below.
		requireHostHeader: false,
		headersTimeout: Math.min(limits.http_header_timeout_ms, limits.http_request_timeout_ms),
		connectionsCheckingInterval: Math.min(slowCheckMs, limits.http_header_timeout_ms),
	};
	return {
		...timeouts,
		http,
		// Fastify gives them to servers of its own only.
		...(createServer && { serverFactory: (listener: RequestListener) => createServer(listener, http) }),
		clientErrorHandler: (error: NodeJS.ErrnoException, socket: Socket) => {
			refused.get(answerClientError(error, socket) ?? '')?.();
		},
	};
};

/**
 * Limits an app's server and what its clients leave unread (`onSend`, which is in use, for a server beside it), and gives the hook that refuses requests over a limit before anything of them is looked at, by throwing what
 * the app's error handler answers: `too-many-requests` or `overloaded` with the time to wait, `bad-request` for a head of too many
 * fields. To be run once for each request.
 */
export const createHttpLimits = (
	app: FastifyInstance,
	{ limits, trusted, metrics, logger }: HttpLimitOptions,
): { readonly onRequest: RequestHook; readonly onSend: onSendHookHandler } => {
	const refusals = (limit: string) => metrics.counter('tschat_limit_refusals_total', { limit });
	const refused = { rate: refusals('http_requests'), fields: refusals('http_header_fields') };
	const rates = createAddressRates({
		perSecond: limits.http_requests_per_second,
		burst: limits.http_request_burst,
	});
	const connectionFault = limitConnections(app.server, {
		most: limits.http_connections,
		mostPerAddress: limits.http_connections_per_address,
		trusted,
		refused: { all: refusals('http_connections'), perAddress: refusals('http_connections_per_address') },
	});
	limitPipelining(app, refusals('http_pipelined'));
	// Fastify sets a time-out for servers of its own only.
	endStill(app.server, stillMs);
	const onSend = createUnreadLimit({
		most: limits.http_unread_bytes,
		mostPerAddress: limits.http_unread_bytes_per_address,
		clientOf: (request) => clientOf(request, trusted),
		taken: (client, size) => rates.spend(client, size / sizePerRequest, performance.now()),
		refused: {
			all: refusals('http_unread_bytes'),
			perAddress: refusals('http_unread_bytes_per_address'),
		},
	});
	app.addHook('onSend', onSend);
	// By default Node refuses what it does not know itself, before any of this.
	app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
	// By default Node leaves out what comes after the thousandth field: maybe the one in which a proxy names the client.
	app.server.maxHeadersCount = 0;

	let warned = false;
	const warnOfProxy = (client: string): void => {
		if (!warned)
			logger.warn({ client }, 'too many requests from one who names others: if it is your proxy, set proxy.trusted');
		warned = true;
	};

	const hostFault = ({ headers, httpVersionMinor }: IncomingMessage): ChatError | undefined =>
		headers.host === undefined && httpVersionMinor > 0 ? new ChatError('bad-request', 'no Host header') : undefined;

	const requestFault = ({ raw }: FastifyRequest): ChatError | undefined => {
		// Names and values in turn.
		if (raw.rawHeaders.length > 2 * limits.http_header_fields) {
			refused.fields();
			return new ChatError('bad-request', `more than ${limits.http_header_fields} header fields`);
		}
		const client = clientOf(raw, trusted);
		if (client === undefined) return hostFault(raw);
		const waitMs = rates.take(client, performance.now());
		if (waitMs === 0) return hostFault(raw);
		refused.rate();
		if (raw.headers['x-forwarded-for'] !== undefined && !trusted(raw.socket.remoteAddress ?? '')) warnOfProxy(client);
		return tooMany('too-many-requests', waitMs);
	};
	const onRequest: RequestHook = (request, reply, done) => {
		const tooManyConnections = connectionFault(request.raw.socket);
		if (tooManyConnections !== undefined) reply.header('connection', 'close');
		done(tooManyConnections ?? requestFault(request));
	};
	return { onRequest, onSend };
};

/** The header that tells when to come back, in whole seconds; none when the error does not know. */
export const retryAfter = ({ retryAfterMs }: ChatError): Record<string, string> =>
	retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) };
