import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationKey } from 'tschat/client';
import { useStore } from 'zustand';
import { titleOf, unreadOf } from '../chat/lines.ts';
import { useOpenConversation } from '../chat/open-conversation.ts';
import { useChat } from '../chat/use-chat.ts';
import { Avatar } from '../ui/avatar.tsx';
import type { RowProps } from '../ui/row-list.tsx';
import { useToday } from '../ui/use-today.ts';
import styles from './conversation-row.module.css';
import { PreviewText } from './preview-text.tsx';
import { rowTime } from './row-time.ts';
import { UnreadBadge } from './unread-badge.tsx';

/** One conversation of the list: a link to it, since what is open stands in the address. */
export const ConversationRow = memo(({ id: conv, tabIndex }: RowProps<ConversationKey>) => {
	const { t, i18n } = useTranslation();
	const { inbox, online } = useChat();
	const line = useStore(inbox.store, ({ lines }) => lines.get(conv));
	const connected = useStore(online.store, (users) => line?.peer != null && users.has(line.peer.id));
	const open = useOpenConversation((state) => state.conv === conv);
	const today = useToday();
	if (line === undefined) return null;
	const title = titleOf(line);
	return (
		<a
			className={styles.row}
			href={`#${conv}`}
			tabIndex={tabIndex}
			aria-current={open ? 'page' : undefined}
			data-testid="conversation"
			data-conv={conv}
		>
			<Avatar name={title} online={connected} />
			<span className={styles.title}>{title}</span>
			{connected && <span className="hidden-text">{t('inbox.connected')}</span>}
			{line.last !== null && (
				<time className={styles.time} dateTime={line.last.at}>
					{rowTime(Date.parse(line.last.at), today, i18n.language)}
				</time>
			)}
			<PreviewText line={line} open={open} />
			<UnreadBadge count={unreadOf(line)} />
		</a>
	);
});
