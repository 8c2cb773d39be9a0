import type { FastifyReply } from 'fastify';
import type { TSchema } from 'typebox';
import { type ChatError, type ErrorKey, errorKinds } from '../../protocol/errors.ts';
import { ErrorV2 } from '../../protocol/http-v2/error.ts';
import { toTime } from '../../protocol/v2/values.ts';
import { retryAfter } from '../../runtime/http/http-limits.ts';

const challenge = 'Bearer';

/** Answers a failed request with the registry's status; `error` is what may be told. */
export const answerV2Failure = (error: ChatError, reply: FastifyReply): FastifyReply => {
	const { key, message, retryable, retryAfterMs, until } = error;
	const { httpStatus } = errorKinds[key];
	const told = {
		key,
		message,
		retryable,
		...(retryAfterMs !== undefined && { retryAfter: Math.ceil(retryAfterMs) }),
		...(until !== undefined && { until: toTime(until) }),
	};
	// HTTP wants it on every 401, also where it is the password that was wrong.
	if (httpStatus === 401) reply.header('www-authenticate', challenge);
	return reply
		.code(httpStatus)
		.headers(retryAfter(error))
		.send({ error: told } satisfies ErrorV2);
};

const retryAfterHeader = { type: 'integer', description: 'Seconds, where the server knows' };

const example = (key: ErrorKey) => {
	const { message, retryable } = errorKinds[key];
	return { summary: message, value: { error: { key, message, retryable } } satisfies ErrorV2 };
};

/** How the documentation describes these errors: a response for each status, with an example for each key. */
export const failureResponses = (keys: readonly ErrorKey[]): Record<string, TSchema> => {
	const responses: Record<string, TSchema> = {};
	for (const status of new Set(keys.map((key) => errorKinds[key].httpStatus))) {
		const same = keys.filter((key) => errorKinds[key].httpStatus === status);
		responses[status] = {
			...ErrorV2,
			description: same.map((key) => `\`${key}\``).join(', '),
			'x-examples': Object.fromEntries(same.map((key) => [key, example(key)])),
			...(status === 401 && { headers: { 'www-authenticate': { type: 'string', const: challenge } } }),
			...((status === 429 || status === 503) && { headers: { 'retry-after': retryAfterHeader } }),
		};
	}
	return responses;
};
