import { TschatError } from '../client/index.ts';
import { failureReason } from '../runtime/failure-reason.ts';
import type { ChatOptions } from './options.ts';

/** Why a chat could not begin or go on, in one line that names the remedy. */
export const explain = (error: unknown, { url, user, state }: Pick<ChatOptions, 'url' | 'user' | 'state'>): string => {
	switch (error instanceof TschatError ? error.code : undefined) {
		case 'unreachable':
			return `no tschat answers at ${url}: start it, or name another with --url`;
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
