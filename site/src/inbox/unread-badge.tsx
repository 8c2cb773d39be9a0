import { useTranslation } from 'react-i18next';
import styles from './conversation-row.module.css';

/** The highest number that has room. */
const most = 999;

/** How many messages of a conversation are unread. */
export const UnreadBadge = ({ count }: { readonly count: number }) => {
	const { t } = useTranslation();
	if (count === 0) return null;
	return (
		<>
			<span className={styles.badge} data-testid="unread" aria-hidden="true">
				{count > most ? `${most}+` : count}
			</span>
			<span className="hidden-text">{t('inbox.unread', { count })}</span>
		</>
	);
};
