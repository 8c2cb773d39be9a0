import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type, { type TSchema } from 'typebox';
import type { RpcClient } from '../../ports/rpc.ts';
import { ChatError, type ErrorKey, toChatError } from '../../protocol/errors.ts';
import { unknownRouteMessage, type V1Path, v1Codes, v1Routes } from '../../protocol/http-v1.ts';
import { Token } from '../../protocol/limits.ts';
import { compile } from '../../protocol/validate.ts';
import { retryAfter } from '../../runtime/http/http-limits.ts';
import { type Counted, countedFor } from '../counted.ts';
import { createV1Handlers } from './handlers.ts';

const { success, failure, sessionError } = v1Codes;

const answerSchema = (data: TSchema, message: string) =>
	Type.Object({
		code: Type.Integer({ description: '0 success, 1 failure, 40000 session error', examples: [success] }),
		message: Type.String({ examples: [message] }),
		data: Type.IsNull(data) ? data : Type.Union([data, Type.Null()], { description: 'null on failure' }),
	});

interface Services {
	readonly rpc: RpcClient;
	/** Whom limits count a request for; undefined when nobody knows. */
	clientOf(request: FastifyRequest): string | undefined;
}

/** gochat's routes, on the instance that is given. */
export const addV1Routes = (app: FastifyInstance, { rpc, clientOf }: Services): void => {
	const handlers = createV1Handlers(rpc);
	for (const [path, route] of Object.entries(v1Routes)) {
		// The body has passed this route's own schema when the handler gets it.
		const handle = handlers[path as V1Path] as (body: unknown, counted: Counted) => Promise<unknown>;
		const { message } = route;
		app.post(path, {
			schema: {
				tags: [path.startsWith('/user/') ? 'users (v1)' : 'messages (v1)'],
				summary: route.summary,
				body: route.body,
				response: { 200: answerSchema(route.data, message) },
			},
			handler: async (request) => {
				const data = await handle(request.body, countedFor(clientOf(request)));
				return { code: success, message, data };
			},
		});
	}
};

const readToken = compile(Type.Object({ authToken: Token }));

/** gochat checks the session before the other fields, so a faulty body with a bad token is a session error. */
const sessionFault = async (body: unknown, rpc: RpcClient): Promise<ChatError | undefined> => {
	try {
		await rpc.call('logic.checkAuth', { token: readToken(body).authToken });
		return undefined;
	} catch (error) {
		const { key } = toChatError(error);
		return new ChatError(key === 'bad-request' ? 'unauthorized' : key);
	}
};

const isSessionRoute = (path: string): boolean => Object.hasOwn(v1Routes, path) && v1Routes[path as V1Path].session;

/** What gochat says, and its clients may compare. */
const gochatMessages: { readonly [key in ErrorKey]?: string } = {
	unauthorized: 'Session error',
	'wrong-credentials': 'no this user or password error!',
};

/** Answers a failed request as gochat does; `error` is what may be told. */
export const answerV1Failure = async (
	error: ChatError,
	{ request, reply, rpc }: { request: FastifyRequest; reply: FastifyReply; rpc: RpcClient },
): Promise<FastifyReply> => {
	const faultyBody = 'validationContext' in error && isSessionRoute(request.routeOptions.url ?? '');
	const told = (faultyBody && (await sessionFault(request.body, rpc))) || error;
	const code = told.key === 'unauthorized' ? sessionError : failure;
	const message = gochatMessages[told.key] ?? told.message;
	return reply.code(200).headers(retryAfter(told)).send({ code, message, data: null });
};

/** Answers a route or method that gochat does not have. */
export const answerV1UnknownRoute = (_request: FastifyRequest, reply: FastifyReply): FastifyReply =>
	reply.code(200).send({ code: failure, message: unknownRouteMessage, data: null });
