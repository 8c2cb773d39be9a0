import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { ChatError } from '../protocol/errors.ts';

/**
 * Reads every body as JSON, whatever the content type says and also when there is none, as gochat does.
 * Bodies that would poison prototypes are refused. No body is `undefined`, and left to the schema.
 */
export const acceptAnyBodyAsJson = (app: FastifyInstance): void => {
	const parse = app.getDefaultJsonParser('error', 'error');
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
		if (body.length === 0) done(null, undefined);
		else if (isUtf8(body)) parse(request, body.toString(), done);
		else done(new ChatError('bad-request', 'the body is not UTF-8'), undefined);
	});
	// Fastify refuses a malformed content type before it looks for a parser; without the header there is nothing to refuse.
	app.addHook('onRequest', (request, _reply, done) => {
		delete request.raw.headers['content-type'];
		done();
	});
};
