import { Endpoints } from '../../protocol/http-v2/endpoints.ts';
import { route } from './route.ts';

export const endpointRoutes = [
	route({
		method: 'GET',
		path: '/v2/endpoints',
		tag: 'endpoints (v2)',
		summary: 'Where to connect',
		description: 'The connect servers that are alive, best first. Try them in this order.',
		open: true,
		status: 200,
		answer: Endpoints,
		errors: [],
		call: async ({ endpoints }, { arrival }) => ({ items: await endpoints(arrival) }),
	}),
];
