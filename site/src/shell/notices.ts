import i18next from 'i18next';
import type { ConversationKey, Message } from 'tschat/client';
import type { ChatModel } from '../chat/chat-model.ts';
import { isRoom } from '../chat/keys.ts';
import { titleOf } from '../chat/lines.ts';
import { openConversation, useOpenConversation } from '../chat/open-conversation.ts';
import { notifyDesktop } from '../notify/desktop.ts';
import { usePreferences } from '../preferences/preferences.ts';

const isLookedAt = (conv: ConversationKey): boolean =>
	document.visibilityState === 'visible' && document.hasFocus() && useOpenConversation.getState().conv === conv;

/** Tells on the desktop of what has arrived and is not looked at: the newest of each conversation, if the person wants it. */
export const tellOf = (messages: readonly Message[], model: ChatModel): void => {
	if (!usePreferences.getState().notifications) return;
	const newest = new Map<ConversationKey, Message>();
	for (const message of messages) {
		if (!isLookedAt(message.conv)) newest.set(message.conv, message);
	}
	for (const [conv, { from, body }] of newest) {
		const line = model.inbox.line(conv);
		const title =
			isRoom(conv) && line !== undefined
				? i18next.t('app.noticeTitle', { name: from.name, title: titleOf(line) })
				: from.name;
		notifyDesktop({ title, body, tag: conv, onClick: () => openConversation(conv) });
	}
};
