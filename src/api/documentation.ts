import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';

const description = `Accounts, messages and rooms over HTTP.

**v1** is gochat's: every route is a POST that answers status 200 with \`{code, message, data}\`:
\`0\` success, \`1\` failure, \`40000\` session error. **v2** uses HTTP's own status codes and bearer tokens.
Messages arrive over the WebSocket of \`connect-ws\`.`;

const pagePolicy =
	"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"connect-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

/** A server that has the same routes, to describe them, and the pages. It never listens. */
const createDocumentation = async (addRoutes: (app: FastifyInstance) => void): Promise<FastifyInstance> => {
	const [swagger, swaggerUi] = await Promise.all([import('@fastify/swagger'), import('@fastify/swagger-ui')]);
	const pages = fastify();
	pages.setValidatorCompiler(() => () => true);
	pages.setSerializerCompiler(() => (data) => JSON.stringify(data));
	await pages.register(swagger.default, {
		openapi: {
			openapi: '3.1.0',
			info: { title: 'tschat', description, version: '1' },
			tags: [
				{ name: 'users (v1)', description: 'Accounts and sessions' },
				{ name: 'messages (v1)', description: 'Rooms and direct messages' },
				{ name: 'conversations (v2)', description: 'History' },
			],
			components: { securitySchemes: { session: { type: 'http', scheme: 'bearer' } } },
		},
	});
	await pages.register(swaggerUi.default, {
		routePrefix: '/docs',
		staticCSP: pagePolicy,
		theme: { title: 'tschat API' },
		// Without the bar that offers to load other descriptions.
		uiConfig: { layout: 'BaseLayout' },
	});
	addRoutes(pages);
	await pages.ready();
	return pages;
};

/**
 * The OpenAPI description of the routes at /docs/json, and a page to try them at /docs.
 * Made when it is first asked for: its libraries would add a tenth of a second to every start.
 */
export const addDocumentation = (app: FastifyInstance, addRoutes: (app: FastifyInstance) => void): void => {
	let made: Promise<FastifyInstance> | undefined;
	const handler = async (request: FastifyRequest, reply: FastifyReply) => {
		made ??= createDocumentation(addRoutes);
		const pages = await made;
		reply.hijack();
		pages.routing(request.raw, reply.raw);
	};
	app.get('/docs', handler);
	app.get('/docs/*', handler);
};
