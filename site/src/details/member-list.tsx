import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { useChat } from '../chat/use-chat.ts';
import { RowList } from '../ui/row-list.tsx';
import styles from './member-list.module.css';
import { MemberRow } from './member-row.tsx';

/** Who is in the open room now. */
export const MemberList = () => {
	const { t } = useTranslation();
	const { members } = useChat();
	const count = useStore(members.store, (state) => state.count);
	const ids = useStore(
		members.store,
		useShallow(({ items }) => items?.map(({ id }) => id)),
	);
	return (
		<div className={styles.members}>
			<h3 className={styles.heading}>
				{t('details.hereNow')}{' '}
				{count !== null && (
					<span className={styles.count} data-testid="member-count">
						{count}
					</span>
				)}
			</h3>
			{ids !== undefined && <RowList ids={ids} label={t('details.members')} Row={MemberRow} />}
			{ids === undefined && <p className={styles.note}>{t(count === null ? 'app.loading' : 'details.tooMany')}</p>}
		</div>
	);
};
