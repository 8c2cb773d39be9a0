import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { ChatModel } from '../chat/chat-model.ts';
import { Inbox } from '../chat/inbox.ts';
import { showUnread } from '../notify/title-badge.ts';
import { usePreferences } from '../preferences/preferences.ts';

/** Shows in the tab's title how much is unread, if the person wants it. */
export const useTitleBadge = ({ inbox }: ChatModel): void => {
	const wanted = usePreferences((preferences) => preferences.titleBadge);
	const unread = useStore(inbox.store, Inbox.unread);
	const shown = wanted ? unread : 0;
	useEffect(() => showUnread(shown), [shown]);
	useEffect(() => () => showUnread(0), []);
};
