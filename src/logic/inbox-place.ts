import type { InboxPlace } from '../ports/chat-store.ts';
import { ChatError } from '../protocol/errors.ts';
import { type ConversationKey, conversationPattern } from '../protocol/logs.ts';

const time = /^(0|[1-9][0-9]{0,15})$/;
const conversation = new RegExp(conversationPattern);

const isConversation = (text: string): text is ConversationKey => conversation.test(text);

/** A place in the inbox as clients carry it from page to page: opaque to them. */
export const writePlace = ({ activeAt, conv }: InboxPlace): string => `${activeAt}.${conv}`;

/** The place that `writePlace` wrote. Throws `bad-request` for any other text. */
export const parsePlace = (text: string): InboxPlace => {
	const [at = '', conv = '', ...rest] = text.split('.');
	const activeAt = Number(at);
	if (rest.length > 0 || !time.test(at) || !Number.isSafeInteger(activeAt) || !isConversation(conv))
		throw new ChatError('bad-request', 'after: not a place of the inbox');
	return { activeAt, conv };
};
