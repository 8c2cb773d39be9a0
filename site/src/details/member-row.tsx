import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { openConversation } from '../chat/open-conversation.ts';
import { useChat } from '../chat/use-chat.ts';
import { Avatar } from '../ui/avatar.tsx';
import type { RowProps } from '../ui/row-list.tsx';
import styles from './member-list.module.css';

/** One who is here: a click writes to that person. Oneself is there too, and does nothing. */
export const MemberRow = memo(({ id, tabIndex }: RowProps<string>) => {
	const { t } = useTranslation();
	const { members, inbox, me } = useChat();
	const name = useStore(members.store, ({ items }) => items?.find((user) => user.id === id)?.name) ?? '';
	const own = id === me.id;
	return (
		<button
			type="button"
			className={styles.row}
			tabIndex={tabIndex}
			// Not `disabled`, so that the arrow keys lead over it.
			aria-disabled={own}
			aria-label={own ? t('details.oneself', { name }) : t('details.writeTo', { name })}
			data-testid="member"
			onClick={() => own || openConversation(inbox.direct({ id, name }))}
		>
			<Avatar name={name} />
			<span className={styles.name}>{own ? t('details.oneself', { name }) : name}</span>
		</button>
	);
});
