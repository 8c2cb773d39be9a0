import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RpcClient } from '../../ports/rpc.ts';
import { ChatError, errorKinds } from '../../protocol/errors.ts';
import { ErrorV2, HistoryPage, HistoryParams, HistoryQuery, type MessageV2 } from '../../protocol/http-v2.ts';
import type { Message } from '../../protocol/message.ts';

const maxTokenLength = 256;
const defaultHistoryPage = 50;

const bearerToken = ({ headers }: FastifyRequest): string => {
	const [, token] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
	if (token === undefined || token.length > maxTokenLength) throw new ChatError('unauthorized');
	return token;
};

const toMessageV2 = ({ conv, seq, id, from, kind, body, at }: Message): MessageV2 => ({
	conv,
	seq,
	id,
	from: { id: String(from.id), name: from.name },
	kind,
	body,
	at: new Date(at).toISOString(),
});

/** The routes of protocol v2, on the instance that is given. */
export const addV2Routes = (app: FastifyInstance, rpc: RpcClient): void => {
	app.get<{ Params: HistoryParams; Querystring: HistoryQuery; Reply: HistoryPage }>(
		'/v2/conversations/:conv/messages',
		{
			schema: {
				tags: ['conversations (v2)'],
				summary: 'Read a page of a conversation',
				description: 'Oldest first. `before` and `after` exclude their own `seq`; with neither, the newest page.',
				security: [{ session: [] }],
				params: HistoryParams,
				querystring: HistoryQuery,
				response: { 200: HistoryPage, 400: ErrorV2, 401: ErrorV2, 404: ErrorV2, 503: ErrorV2 },
			},
		},
		async (request) => {
			const token = bearerToken(request);
			const { limit = defaultHistoryPage, ...bounds } = request.query;
			const { items, more } = await rpc.call('logic.history', { token, limit, ...bounds, ...request.params });
			return { items: items.map(toMessageV2), more };
		},
	);
};

/** Answers a failed request with the registry's status; `error` is what may be told. */
export const answerV2Failure = (error: ChatError, reply: FastifyReply): FastifyReply => {
	const { key, message, retryable } = error;
	if (key === 'unauthorized') reply.header('www-authenticate', 'Bearer');
	return reply.code(errorKinds[key].httpStatus).send({ error: { key, message, retryable } } satisfies ErrorV2);
};
