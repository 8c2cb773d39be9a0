import { ChatError } from '../protocol/errors.ts';
import type { ConversationKey } from '../protocol/logs.ts';
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

/** Where a client goes on that has what comes up to its cursor: told to start again from the head when more than `most` is missing. */
export const resumePoint = (
	channel: Channel,
	conv: ConversationKey | 'inbox',
	{ cursor, head, most }: { readonly cursor: number; readonly head: number; readonly most: number },
): number => {
	if (cursor <= head && head - cursor <= most) return cursor;
	channel.answer({ type: 'reset', conv, head });
	return head;
};
