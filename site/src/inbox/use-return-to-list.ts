import { type RefObject, useEffect, useRef } from 'react';
import { useOpenConversation } from '../chat/open-conversation.ts';

/**
 * Gives the focus to the list when a conversation is closed, by the way back or by leaving it, and what had the focus went with
 * it: otherwise whoever uses the keyboard would begin at the top of the page.
 */
export const useReturnToList = (pane: RefObject<HTMLElement | null>): void => {
	const open = useOpenConversation((state) => state.conv);
	const before = useRef(open);
	useEffect(() => {
		const closed = before.current !== null && open === null;
		before.current = open;
		if (closed && document.activeElement === document.body)
			pane.current?.querySelector<HTMLElement>('a[tabindex="0"]')?.focus();
	}, [open, pane]);
};
