import { useDeferredValue, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useOpenConversation } from '../chat/open-conversation.ts';
import { useChat } from '../chat/use-chat.ts';
import { RowList } from '../ui/row-list.tsx';
import { ConversationRow } from './conversation-row.tsx';
import styles from './inbox-pane.module.css';
import { orderFor } from './order.ts';

interface Props {
	/** What they are searched for; empty: all of them. */
	readonly search: string;
	readonly onNewChat: () => void;
}

/** The conversations, the newest activity first. */
export const ConversationList = ({ search, onNewChat }: Props) => {
	const { t } = useTranslation();
	const { inbox } = useChat();
	const wanted = useDeferredValue(search);
	const ids = useStore(
		inbox.store,
		useMemo(() => orderFor(wanted), [wanted]),
	);
	const none = useStore(inbox.store, ({ lines }) => lines.size === 0);
	const loaded = useStore(inbox.store, (state) => state.loaded);
	const open = useOpenConversation((state) => state.conv);
	const searches = wanted.trim() !== '';
	return (
		<>
			<p role="status" className={searches && ids.length === 0 ? styles.notice : 'hidden-text'}>
				{searches && t('inbox.found', { count: ids.length })}
			</p>
			{none && !loaded && <p className={styles.notice}>{t('app.loading')}</p>}
			{none && loaded && (
				<div className={styles.notice}>
					<p>{t('inbox.empty')}</p>
					<button type="button" className="button primary" onClick={onNewChat}>
						{t('inbox.begin')}
					</button>
				</div>
			)}
			{ids.length > 0 && <RowList ids={ids} start={open} Row={ConversationRow} />}
		</>
	);
};
