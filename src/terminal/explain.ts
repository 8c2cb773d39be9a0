import { TschatError } from '../client/index.ts';
import { failureReason } from '../runtime/failure-reason.ts';
import { endWords } from './format.ts';
import type { ChatOptions } from './options.ts';

/** What Node.js says of a certificate that nobody signed whom it trusts. */
const untrusted: ReadonlySet<string> = new Set([
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_GET_ISSUER_CERT',
	'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** The first error that has a code of Node.js, in the causes of one. */
const codedCause = (error: unknown): NodeJS.ErrnoException | undefined => {
	if (!(error instanceof Error)) return undefined;
	if ('code' in error && !(error instanceof TschatError)) return error as NodeJS.ErrnoException;
	return codedCause(error.cause);
};

const explainUnreachable = (error: unknown, url: string): string => {
	const cause = codedCause(error);
	const code = String(cause?.code ?? '');
	if (untrusted.has(code))
		return `the certificate of ${url} is not trusted (${code}): name a file with the one that signed it in NODE_EXTRA_CA_CERTS`;
	if (/^(CERT_|ERR_TLS_CERT_)/.test(code))
		return `the certificate of ${url} is not valid (${failureReason(cause)}): it has to be renewed there, or name another with --url`;
	return `no tschat answers at ${url}: start it, or name another with --url`;
};

/** Why a chat could not begin or go on, in one line that names the remedy. */
export const explain = (error: unknown, { url, user, state }: Pick<ChatOptions, 'url' | 'user' | 'state'>): string => {
	switch (error instanceof TschatError ? error.code : undefined) {
		case 'unreachable':
			return explainUnreachable(error, url);
		case 'banned':
			return `${failureReason(error)}${endWords((error as TschatError).until, new Date())}`;
		case 'wrong-credentials':
			return `wrong name or password for ${user}: set TSCHAT_PASSWORD, or make the user with --register`;
		case 'name-taken':
			return `there is a user ${user} already: sign in without --register, or choose another name`;
		case 'wrong-user':
			return `${state} is of another user: name another file with --state`;
		case 'stopped':
		case 'unauthorized':
			return `signed out by the server (${failureReason(error)}): start again to sign in`;
		default:
			return failureReason(error);
	}
};
