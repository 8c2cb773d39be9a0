import { ChatError, toChatError } from '../protocol/errors.ts';

const codeOf = (error: object): string => ('code' in error ? String(error.code) : '');
/** Whether a body was larger than allowed. */
export const isTooLarge = (thrown: unknown): boolean =>
	thrown instanceof Error && codeOf(thrown) === 'FST_ERR_CTP_BODY_TOO_LARGE';
const isClientFault = (error: object): boolean =>
	'statusCode' in error && typeof error.statusCode === 'number' && error.statusCode < 500;

/**
 * What the caller may be told of an error of a handler or of Fastify itself. Fastify's own messages are replaced,
 * since they may name internals.
 */
export const requestError = (thrown: unknown, maxBodyBytes: number): ChatError => {
	if (thrown instanceof ChatError || !(thrown instanceof Error)) return toChatError(thrown);
	const options = { cause: thrown };
	if (isTooLarge(thrown)) {
		return new ChatError('bad-request', `the body is larger than ${maxBodyBytes} bytes`, options);
	}
	if (codeOf(thrown) === 'FST_ERR_CTP_INVALID_JSON_BODY' || thrown instanceof SyntaxError) {
		return new ChatError('bad-request', 'the body is not valid JSON', options);
	}
	return isClientFault(thrown) ? new ChatError('bad-request', undefined, options) : toChatError(thrown);
};
