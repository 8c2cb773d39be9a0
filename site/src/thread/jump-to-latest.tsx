import { useTranslation } from 'react-i18next';
import type { ConversationKey } from 'tschat/client';
import { useStore } from 'zustand';
import { unreadOf } from '../chat/lines.ts';
import { useChat } from '../chat/use-chat.ts';
import { ArrowDownIcon, ArrowUpIcon } from '../ui/icons.tsx';
import styles from './jump-to-latest.module.css';

/** Leads back to the end, and tells how much has come there. */
export const JumpToLatest = ({ conv, onJump }: { readonly conv: ConversationKey; readonly onJump: () => void }) => {
	const { t } = useTranslation();
	const { inbox } = useChat();
	const unread = useStore(inbox.store, ({ lines }) => {
		const line = lines.get(conv);
		return line === undefined ? 0 : unreadOf(line);
	});
	return (
		<div className={styles.place}>
			<button type="button" className={`button ${styles.jump}`} data-testid="jump" onClick={onJump}>
				<ArrowDownIcon />
				{unread > 0 ? t('thread.unreadBelow', { count: unread }) : t('thread.jump')}
			</button>
		</div>
	);
};

/** Leads back to the first message that came while nobody looked. */
export const JumpToNew = ({ onJump }: { readonly onJump: () => void }) => {
	const { t } = useTranslation();
	return (
		<div className={styles.place}>
			<button type="button" className={`button ${styles.up}`} data-testid="jump-to-new" onClick={onJump}>
				<ArrowUpIcon />
				{t('thread.newAbove')}
			</button>
		</div>
	);
};
