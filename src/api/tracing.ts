import type { FastifyInstance } from 'fastify';
import { type RequestSpan, startRequestSpan } from '../runtime/tracing/spans.ts';

interface TracingOptions {
	/** Whether a client's own `traceparent` is taken on. */
	readonly continueClients: boolean;
}

/** Begins a trace with each request. Names hold the route's pattern, never an address: there may be names of users in it. */
export const traceRequests = (app: FastifyInstance, { continueClients }: TracingOptions): void => {
	const spans = new WeakMap<object, RequestSpan>();
	app.addHook('onRequest', (request, _reply, done) => {
		const { method, routeOptions } = request;
		const { traceparent } = request.headers as { readonly traceparent?: string };
		const route = routeOptions.url ?? '';
		const attributes = { 'http.request.method': method, 'http.route': route };
		const span = startRequestSpan(`${method} ${route}`, attributes, continueClients ? traceparent : undefined);
		spans.set(request, span);
		span.within(done);
	});
	// Reading the body leaves the context.
	app.addHook('preValidation', (request, _reply, done) => {
		const span = spans.get(request);
		if (span === undefined) done();
		else span.within(done);
	});
	app.addHook('onResponse', (request, reply, done) => {
		spans.get(request)?.end({ 'http.response.status_code': reply.statusCode });
		done();
	});
};
