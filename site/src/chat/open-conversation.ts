import type { ConversationKey } from 'tschat/client';
import { create } from 'zustand';
import { parseKey } from './keys.ts';

// Of a key only the colons may have been escaped; what cannot be decoded is none.
const inAddress = (): ConversationKey | null => parseKey(location.hash.slice(1).replaceAll(/%3a/gi, ':')) ?? null;

/** Which conversation is open: it stands in the address, so that a reload, a link and the back button lead to it. */
export const useOpenConversation = create<{ readonly conv: ConversationKey | null }>(() => ({ conv: inAddress() }));

addEventListener('hashchange', () => useOpenConversation.setState({ conv: inAddress() }));

/** Opens a conversation; null shows the list. At once: the address is heard of only later. */
export const openConversation = (conv: ConversationKey | null): void => {
	location.hash = conv ?? '';
	useOpenConversation.setState({ conv });
};
