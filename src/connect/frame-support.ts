import { ChatError } from '../protocol/errors.ts';
import type { UserRef } from '../protocol/message.ts';
import type { Channel } from './channel.ts';

/** The user of a socket. Throws `unauthorized` before hello. */
export const requireUser = ({ identity }: Channel): UserRef => {
	if (identity === undefined) throw new ChatError('unauthorized', 'the first frame must be hello');
	return identity.user;
};

/** The request's own name, for its answer. */
export const withRef = ({ ref }: { readonly ref?: string | undefined }): { ref?: string } =>
	ref === undefined ? {} : { ref };
