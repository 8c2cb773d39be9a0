import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { isRoom } from '../chat/keys.ts';
import { type Line, titleOf } from '../chat/lines.ts';
import { useChat } from '../chat/use-chat.ts';
import { BackIcon, DetailsIcon } from '../ui/icons.tsx';
import styles from './thread-header.module.css';

interface Props {
	readonly line: Line;
	readonly detailsOpen: boolean;
	readonly onBack: () => void;
	readonly onDetails: () => void;
}

/** What the conversation is called, and who is there. */
export const ThreadHeader = ({ line, detailsOpen, onBack, onDetails }: Props) => {
	const { t } = useTranslation();
	const { members, online } = useChat();
	const count = useStore(members.store, (state) => state.count);
	const present = useStore(online.store, (users) => line.peer !== null && users.has(line.peer.id));
	const room = isRoom(line.conv);
	return (
		<header className={styles.header}>
			<button type="button" className={`button icon ${styles.back}`} aria-label={t('app.back')} onClick={onBack}>
				<BackIcon />
			</button>
			<div className={styles.titles}>
				<h2 className={styles.title}>{titleOf(line)}</h2>
				<p className={styles.subtitle}>
					{room ? count !== null && t('app.here', { count }) : t(present ? 'app.connected' : 'app.notConnected')}
				</p>
			</div>
			<button
				type="button"
				className="button icon"
				aria-label={t('app.details')}
				aria-pressed={detailsOpen}
				onClick={onDetails}
			>
				<DetailsIcon />
			</button>
		</header>
	);
};
