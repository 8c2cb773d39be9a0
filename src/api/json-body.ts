import type { FastifyInstance } from 'fastify';

/**
 * Reads every body as JSON, whatever the content type says and also when there is none, as gochat does.
 * Bodies that would poison prototypes are refused. No body is `undefined`, and left to the schema.
 */
export const acceptAnyBodyAsJson = (app: FastifyInstance): void => {
	const parse = app.getDefaultJsonParser('error', 'error');
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('*', { parseAs: 'string' }, (request, body: string, done) => {
		if (body === '') done(null, undefined);
		else parse(request, body, done);
	});
	// Fastify refuses a malformed content type before it looks for a parser; without the header there is nothing to refuse.
	app.addHook('onRequest', (request, _reply, done) => {
		delete request.raw.headers['content-type'];
		done();
	});
};
