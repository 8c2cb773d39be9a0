import type { ConversationKey } from 'tschat/client';
import { create } from 'zustand';
import { parseKey } from './keys.ts';

const inAddress = (): ConversationKey | null => parseKey(decodeURIComponent(location.hash.slice(1))) ?? null;

/** Which conversation is open: it stands in the address, so that a reload, a link and the back button lead to it. */
export const useOpenConversation = create<{ readonly conv: ConversationKey | null }>(() => ({ conv: inAddress() }));

addEventListener('hashchange', () => useOpenConversation.setState({ conv: inAddress() }));

/** Opens a conversation; null shows the list. At once: the address is heard of only later. */
export const openConversation = (conv: ConversationKey | null): void => {
	location.hash = conv ?? '';
	useOpenConversation.setState({ conv });
};
