import type { FastifyInstance, FastifyRequest } from 'fastify';
import { countedFor } from '../counted.ts';
import { accountRoutes } from './account-routes.ts';
import { conversationRoutes } from './conversation-routes.ts';
import { endpointRoutes } from './endpoint-routes.ts';
import { failureResponses } from './failures.ts';
import { roomRoutes } from './room-routes.ts';
import { bearerToken, type Route, type Services } from './route.ts';
import { sanctionRoutes } from './sanction-routes.ts';
import { statusRoutes } from './status-routes.ts';

const routes: readonly Route[] = [
	...accountRoutes,
	...roomRoutes,
	...conversationRoutes,
	...statusRoutes,
	...sanctionRoutes,
	...endpointRoutes,
];

const schemaOf = ({ tag, summary, description = '', open, params, query, body, status, answer, errors }: Route) => ({
	tags: [tag],
	summary,
	description,
	...(!open && { security: [{ session: [] }] }),
	...(params && { params }),
	...(query && { querystring: query }),
	...(body && { body }),
	response: {
		[status]: { ...answer, description: 'Success' },
		...failureResponses([
			...((params ?? query ?? body) ? (['bad-request'] as const) : []),
			...(open ? [] : (['unauthorized'] as const)),
			...errors,
			'too-many-requests',
			'internal',
			'unavailable',
			'overloaded',
			'timeout',
		]),
	},
});

/** Refuses a request without a token before its body is read. */
const requireToken = async (request: FastifyRequest): Promise<void> => {
	bearerToken(request);
};

/** The routes of protocol v2, on the instance that is given. */
export const addV2Routes = (app: FastifyInstance, services: Services): void => {
	for (const route of routes) {
		app.route({
			method: route.method,
			url: route.path,
			schema: schemaOf(route),
			...(!route.open && { onRequest: requireToken }),
			handler: async (request, reply) => {
				const { params, query, body, headers, host, protocol } = request;
				const answer = await route.call(services, {
					params,
					query,
					body,
					token: route.open ? '' : bearerToken(request),
					userAgent: headers['user-agent'] ?? '',
					arrival: { host, secure: protocol === 'https' },
					counted: countedFor(services.clientOf(request)),
				});
				// Tokens and private messages are for the one who asked, and endpoints change from second to second.
				return reply.code(route.status).header('cache-control', 'no-store').send(answer);
			},
		});
	}
};
