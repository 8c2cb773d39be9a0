import { useTranslation } from 'react-i18next';
import type { ConversationKey } from 'tschat/client';
import { isRoom } from '../chat/keys.ts';
import { CloseIcon } from '../ui/icons.tsx';
import { CopyLink } from './copy-link.tsx';
import styles from './details-pane.module.css';
import { LeaveRoom } from './leave-room.tsx';
import { MemberList } from './member-list.tsx';
import { WhatItIs } from './what-it-is.tsx';

interface Props {
	readonly conv: ConversationKey;
	readonly onClose: () => void;
}

/** The right pane: what the conversation is, and who is there. */
export const DetailsPane = ({ conv, onClose }: Props) => {
	const { t } = useTranslation();
	return (
		<aside className={styles.pane} aria-label={t('details.label')}>
			<div className={styles.head}>
				<h2 className={styles.heading}>{t('details.label')}</h2>
				<button type="button" className="button icon" aria-label={t('details.close')} onClick={onClose}>
					<CloseIcon />
				</button>
			</div>
			<WhatItIs conv={conv} />
			{isRoom(conv) ? <MemberList /> : <div className={styles.rest} />}
			<div className={styles.actions}>
				<CopyLink key={conv} conv={conv} />
				{isRoom(conv) && <LeaveRoom conv={conv} />}
			</div>
		</aside>
	);
};
