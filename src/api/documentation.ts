import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, type onSendHookHandler } from 'fastify';
import { ChatError } from '../protocol/errors.ts';
import { connectionHeaders } from '../runtime/http-drain.ts';
import { requestError } from './request-error.ts';
import { answerV2Failure } from './v2/failures.ts';
import { tags } from './v2/route.ts';

const description = `Accounts, messages and rooms over HTTP.

**v2** uses HTTP's own methods and status codes. A token from \`POST /v2/users\` or \`POST /v2/sessions\` goes into the header
\`Authorization: Bearer <token>\`. Ids are strings, times RFC 3339 in UTC, and conversations are \`room:<id>\` or
\`dm:<lower user id>:<higher>\`. A refused request is answered with \`{"error": {"key", "message", "retryable"}}\`:
match on \`key\`, and try again only if it is \`retryable\`.

**v1** is gochat's: every route is a POST that answers status 200 with \`{code, message, data}\`:
\`0\` success, \`1\` failure, \`40000\` session error.

Messages arrive over the sockets that \`GET /v2/endpoints\` names.`;

const pagePolicy =
	"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"connect-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

/** A server that has the same routes, to describe them, and the pages. It never listens. */
type AddRoutes = (app: FastifyInstance) => void;

const createDocumentation = async (addRoutes: AddRoutes, onSend: onSendHookHandler): Promise<FastifyInstance> => {
	const [swagger, swaggerUi] = await Promise.all([import('@fastify/swagger'), import('@fastify/swagger-ui')]);
	const pages = fastify();
	pages.addHook('onSend', onSend);
	pages.setErrorHandler((thrown, _request, reply) =>
		answerV2Failure(requestError(thrown, pages.initialConfig.bodyLimit ?? 0), reply),
	);
	pages.setNotFoundHandler((_request, reply) => answerV2Failure(new ChatError('not-found'), reply));
	pages.setValidatorCompiler(() => () => true);
	pages.setSerializerCompiler(() => (data) => JSON.stringify(data));
	await pages.register(swagger.default, {
		openapi: {
			openapi: '3.1.0',
			info: { title: 'tschat', description, version: '1' },
			tags: [
				...Object.entries(tags).map(([name, description]) => ({ name, description })),
				{ name: 'users (v1)', description: 'Accounts and sessions' },
				{ name: 'messages (v1)', description: 'Rooms and direct messages' },
			],
			components: {
				securitySchemes: {
					session: {
						type: 'http',
						scheme: 'bearer',
						description: 'The `token` of a session: POST /v2/users or POST /v2/sessions gives one',
					},
				},
			},
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
 * Made when it is first asked for: its libraries would add a tenth of a second to every start. `onSend` bounds what is not read of it.
 */
export const addDocumentation = (app: FastifyInstance, addRoutes: AddRoutes, onSend: onSendHookHandler): void => {
	let made: Promise<FastifyInstance> | undefined;
	const handler = async (request: FastifyRequest, reply: FastifyReply) => {
		made ??= createDocumentation(addRoutes, onSend);
		const pages = await made;
		// The other server writes the answer: it would not know of headers that are set already.
		const headers = { ...reply.getHeaders(), ...connectionHeaders(app, reply.raw) };
		for (const [name, value] of Object.entries(headers)) if (value !== undefined) reply.raw.setHeader(name, value);
		reply.hijack();
		pages.routing(request.raw, reply.raw);
	};
	app.get('/docs', handler);
	app.get('/docs/*', handler);
};
