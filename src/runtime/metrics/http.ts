import type { FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.ts';

/** Others count as one: anybody can make up methods. */
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Counts the requests of an HTTP server by the pattern of their route, which holds nothing of what was asked. */
export const countRequests = (app: FastifyInstance, metrics: Metrics): void => {
	const observers = new Map<string, (seconds: number) => void>();
	app.addHook('onResponse', (request, reply, done) => {
		const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
		const method = methods.has(request.method) ? request.method : 'other';
		const status = String(reply.statusCode);
		const key = `${method} ${status} ${route}`;
		let observe = observers.get(key);
		if (observe === undefined) {
			observe = metrics.histogram('tschat_http_request_duration_seconds', { route, method, status });
			observers.set(key, observe);
		}
		observe(reply.elapsedTime / 1000);
		done();
	});
};
